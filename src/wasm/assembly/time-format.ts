// in: ms since the epoch
// out: `"YYYY-MM-DDTHH:MM:SS.mmmZ"` in memory, as JSON.stringify of a Date writes it

import { Byte } from './json-bytes';
import { civilDay, civilMonth, yearOf } from './time-civil';

const DAY: i64 = 86400000;
const MAX_TIME: f64 = 8640000000000000;

/** Writes n digits of value, then c; returns the address behind them. */
// @ts-ignore: decorator
@inline
function put(value: u32, n: usize, c: i32, at: usize): usize {
  for (let p = at + n; p > at; value /= 10) store<u8>(--p, <u8>(Byte.zero + (value % 10)));
  store<u8>(at + n, <u8>c);
  return at + n + 1;
}

/** Years beyond four digits have a sign and six. */
function putYear(year: i32, at: usize): usize {
  if (year >= 0 && year <= 9999) return put(<u32>year, 4, Byte.minus, at);
  store<u8>(at, year < 0 ? Byte.minus : Byte.plus);
  return put(<u32>abs(year), 6, Byte.minus, at + 1);
}

let last_day: i32 = i32.MIN_VALUE;
let last_year: i32 = 0;
let last_month: u32 = 0;
let last_date: u32 = 0;

/** Writes the date; the one before is kept, since times next to each other mostly share it. */
function putDate(day: i32, at: usize): usize {
  if (day != last_day) {
    last_year = yearOf(day);
    last_month = civilMonth();
    last_date = civilDay();
    last_day = day;
  }
  at = putYear(last_year, at);
  at = put(last_month, 2, Byte.minus, at);
  return put(last_date, 2, 84, at);
}

/** Writes a time with its quotes at `at`, 29 bytes at most; returns the address behind it. A time that no Date holds is `null`. */
export function formatTime(ms: f64, at: usize): usize {
  if (!(abs(ms) <= MAX_TIME)) {
    store<u32>(at, 0x6c6c756e);
    return at + 4;
  }
  const t = <i64>ms;
  let day = <i32>(t / DAY);
  if (day * DAY > t) day--;
  const rest = <u32>(t - day * DAY);
  store<u8>(at, Byte.quote);
  at = putDate(day, at + 1);
  at = put(rest / 3600000, 2, Byte.colon, at);
  at = put((rest / 60000) % 60, 2, Byte.colon, at);
  at = put((rest / 1000) % 60, 2, Byte.dot, at);
  at = put(rest % 1000, 3, 90, at);
  store<u8>(at, Byte.quote);
  return at + 1;
}
