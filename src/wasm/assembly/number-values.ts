// in: columns of tokens or of doubles
// out: doubles, exactly as JSON.parse has them, and decimals; rows that take more than 64 bits are told, for the side that knows big numbers
//
// A decimal is mantissa × 10^-scale, without trailing zeros behind the point; see `Kind`.

import { Type } from './json-bytes';
import { exponent, isNegative, isTruncated, mantissa, powerOfTen, readNumber } from './number';
import { ownTime } from './time';

/** What there is of a row: nothing, a decimal (|mantissa| < 10^18, scale 0 to 18), a number that is none, something else. */
const enum Kind {
  nothing = 0,
  fits = 1,
  large = 2,
  noNumber = 3,
}

const MAX_EXACT: u64 = 1 << 53;
const MAX_MANTISSA: u64 = 1000000000000000000;
const MAX_SCALE: i32 = 18;

/** Powers of ten that a double holds exactly. */
const DOUBLES = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);

// @ts-ignore: decorator
@inline
function doublePower(n: i32): f64 {
  return load<f64>(DOUBLES + (<usize>n << 3));
}

/** The number read last as a double, or NaN where one operation on exact doubles does not give it. */
// @ts-ignore: decorator
@inline
function exactDouble(): f64 {
  const m = mantissa();
  const e = exponent();
  let value = <f64>m;
  if (e <= 0 && e >= -22 && m <= MAX_EXACT) value /= doublePower(-e);
  else if (e > 0 && e <= 22 && m <= MAX_EXACT) value *= doublePower(e);
  else if (e != 0 && m != 0) return NaN;
  if (isTruncated()) return NaN;
  return isNegative() ? -value : value;
}

// @ts-ignore: decorator
@inline
function parseNumber(p: usize, end: usize): f64 {
  readNumber(p, end);
  return exactDouble();
}

/**
 * The doubles of number tokens (ms of time tokens) into num; other rows get NaN.
 * Writes the rows whose double takes more care to `rest`; returns how many those are.
 */
export function parseNumbers(sel: usize, count: u32, start: usize, end: usize, type: usize, num: usize, rest: usize): u32 {
  let left: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(sel + (k << 2));
    const t = load<u8>(type + row);
    const p: usize = load<u32>(start + (row << 2));
    const behind: usize = load<u32>(end + (row << 2));
    let value = NaN;
    if (t == Type.number) {
      value = parseNumber(p, behind);
      if (value != value) store<u32>(rest + (left++ << 2), <u32>row);
    } else if (t == Type.time) value = ownTime(p, behind);
    store<f64>(num + (row << 3), value);
  }
  return left;
}

let decimal_mantissa: i64 = 0;
let decimal_scale: i32 = 0;

const LARGEST_TENTH: u64 = 0x1999999999999999;

/** m / 10 where that is exact, else more than LARGEST_TENTH: times the inverse of 5 modulo 2^64, then by 2; divisions of 64 bits are slow. */
// @ts-ignore: decorator
@inline
function exactTenth(m: u64): u64 {
  return rotr<u64>(m * 0xcccccccccccccccd, 1);
}

/** Makes a decimal of the number read last; false where it does not fit. */
// @ts-ignore: decorator
@inline
function makeDecimal(): bool {
  let m = mantissa();
  let e = m ? exponent() : 0;
  while (e < 0) {
    const tenth = exactTenth(m);
    if (tenth > LARGEST_TENTH) break;
    m = tenth;
    e++;
  }
  if (e > 0) {
    if (e > MAX_SCALE || m >= MAX_MANTISSA / powerOfTen(e)) return false;
    m *= powerOfTen(e);
    e = 0;
  }
  decimal_mantissa = isNegative() ? -(<i64>m) : <i64>m;
  decimal_scale = -e;
  return m < MAX_MANTISSA && e >= -MAX_SCALE && !isTruncated();
}

/** A time of weir's own is an integer of ms. */
function readOwnTime(p: usize, end: usize): Kind {
  const ms = ownTime(p, end);
  if (ms != ms) return Kind.noNumber;
  decimal_mantissa = <i64>ms;
  decimal_scale = 0;
  return Kind.fits;
}

/** The kind of a token; if it fits, `decimal_mantissa` and `decimal_scale` have it. */
// @ts-ignore: decorator
@inline
function readDecimal(t: u32, p: usize, end: usize): Kind {
  if (t == Type.missing || t == Type.nullWord) return Kind.nothing;
  if (t == Type.time) return readOwnTime(p, end);
  if (t != Type.number) return Kind.noNumber;
  readNumber(p, end);
  return makeDecimal() ? Kind.fits : Kind.large;
}

/** The decimals of the selected rows' tokens: mantissa i64, scale u8, kind u8 (`Kind`), by row. */
export function parseDecimals(sel: usize, count: u32, start: usize, end: usize, type: usize, mantissas: usize, scales: usize, kinds: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(sel + (k << 2));
    const kind = readDecimal(load<u8>(type + row), <usize>load<u32>(start + (row << 2)), <usize>load<u32>(end + (row << 2)));
    store<u8>(kinds + row, kind);
    if (kind != Kind.fits) continue;
    store<i64>(mantissas + (row << 3), decimal_mantissa);
    store<u8>(scales + row, <u8>decimal_scale);
  }
}

/** Places that a double's decimal is looked for in. */
const MAX_PLACES: u32 = 9;
/** Decimals of up to 15 digits survive the way to a double and back, so one that gives this very double is its shortest. */
const MAX_PART: f64 = 1e15;

/** The decimal that the double prints as, in `decimal_mantissa` and `decimal_scale`; false where it has too many digits. */
function decimalOf(value: f64): bool {
  if (abs(value) < <f64>MAX_EXACT && trunc(value) == value) {
    decimal_mantissa = <i64>value;
    decimal_scale = 0;
    return true;
  }
  for (let places: u32 = 1; places <= MAX_PLACES; places++) {
    const power = load<f64>(DOUBLES + (<usize>places << 3));
    const part = nearest(value * power);
    if (!(abs(part) < MAX_PART)) return false;
    // The product may be rounded; the quotient tells whether it was right.
    if (part / power != value) continue;
    decimal_mantissa = <i64>part;
    decimal_scale = places;
    return true;
  }
  return false;
}

/** Decimals of doubles: integers below 2^53 and those of up to 15 digits with few places fit, all others are of kind 2. */
export function doublesToDecimals(sel: usize, count: u32, num: usize, mantissas: usize, scales: usize, kinds: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(sel + (k << 2));
    const fits = decimalOf(load<f64>(num + (row << 3)));
    store<u8>(kinds + row, fits ? Kind.fits : Kind.large);
    if (!fits) continue;
    store<i64>(mantissas + (row << 3), decimal_mantissa);
    store<u8>(scales + row, <u8>decimal_scale);
  }
}
