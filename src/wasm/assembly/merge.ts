// in: lines of several subtasks, each with a sequence number and an order among those of the same number
// out: whose line is next, until there is none: the order in which one process would have written them

import { entryOf, keyOf } from './table';

/** A part: 6 u32: how many lines, then addresses of sequence numbers, ends of orders, orders, ends of lines, lines. */
const PART: usize = 24;
const MOST = 128;
/** by part: the line that is next */
const cursors = memory.data(MOST * 4, 16);

function cursor(part: u32): u32 {
  return load<u32>(cursors + (<usize>part << 2));
}

function sequenceOf(p: usize, i: u32): f64 {
  return load<f64>(<usize>load<u32>(p, 4) + (<usize>i << 3));
}

function startOf(ends: usize, i: u32): u32 {
  return i == 0 ? 0 : load<u32>(ends + (<usize>(i - 1) << 2));
}

/** Whether line i of part a comes before line j of part b. */
function comesBefore(a: usize, i: u32, b: usize, j: u32): bool {
  const left = sequenceOf(a, i);
  const right = sequenceOf(b, j);
  if (left != right) return left < right;
  const aEnds: usize = load<u32>(a, 8);
  const bEnds: usize = load<u32>(b, 8);
  const from = startOf(aEnds, i);
  const to = startOf(bEnds, j);
  const n = load<u32>(aEnds + (<usize>i << 2)) - from;
  const m = load<u32>(bEnds + (<usize>j << 2)) - to;
  const order = memory.compare(<usize>load<u32>(a, 12) + from, <usize>load<u32>(b, 12) + to, min(n, m));
  return order < 0 || (order == 0 && n < m);
}

/** Writes to `choices`, a byte a line, of which part the next line is; lines of one part keep their order. Returns how many there are. */
export function mergeOrder(parts: usize, n: u32, choices: usize): u32 {
  memory.fill(cursors, 0, <usize>n << 2);
  let total: u32 = 0;
  let best: i32 = 0;
  while (best >= 0) {
    best = -1;
    for (let i: u32 = 0; i < n; i++) {
      const p = parts + <usize>i * PART;
      if (cursor(i) == load<u32>(p)) continue;
      if (best < 0 || comesBefore(p, cursor(i), parts + <usize>best * PART, cursor(best))) best = i;
    }
    if (best < 0) break;
    store<u32>(cursors + (<usize>best << 2), cursor(best) + 1);
    store<u8>(choices + total++, <u8>best);
  }
  return total;
}

/** Copies lines in the order of `choices` to `to`; returns the address behind them. */
export function mergeCopy(parts: usize, n: u32, choices: usize, total: u32, to: usize): usize {
  memory.fill(cursors, 0, <usize>n << 2);
  for (let k: u32 = 0; k < total; k++) {
    const part: u32 = load<u8>(choices + k);
    const p = parts + <usize>part * PART;
    const i = cursor(part);
    const ends: usize = load<u32>(p, 16);
    const from = startOf(ends, i);
    const length: usize = load<u32>(ends + (<usize>i << 2)) - from;
    memory.copy(to, <usize>load<u32>(p, 20) + from, length);
    to += length;
    store<u32>(cursors + (<usize>part << 2), i + 1);
  }
  return to;
}

/** Ends of the n lines of [at, …) as offsets from `origin`. */
export function lineEnds(at: usize, n: u32, origin: usize, ends: usize): void {
  const newlines = i8x16.splat(10);
  for (let i: u32 = 0; i < n; i++) {
    let found = i8x16.bitmask(i8x16.eq(v128.load(at), newlines));
    while (!found) {
      at += 16;
      found = i8x16.bitmask(i8x16.eq(v128.load(at), newlines));
    }
    at += ctz(found) + 1;
    store<u32>(ends + (<usize>i << 2), <u32>(at - origin));
  }
}

/** Orders of the groups at slots[0 … n-1]: a prefix, then the key. Sets starts and ends of `row`, `row` + 1, …; returns the address behind the last. */
export function putOrders(t: usize, slots: usize, n: u32, prefix: usize, prefixLength: usize, row: u32, starts: usize, ends: usize, to: usize): usize {
  for (let i: u32 = 0; i < n; i++) {
    const at: usize = <usize>(row + i) << 2;
    const entry = entryOf(t, load<u32>(slots + (<usize>i << 2)));
    store<u32>(starts + at, <u32>to);
    memory.copy(to, prefix, prefixLength);
    to += prefixLength;
    const length: usize = load<u32>(entry, 8);
    memory.copy(to, keyOf(t, entry), length);
    to += length;
    store<u32>(ends + at, <u32>to);
  }
  return to;
}
