// in: rows with their groups, and decimals of the rows
// out: counts, exact sums and extremes in the groups; rows that do not fit go to a list, for the side that knows big numbers
//
// Accumulators: count u64 · sum i64 mantissa, u32 scale, u32 0, u64 how many numbers · extreme i64 mantissa, u32 scale, u32 whether there is one
// A decimal of a row: i64 mantissa, u8 scale (0 … 18), u8 kind: 0 nothing, 1 fits, 2 and up: for the other side

import { entryOf, tableCount } from './table';

const HEAD: usize = 16;
const POW10 = memory.data<i64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
  100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
]);

// @ts-ignore: decorator
@inline
function pow10(n: u32): i64 {
  return load<i64>(POW10 + (<usize>n << 3));
}

// @ts-ignore: decorator
@inline
function fitsTimes(m: i64, n: u32): bool {
  const limit = i64.MAX_VALUE / pow10(n);
  return m <= limit && m >= -limit;
}

// @ts-ignore: decorator
@inline
function accumulator(tables: usize, slots: usize, row: usize, offset: u32): usize {
  return entryOf(load<u32>(tables + (row << 2)), load<u32>(slots + (row << 2))) + HEAD + offset;
}

/** Counts the selected rows. */
export function addCount(sel: usize, count: u32, tables: usize, slots: usize, offset: u32): void {
  for (let k: u32 = 0; k < count; k++) {
    const a = accumulator(tables, slots, <usize>load<u32>(sel + (k << 2)), offset);
    store<u64>(a, load<u64>(a) + 1);
  }
}

/** Counts the selected rows whose byte in `mask` is neither 0 nor `except`. */
export function addCountIf(sel: usize, count: u32, tables: usize, slots: usize, offset: u32, mask: usize, except: u32): void {
  for (let k: u32 = 0; k < count; k++) {
    const row = <usize>load<u32>(sel + (k << 2));
    const m = <u32>load<u8>(mask + row);
    if (m == 0 || m == except) continue;
    const a = accumulator(tables, slots, row, offset);
    store<u64>(a, load<u64>(a) + 1);
  }
}

/** Adds a decimal to a sum; false (and nothing changed) where the result does not fit. */
function sumDecimal(a: usize, m: i64, scale: u32, n: u64): bool {
  let sum = load<i64>(a);
  const have = load<u32>(a, 8);
  if (have < scale) {
    if (!fitsTimes(sum, scale - have)) return false;
    sum *= pow10(scale - have);
  } else if (have > scale) {
    if (!fitsTimes(m, have - scale)) return false;
    m *= pow10(have - scale);
  }
  const result = sum + m;
  if (((sum ^ result) & (m ^ result)) < 0 || result == i64.MIN_VALUE) return false;
  store<i64>(a, result);
  store<u32>(a, max(have, scale), 8);
  store<u64>(a, load<u64>(a, 16) + n, 16);
  return true;
}

/** Adds the rows' decimals to sums; rows that do not fit are listed in `spill`, and their number is returned. */
export function addSum(sel: usize, count: u32, tables: usize, slots: usize, offset: u32, mantissa: usize, scale: usize, kind: usize, spill: usize): u32 {
  let spilled: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const row = <usize>load<u32>(sel + (k << 2));
    const what = load<u8>(kind + row);
    if (!what) continue;
    if (what == 1) {
      const a = accumulator(tables, slots, row, offset);
      if (sumDecimal(a, load<i64>(mantissa + (row << 3)), load<u8>(scale + row), 1)) continue;
    }
    store<u32>(spill + (<usize>(spilled++) << 2), <u32>row);
  }
  return spilled;
}

/** Whether m × 10^-s is less than n × 10^-u. */
function less(m: i64, s: u32, n: i64, u: u32): bool {
  if (s == u) return m < n;
  if (s < u) return fitsTimes(m, u - s) ? m * pow10(u - s) < n : m < 0;
  return fitsTimes(n, s - u) ? m < n * pow10(s - u) : n > 0;
}

function keepExtreme(a: usize, m: i64, s: u32, greatest: bool): void {
  if (load<u32>(a, 12)) {
    const better = greatest ? less(load<i64>(a), load<u32>(a, 8), m, s) : less(m, s, load<i64>(a), load<u32>(a, 8));
    if (!better) return;
  }
  store<i64>(a, m);
  store<u32>(a, s, 8);
  store<u32>(a, 1, 12);
}

/** Keeps the least (or greatest) of the rows' decimals; rows for the other side are listed in `spill`, and their number is returned. */
export function addExtreme(sel: usize, count: u32, tables: usize, slots: usize, offset: u32, mantissa: usize, scale: usize, kind: usize, spill: usize, greatest: bool): u32 {
  let spilled: u32 = 0;
  for (let k: u32 = 0; k < count; k++) {
    const row = <usize>load<u32>(sel + (k << 2));
    const what = load<u8>(kind + row);
    if (what == 1) keepExtreme(accumulator(tables, slots, row, offset), load<i64>(mantissa + (row << 3)), load<u8>(scale + row), greatest);
    else if (what) store<u32>(spill + (<usize>(spilled++) << 2), <u32>row);
  }
  return spilled;
}

/** Adds the counts of all groups of `from` to the groups map[slot] of `to`. */
export function mergeCount(to: usize, from: usize, map: usize, offset: u32): void {
  const n = tableCount(from);
  for (let s: u32 = 0; s < n; s++) {
    const a = entryOf(to, load<u32>(map + (<usize>s << 2))) + HEAD + offset;
    store<u64>(a, load<u64>(a) + load<u64>(entryOf(from, s) + HEAD + offset));
  }
}

/** Adds the sums of all groups of `from`; slots of `from` whose sum does not fit are listed in `spill`, and their number is returned. */
export function mergeSum(to: usize, from: usize, map: usize, offset: u32, spill: usize): u32 {
  const n = tableCount(from);
  let spilled: u32 = 0;
  for (let s: u32 = 0; s < n; s++) {
    const b = entryOf(from, s) + HEAD + offset;
    const numbers = load<u64>(b, 16);
    if (!numbers) continue;
    const a = entryOf(to, load<u32>(map + (<usize>s << 2))) + HEAD + offset;
    if (!sumDecimal(a, load<i64>(b), load<u32>(b, 8), numbers)) store<u32>(spill + (<usize>(spilled++) << 2), s);
  }
  return spilled;
}

export function mergeExtreme(to: usize, from: usize, map: usize, offset: u32, greatest: bool): void {
  const n = tableCount(from);
  for (let s: u32 = 0; s < n; s++) {
    const b = entryOf(from, s) + HEAD + offset;
    if (!load<u32>(b, 12)) continue;
    keepExtreme(entryOf(to, load<u32>(map + (<usize>s << 2))) + HEAD + offset, load<i64>(b), load<u32>(b, 8), greatest);
  }
}

/** Address of a group's accumulator; valid until a group is added. */
export function accumulatorOf(t: usize, slot: u32, offset: u32): usize {
  return entryOf(t, slot) + HEAD + offset;
}
