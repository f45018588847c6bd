// in: the text of a time in ISO-8601, a quote behind it
// out: ms since the epoch, and whether it was right and had a zone

import { Byte, isDigit } from './json-bytes';
import { daysOf, isDate } from './time-civil';

/** What a token is as a time. `local`: a time without zone, taken as if in UTC. */
export const enum Status {
  ok = 0,
  local = 1,
  nothing = 2,
  unusable = 3,
}

const DAY: i64 = 86400000;
/** Times that a Date of JavaScript holds. */
export const MAX_TIME: i64 = 8640000000000000;

let time_ms: i64 = 0;

/** The time read last, in ms. */
// @ts-ignore: decorator
@inline
export function isoTime(): i64 {
  return time_ms;
}

// The readers go on from `cursor`; a number that is not there is NONE.

export const NONE: u32 = 0xffffffff;
let cursor: usize = 0;

/** The number that the next n digits spell. */
function digits(n: u32): u32 {
  let value: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const c: u32 = load<u8>(cursor + i);
    if (!isDigit(c)) return NONE;
    value = value * 10 + (c - Byte.zero);
  }
  cursor += n;
  return value;
}

/** Goes over c if it stands here. */
function pass(c: u32): bool {
  if (load<u8>(cursor) != c) return false;
  cursor++;
  return true;
}

/** A sign: 1 or -1; 0 if there is none. */
function sign(): i32 {
  return pass(Byte.plus) ? 1 : pass(Byte.minus) ? -1 : 0;
}

/** Reads `YYYY-MM-DD` (or a year of six digits with its sign) into `time_ms`. */
function readDate(): bool {
  const s = sign();
  const year = digits(s ? 6 : 4);
  if (year == NONE || (s < 0 && year == 0) || !pass(Byte.minus)) return false;
  const month = digits(2);
  if (month == NONE || !pass(Byte.minus)) return false;
  const day = digits(2);
  const signed = s < 0 ? -(<i32>year) : <i32>year;
  if (day == NONE || !isDate(signed, month, day)) return false;
  time_ms = daysOf(signed, month, day) * DAY;
  return true;
}

/** Reads the digits behind the point of seconds, any number of them, down to the millisecond. */
function readFraction(): bool {
  const from = cursor;
  let scale: u32 = 100;
  for (let c: u32 = load<u8>(cursor); isDigit(c); c = load<u8>(++cursor)) {
    time_ms += (c - Byte.zero) * scale;
    scale /= 10;
  }
  return cursor > from;
}

/** Reads `hh:mm[:ss[.fraction]]` and adds it to `time_ms`. */
function readClock(): bool {
  const hour = digits(2);
  if (hour > 23 || !pass(Byte.colon)) return false;
  const minute = digits(2);
  if (minute > 59) return false;
  time_ms += hour * 3600000 + minute * 60000;
  if (!pass(Byte.colon)) return true;
  const second = digits(2);
  if (second > 59) return false;
  time_ms += second * 1000;
  return pass(Byte.dot) || pass(Byte.comma) ? readFraction() : true;
}

/** Reads `Z`, `±hh`, `±hhmm` or `±hh:mm`, if there is one of them. */
function readZone(): Status {
  if (pass(90) || pass(122)) return Status.ok;
  const s = sign();
  if (!s) return Status.local;
  const hours = digits(2);
  if (hours > 23) return Status.unusable;
  let minutes: u32 = 0;
  if (pass(Byte.colon) || isDigit(load<u8>(cursor))) minutes = digits(2);
  if (minutes > 59) return Status.unusable;
  time_ms -= <i64>s * (hours * 3600000 + minutes * 60000);
  return Status.ok;
}

/** p: behind the opening quote of a string. Reads the time into `time_ms`. */
export function readText(p: usize): Status {
  cursor = p;
  if (!readDate()) return Status.unusable;
  if (pass(Byte.quote)) return Status.local;
  if (!pass(84) && !pass(116) && !pass(Byte.space)) return Status.unusable;
  if (!readClock()) return Status.unusable;
  const status = readZone();
  return pass(Byte.quote) && abs(time_ms) <= MAX_TIME ? status : Status.unusable;
}

// The forms that nearly all logs have: `YYYY-MM-DDThh:mm:ss.mmmZ` and `YYYY-MM-DDThh:mm:ssZ`.

const LONG_FORM: usize = 26;
const SHORT_FORM: usize = 22;

/** The minute of the time read last by readCommon, as text and in ms: from one record to the next it is mostly the same. */
let minute_text: v128 = i8x16.splat(0);
let minute_ms: i64 = 0;

/** Sets `minute_ms` from `YYYY-MM-DDThh:mm` at p. What differs from the form with zeros must be digits: nothing at the signs, 0 to 9 elsewhere. */
function readMinute(p: usize): bool {
  const text = v128.load(p);
  const values = i8x16.sub(text, i8x16(48, 48, 48, 48, 45, 48, 48, 45, 48, 48, 84, 48, 48, 58, 48, 48)); // 0000-00-00T00:00
  const right = i8x16.le_u(values, i8x16(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9));
  if (!i8x16.all_true(right)) return false;
  const digits = i8x16.shuffle(values, values, 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 15, 15, 15, 15);
  const pairs = i16x8.add(i16x8.mul(v128.and(digits, i16x8.splat(0xff)), i16x8.splat(10)), i16x8.shr_u(digits, 8));
  const year = <i32>i16x8.extract_lane_u(pairs, 0) * 100 + <i32>i16x8.extract_lane_u(pairs, 1);
  const month = <u32>i16x8.extract_lane_u(pairs, 2);
  const day = <u32>i16x8.extract_lane_u(pairs, 3);
  const hour = <u32>i16x8.extract_lane_u(pairs, 4);
  const minute = <u32>i16x8.extract_lane_u(pairs, 5);
  if (hour > 23 || minute > 59 || !isDate(year, month, day)) return false;
  minute_ms = daysOf(year, month, day) * DAY + hour * 3600000 + minute * 60000;
  minute_text = text;
  return true;
}

/** The two digits in bytes i and i + 1 of x, each less its `0`. */
// @ts-ignore: decorator
@inline
function pairAt(x: u64, i: u64): u32 {
  return (<u32>(x >> (i << 3)) & 15) * 10 + (<u32>(x >> ((i + 1) << 3)) & 15);
}

/** Milliseconds in `:ss.mmmZ` at p, or NONE. What differs from `:00.000Z` must be digits: nothing in the bytes of signs, 0 to 9 in the others. */
// @ts-ignore: decorator
@inline
function longSeconds(p: usize): u32 {
  const x = load<u64>(p) ^ 0x5a3030302e30303a;
  if ((x | (x + 0x0006060600060600)) & 0xfff0f0f0fff0f0ff) return NONE;
  const second = pairAt(x, 1);
  return second > 59 ? NONE : second * 1000 + (<u32>(x >> 32) & 15) * 100 + pairAt(x, 5);
}

/** Milliseconds in `:ssZ` at p, or NONE. */
// @ts-ignore: decorator
@inline
function shortSeconds(p: usize): u32 {
  const x = load<u32>(p) ^ 0x5a30303a;
  if ((x | (x + 0x00060600)) & 0xfff0f0ff) return NONE;
  const second = pairAt(x, 1);
  return second > 59 ? NONE : second * 1000;
}

/** Reads a time in one of the common forms, p behind the opening quote, into `time_ms`; false where it is neither or not valid. */
// @ts-ignore: decorator
@inline
export function readCommon(p: usize, length: usize): bool {
  if (length != LONG_FORM && length != SHORT_FORM) return false;
  if (v128.any_true(v128.xor(v128.load(p), minute_text)) && !readMinute(p)) return false;
  const ms = length == LONG_FORM ? longSeconds(p + 16) : shortSeconds(p + 16);
  time_ms = minute_ms + ms;
  return ms != NONE;
}
