// in: tokens that stand for times: ISO-8601 strings and numbers since the epoch
// out: ms since the epoch, and whether there was a time and a zone to it

import { Byte, Type } from './json-bytes';
import { unescapeText } from './json-text';
import { exponent, isNegative, isTruncated, mantissa, powerOfTen, readNumber } from './number';
import { isoTime, MAX_TIME, readCommon, readText, Status } from './time-iso';

/** The time read last, in ms. */
let time_ms: i64 = 0;

/** value / 10^n rounded down, for a value of up to 19 digits and n of any size; `more`: there is a little more to it. */
function floorDivide(m: u64, n: u32, negative: bool, more: bool): i64 {
  const divisor = n > 19 ? 0 : powerOfTen(n);
  const quotient = divisor ? m / divisor : 0;
  const exact = !more && quotient * divisor == m;
  if (quotient > <u64>MAX_TIME) return i64.MAX_VALUE;
  return negative ? -(<i64>quotient) - (exact ? 0 : 1) : <i64>quotient;
}

/** value × 10^n, rounded down likewise; what is too large for a time is MAX_VALUE. */
// @ts-ignore: decorator
@inline
function scaleUp(m: u64, n: u32, negative: bool, more: bool): i64 {
  if (n && (n > 15 || m > <u64>MAX_TIME / powerOfTen(n))) return i64.MAX_VALUE;
  const value = m * powerOfTen(n);
  if (value > <u64>MAX_TIME) return i64.MAX_VALUE;
  return negative ? -(<i64>value) - (more ? 1 : 0) : <i64>value;
}

/** Reads a number of units of 10^unitExponent ms into `time_ms`, rounded down. */
// @ts-ignore: decorator
@inline
function readEpoch(p: usize, end: usize, unitExponent: i32): Status {
  readNumber(p, end);
  const m = mantissa();
  const e = exponent() + unitExponent;
  if (m == 0) time_ms = 0;
  else if (e < 0) time_ms = floorDivide(m, -e, isNegative(), isTruncated());
  else time_ms = scaleUp(m, e, isNegative(), isTruncated());
  return time_ms <= MAX_TIME && time_ms >= -MAX_TIME ? Status.ok : Status.unusable;
}

/** Reads a string, with its quotes. */
// @ts-ignore: decorator
@inline
function readString(p: usize, end: usize): Status {
  const status = readCommon(p + 1, end - p) ? Status.ok : readText(p + 1);
  time_ms = isoTime();
  return status;
}

/** Longest text of a time that is looked at where it has escapes. */
const MAX_ESCAPED: i32 = 240;
const plain_text = memory.data(MAX_ESCAPED + 16, 16);

function readEscaped(p: usize, end: usize): Status {
  if (<i32>(end - p) > MAX_ESCAPED) return Status.unusable;
  store<u8>(unescapeText(p + 1, end - 1, plain_text), Byte.quote);
  const status = readText(plain_text);
  time_ms = isoTime();
  return status;
}

/** Reads a time of weir's own: a string, or a number of ms. */
function readOwn(p: usize, end: usize): Status {
  return load<u8>(p) == Byte.quote ? readString(p, end) : readEpoch(p, end, 0);
}

/** The ms of a time token of weir's own; NaN if it is none. */
export function ownTime(p: usize, end: usize): f64 {
  return readOwn(p, end) <= Status.local ? <f64>time_ms : NaN;
}

// @ts-ignore: decorator
@inline
function readToken(t: u32, p: usize, end: usize, unitExponent: i32): Status {
  if (t == Type.string) return readString(p, end);
  if (t == Type.number) return readEpoch(p, end, unitExponent);
  if (t == Type.time) return readOwn(p, end);
  if (t == Type.escaped) return readEscaped(p, end);
  return t == Type.missing || t == Type.nullWord ? Status.nothing : Status.unusable;
}

/**
 * The times that the selected rows' tokens stand for, in ms (rounded down), and a status (`Status`), by row.
 * A number is so many units of 10^unitExponent ms since the epoch: 3 for seconds, -3 for microseconds.
 */
export function parseTimes(sel: usize, count: u32, start: usize, end: usize, type: usize, unitExponent: i32, times: usize, statuses: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(sel + (k << 2));
    const status = readToken(load<u8>(type + row), <usize>load<u32>(start + (row << 2)), <usize>load<u32>(end + (row << 2)), unitExponent);
    store<u8>(statuses + row, status);
    store<f64>(times + (row << 3), status <= Status.local ? <f64>time_ms : NaN);
  }
}
