// in: dates of the Gregorian calendar, days since 1970-01-01
// out: each as the other; in 32 bits, which hold years of six digits: divisions of 64 bits are slow

const DAYS_PER_ERA: i32 = 146097; // 400 years

/** Whether the month has such a day. */
export function isDate(year: i32, month: u32, day: u32): bool {
  if (month - 1 > 11 || day - 1 > 30) return false;
  if (month == 2) return day <= (isLeap(year) ? 29 : <u32>28);
  return day <= 30 + ((month + (month >> 3)) & 1);
}

function isLeap(year: i32): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/** The largest era that begins at or before `value` of units of which an era has `size`. */
function eraOf(value: i32, size: i32): i32 {
  return (value >= 0 ? value : value - size + 1) / size;
}

/** Days since 1970-01-01. Counted in years that begin in March, so that the leap day is the last. */
export function daysOf(year: i32, month: u32, day: u32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = eraOf(y, 400);
  const yearOfEra = y - era * 400;
  const monthFromMarch = month > 2 ? month - 3 : month + 9;
  const dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - 719468;
}

let civil_month: u32 = 0;
let civil_day: u32 = 0;

export function civilMonth(): u32 {
  return civil_month;
}

export function civilDay(): u32 {
  return civil_day;
}

/** The year of a day; civilMonth() and civilDay() tell the rest. */
export function yearOf(days: i32): i32 {
  const d = days + 719468;
  const era = eraOf(d, DAYS_PER_ERA);
  const dayOfEra = d - era * DAYS_PER_ERA;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = <u32>(dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100));
  const monthFromMarch = (5 * dayOfYear + 2) / 153;
  civil_day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
  civil_month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return yearOfEra + era * 400 + (civil_month <= 2 ? 1 : 0);
}
