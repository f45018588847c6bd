// in: groups of a table, in the order in which they are to come out
// out: columns of tokens: keys, counts, sums and extremes as JSON text, with the numbers' values

import { entryOf, keyOf } from './table';
import { componentBehind, lastType, printComponent, putDecimal, putInteger } from './print';

const HEAD: usize = 16;
const T_NUMBER: u8 = 3;
const T_NULL: u8 = 6;
const T_NONE: u8 = 0;

/** 10^n is exact up to 22, so one division of a mantissa below 2^53 rounds correctly. */
const POWERS = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18]);

function put(column: usize, row: u32, start: usize, end: usize, type: u8): void {
  store<u32>(<usize>load<u32>(column) + (<usize>row << 2), <u32>start);
  store<u32>(<usize>load<u32>(column, 4) + (<usize>row << 2), <u32>end);
  store<u8>(<usize>load<u32>(column, 8) + row, type);
}

function putValue(column: usize, row: u32, value: f64): void {
  store<f64>(<usize>load<u32>(column, 12) + (<usize>row << 3), value);
}

function putNull(column: usize, row: u32, at: usize): usize {
  store<u32>(at, 0x6c6c756e);
  put(column, row, at, at + 4, T_NULL);
  return at + 4;
}

/**
 * Keys of slots[0 … n-1] as rows row, row + 1 … of `components` columns (each 4 u32: addresses of start, end, type, num).
 * Texts go to `at`; the address behind the last is returned. Values of number keys are not set.
 */
export function emitKeys(t: usize, slots: usize, n: u32, columns: usize, components: u32, row: u32, at: usize): usize {
  for (let i: u32 = 0; i < n; i++) {
    let p = keyOf(t, entryOf(t, load<u32>(slots + (<usize>i << 2))));
    for (let c: u32 = 0; c < components; c++) {
      const end = printComponent(p, at);
      put(columns + (<usize>c << 4), row + i, at, end, lastType());
      p = componentBehind();
      at = end;
    }
  }
  return at;
}

/** Bytes that the keys of these groups print to at most. */
export function keyTextBound(t: usize, slots: usize, n: u32): usize {
  let bytes: usize = 0;
  for (let i: u32 = 0; i < n; i++) bytes += <usize>load<u32>(entryOf(t, load<u32>(slots + (<usize>i << 2))), 8) * 6 + 128;
  return bytes;
}

/** Counts; see emitKeys. */
export function emitCount(t: usize, slots: usize, n: u32, column: usize, row: u32, offset: u32, at: usize): usize {
  for (let i: u32 = 0; i < n; i++) {
    const value = load<u64>(entryOf(t, load<u32>(slots + (<usize>i << 2))) + HEAD + offset);
    const end = putInteger(value, at);
    put(column, row + i, at, end, T_NUMBER);
    putValue(column, row + i, <f64>value);
    at = end;
  }
  return at;
}

/** One decimal as a row's token. Its value is exact below 2^53; beyond that the type is left at "none" and the caller sets both. */
function emitDecimal(column: usize, row: u32, m: i64, scale: u32, at: usize): usize {
  const end = putDecimal(m, scale, at);
  const exact = m < 9007199254740992 && m > -9007199254740992;
  put(column, row, at, end, exact ? T_NUMBER : T_NONE);
  if (exact) putValue(column, row, <f64>m / load<f64>(POWERS + (<usize>scale << 3)));
  return end;
}

/** Sums (null where there was no number); rows beyond 2^53 keep their text and get type 0, for the caller to finish. */
export function emitSum(t: usize, slots: usize, n: u32, column: usize, row: u32, offset: u32, at: usize): usize {
  for (let i: u32 = 0; i < n; i++) {
    const a = entryOf(t, load<u32>(slots + (<usize>i << 2))) + HEAD + offset;
    at = load<u64>(a, 16) ? emitDecimal(column, row + i, load<i64>(a), load<u32>(a, 8), at) : putNull(column, row + i, at);
  }
  return at;
}

/** Least or greatest values; see emitSum. */
export function emitExtreme(t: usize, slots: usize, n: u32, column: usize, row: u32, offset: u32, at: usize): usize {
  for (let i: u32 = 0; i < n; i++) {
    const a = entryOf(t, load<u32>(slots + (<usize>i << 2))) + HEAD + offset;
    at = load<u32>(a, 12) ? emitDecimal(column, row + i, load<i64>(a), load<u32>(a, 8), at) : putNull(column, row + i, at);
  }
  return at;
}

/** averages[row + i] = sum / count where one division rounds correctly, otherwise NaN; -0 … never; infinity where there is no number. */
export function averages(t: usize, slots: usize, n: u32, out: usize, row: u32, offset: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const a = entryOf(t, load<u32>(slots + (<usize>i << 2))) + HEAD + offset;
    const m = load<i64>(a);
    const numbers = load<u64>(a, 16);
    const divisor = <f64>numbers * load<f64>(POWERS + (<usize>load<u32>(a, 8) << 3));
    const exact = m < 9007199254740992 && m > -9007199254740992 && divisor < 9007199254740992.0;
    const value = numbers == 0 ? Infinity : exact ? <f64>m / divisor : NaN;
    store<f64>(out + (<usize>(row + i) << 3), value);
  }
}

/** The same token in n rows of a column, with its value. */
export function emitSame(column: usize, row: u32, n: u32, start: usize, end: usize, type: u32, value: f64): void {
  for (let i: u32 = 0; i < n; i++) {
    put(column, row + i, start, end, <u8>type);
    putValue(column, row + i, value);
  }
}
