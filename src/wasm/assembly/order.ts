// in: a table
// out: its slots in key order: a merge sort on the first 8 bytes of the keys, on all bytes where those are equal

import { entryOf, keyOf } from './table';
import { alloc, free } from './heap';

function prefix(p: usize, n: u32): u64 {
  const bits = bswap<u64>(load<u64>(p));
  return n >= 8 ? bits : n == 0 ? 0 : bits & ~((<u64>1 << (<u64>(8 - n) << 3)) - 1);
}

/** Whether the key of slot a comes before that of b, whose first 8 bytes are equal. */
function restBefore(t: usize, a: u32, b: u32): bool {
  const x = entryOf(t, a);
  const y = entryOf(t, b);
  const n = load<u32>(x, 8);
  const m = load<u32>(y, 8);
  const order = memory.compare(keyOf(t, x), keyOf(t, y), min(n, m));
  return order < 0 || (order == 0 && n < m);
}

// @ts-ignore: decorator
@inline
function before(t: usize, x: usize, y: usize): bool {
  const a = load<u64>(x);
  const b = load<u64>(y);
  return a < b || (a == b && restBefore(t, load<u32>(x, 8), load<u32>(y, 8)));
}

/** Merges the sorted runs [from, middle) and [middle, to) of 16-byte items into `at`. */
function merge(t: usize, from: usize, middle: usize, to: usize, at: usize): void {
  let a = from;
  let b = middle;
  while (a < middle && b < to) {
    const second = before(t, b, a);
    const source = second ? b : a;
    v128.store(at, v128.load(source));
    if (second) b += 16;
    else a += 16;
    at += 16;
  }
  memory.copy(at, a, middle - a);
  memory.copy(at + (middle - a), b, to - b);
}

/** Sorts runs of 8 items where they stand. */
function sortRuns(t: usize, items: usize, n: u32): void {
  for (let i: u32 = 1; i < n; i++) {
    if ((i & 7) == 0) continue;
    const first = items + (<usize>(i & ~7) << 4);
    let p = items + (<usize>i << 4);
    const item = v128.load(p);
    const spare = items + (<usize>n << 4);
    v128.store(spare, item);
    while (p > first && before(t, spare, p - 16)) {
      v128.store(p, v128.load(p - 16));
      p -= 16;
    }
    v128.store(p, item);
  }
}

/** Writes all slots of the table to `slots`, in the order of their keys. */
export function sortSlots(t: usize, slots: usize): void {
  const n = load<u32>(t, 16);
  const size = (<usize>n + 1) << 4;
  let items = alloc(size);
  let other = alloc(size);
  for (let s: u32 = 0; s < n; s++) {
    const entry = entryOf(t, s);
    store<u64>(items + (<usize>s << 4), prefix(keyOf(t, entry), load<u32>(entry, 8)));
    store<u32>(items + (<usize>s << 4), s, 8);
  }
  sortRuns(t, items, n);
  for (let run: u32 = 8; run < n; run <<= 1) {
    for (let i: u32 = 0; i < n; i += run << 1) {
      const middle = min(i + run, n);
      const to = min(i + (run << 1), n);
      merge(t, items + (<usize>i << 4), items + (<usize>middle << 4), items + (<usize>to << 4), other + (<usize>i << 4));
    }
    const swap = items;
    items = other;
    other = swap;
  }
  for (let s: u32 = 0; s < n; s++) store<u32>(slots + (<usize>s << 2), load<u32>(items + (<usize>s << 4), 8));
  free(items, size);
  free(other, size);
}
