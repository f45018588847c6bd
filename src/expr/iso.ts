// in: ISO-8601 text, or ms
// out: ms since 1970, and back

import { toInstant, utc, type Zone } from './zone.ts';

const PATTERN = /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * `2025-01-31`, `2025-01-31T10:00`, `2025-01-31 10:00:00.123+01:00`, `…Z` → ms; what is finer than ms is cut off (towards the past).
 * Without an offset it is local time of `zone`. NaN for everything else, also for dates that do not exist.
 */
export function parseIso(text: string, zone: Zone): number {
  const quick = parseCommon(text);
  if (!Number.isNaN(quick)) return quick;
  const match = PATTERN.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const date = civil(Number(year), Number(month), Number(day));
  const time = clock(Number(hour), Number(minute), Number(second), fraction);
  if (offset === undefined) return Number.isNaN(date + time) ? Number.NaN : toInstant(date + time, zone);
  return date + time - offsetOf(offset);
}

/** `2025-01-31T10:00:00Z` and `2025-01-31T10:00:00.123Z` without a regular expression; NaN for all other forms. */
function parseCommon(text: string): number {
  const { length } = text;
  if ((length !== 20 && length !== 24) || text.charCodeAt(length - 1) !== 90 /* Z */ || text.charCodeAt(10) !== 84 /* T */) return Number.NaN;
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':' || (length === 24 && text[19] !== '.')) return Number.NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  // the 29th and later may not exist, and odd times of the day are left to the other way
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 28 && year >= 0 && hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  const ms = length === 24 ? digits(text, 20, 23) : 0;
  return (((daysOf(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + ms;
}

/** The number in [start, end); NaN if anything there is no digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Days from 1970-01-01 to a date of the Gregorian calendar (Howard Hinnant's days_from_civil). */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** Midnight of a date in ms as if in UTC; NaN if there is no such day. */
export function civil(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > 31) return Number.NaN;
  const ms = utc(year, month, day);
  return new Date(ms).getUTCDate() === day ? ms : Number.NaN;
}

/** A time of the day in ms. 24:00 is the end of the day; a leap second is the second before it. */
export function clock(hour: number, minute: number, second: number, fraction: string): number {
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  if (minute > 59 || second > 60 || hour > 24 || (hour === 24 && minute + second + ms > 0)) return Number.NaN;
  return ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000 + ms;
}

/** `Z`, `+01`, `+0100` or `+01:00` in ms. */
export function offsetOf(text: string): number {
  if (text === 'Z' || text === 'z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', '') || 0);
  return (text[0] === '-' ? -minutes : minutes) * 60_000;
}

/** A time as functions take it: ms as a number, or ISO-8601 text. NaN for everything else. */
export function toTime(value: unknown, zone: Zone): number {
  if (typeof value === 'number') return Math.abs(value) <= 8.64e15 ? value : Number.NaN;
  return typeof value === 'string' ? parseIso(value, zone) : Number.NaN;
}
