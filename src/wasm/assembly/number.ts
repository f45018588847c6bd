// in: the bytes of a checked number token
// out: its value as mantissa × 10^exponent, for the kernels that make doubles, decimals and times of it

import { Byte, isDigit } from './json-bytes';
import { areDigits, eightDigits, firstBytes, sixteenDigits } from './number-digits';

const MAX_DIGITS: u32 = 19;
/** Exponents are held within this, so that sums of a few of them do not overflow. */
const EXPONENT_LIMIT: i32 = 1 << 28;

const POWERS = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
  100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000, 10000000000000000000,
]);

let number_mantissa: u64 = 0;
let number_exponent: i32 = 0;
let number_negative = false;
let number_truncated = false;

/** 10^n, for n up to 19. */
// @ts-ignore: decorator
@inline
export function powerOfTen(n: u32): u64 {
  return load<u64>(POWERS + (<usize>n << 3));
}

/** Of the number read last: up to 19 digits of it. */
// @ts-ignore: decorator
@inline
export function mantissa(): u64 {
  return number_mantissa;
}

/** Of the number read last: |value| = mantissa × 10^exponent, or a little more if `truncated`. */
// @ts-ignore: decorator
@inline
export function exponent(): i32 {
  return number_exponent;
}

// @ts-ignore: decorator
@inline
export function isNegative(): bool {
  return number_negative;
}

/** The number read last has more than 19 significant digits: |value| lies between mantissa and mantissa + 1 (× 10^exponent), both excluded. */
// @ts-ignore: decorator
@inline
export function isTruncated(): bool {
  return number_truncated;
}

/** The value of the exponent part of a number, p behind its `e`. */
function readExponent(p: usize, end: usize): i32 {
  const sign: u32 = load<u8>(p);
  if (sign == Byte.minus || sign == Byte.plus) p++;
  let e: i32 = 0;
  for (; p < end; p++) e = min<i32>(EXPONENT_LIMIT, e * 10 + (<i32>load<u8>(p) - 48));
  return sign == Byte.minus ? -e : e;
}

/** Reads a number of any length: leading and trailing zeros do not count, digits behind the 19th are left out. */
function readLong(p: usize, end: usize): void {
  let m: u64 = 0;
  let digits: u32 = 0;
  let behindPoint: i32 = 0; // digits behind the point, seen so far
  let behindMantissa: u32 = 0; // digits behind the last one that is in m
  let inFraction = false;
  let truncated = false;
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (c == Byte.dot) {
      inFraction = true;
      continue;
    }
    if (!isDigit(c)) break;
    if (inFraction) behindPoint++;
    behindMantissa++;
    if (c == Byte.zero || truncated) continue;
    if (!m) behindMantissa = 1;
    if (digits + behindMantissa > MAX_DIGITS) {
      truncated = true;
      continue;
    }
    m = m * powerOfTen(behindMantissa) + (c - Byte.zero);
    digits += behindMantissa;
    behindMantissa = 0;
  }
  number_mantissa = m;
  number_truncated = truncated;
  number_exponent = m ? <i32>behindMantissa - behindPoint + (p < end ? readExponent(p + 1, end) : 0) : 0;
}

/** e, but 0 for the 1 that says that there is no point. */
// @ts-ignore: decorator
@inline
function fractionExponent(e: i32): i32 {
  return e & (e >> 31);
}

/**
 * Reads a number of up to 8 bytes that has no exponent, without a branch that depends on its digits. They stand at the upper end of a word;
 * those before the point move up by one byte. False where there is an exponent.
 */
// @ts-ignore: decorator
@inline
function readTiny(end: usize, length: usize): bool {
  const text = (load<u64>(end - 8) ^ 0x3030303030303030) & ~firstBytes(8 - length);
  const others = text ^ 0x1e1e1e1e1e1e1e1e; // a point is the byte that is 0 here; the top bit of the lowest such byte:
  const point = (others - 0x0101010101010101) & ~others & 0x8080808080808080;
  const behind = (<usize>ctz(point) >> 3) + 1; // the byte behind the point; 9 if there is none
  const before = firstBytes(behind);
  const digits = (text & ~before) | ((text << 8) & before);
  if (!areDigits(digits)) return false;
  number_mantissa = eightDigits(digits);
  number_exponent = fractionExponent(<i32>behind - 8);
  number_truncated = false;
  return true;
}

/**
 * Reads a number of up to 16 bytes that has no exponent, without a branch that depends on its digits: they are moved to the end of the block, the
 * point left out. False where it has an exponent.
 */
function readShort(p: usize, length: u32): bool {
  const block = v128.load(p);
  const inside = (1 << length) - 1;
  const values = i8x16.sub(block, i8x16.splat(<i8>Byte.zero));
  const digits = <u32>i8x16.bitmask(i8x16.le_u(values, i8x16.splat(9))) & inside;
  const points = digits ^ inside;
  if (points & (points - 1)) return false; // two bytes that are no digits: an exponent with its sign, or a point and an exponent
  const place = points ? ctz(points) : length;
  if (points && load<u8>(p + place) != Byte.dot) return false;
  const count = length - (points ? 1 : 0);
  // Byte i of the result is digit i - (16 - count); behind the point the block is a byte ahead. Indexes below 0 give 0.
  const digit = i8x16.add(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>count - 16));
  const from = i8x16.sub(digit, i8x16.ge_s(digit, i8x16.splat(<i8>place)));
  number_mantissa = sixteenDigits(i8x16.swizzle(values, from));
  number_exponent = <i32>(place - count);
  number_truncated = false;
  return true;
}

/** Reads a whole number of 9 to 16 digits; false where it is none. */
// @ts-ignore: decorator
@inline
function readWhole(end: usize, length: usize): bool {
  const low = load<u64>(end - 8) ^ 0x3030303030303030;
  const high = (load<u64>(end - 16) ^ 0x3030303030303030) & ~firstBytes(16 - length);
  if (!areDigits(low) || !areDigits(high)) return false;
  number_mantissa = eightDigits(high) * 100000000 + eightDigits(low);
  number_exponent = 0;
  number_truncated = false;
  return true;
}

/** Reads a number without exponent of up to 16 bytes; false where it is none. */
// @ts-ignore: decorator
@inline
function readPlain(p: usize, end: usize): bool {
  const length = <u32>(end - p);
  if (length <= 8) return readTiny(end, length);
  return length <= 16 && (readWhole(end, length) || readShort(p, length));
}

/** Reads the number token [p, end). */
// @ts-ignore: decorator
@inline
export function readNumber(p: usize, end: usize): void {
  const sign = load<u8>(p) == Byte.minus;
  number_negative = sign;
  p += sign ? 1 : 0;
  if (!readPlain(p, end)) readLong(p, end);
}
