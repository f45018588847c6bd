// in: keys of rows
// out: groups: a hash table from key bytes to dense slots, each with the accumulators of its group behind one another
//
// A table: u32 buckets · u32 mask · u32 entries · u32 capacity · u32 count · u32 stride · u32 keys · u32 keys capacity · u32 keys used · u32 what is known of it where it is frozen (frozen.ts)
// An entry: u32 hash · u32 offset of its key in `keys` · u32 key length · u32 its image (frozen.ts) · accumulators (stride - 16 bytes)
// Open addressing with linear probing; a bucket holds slot + 1, and 0 where it is empty.

import { alloc, free } from './heap';

const TABLE_BYTES: usize = 48;
const ENTRY_HEAD: u32 = 16;
const FIRST_BUCKETS: u32 = 64;
const FIRST_KEYS: u32 = 1024;

/** A table whose groups have accumulators of `bytes` bytes (a multiple of 8), all zero at first. */
export function tableNew(bytes: u32): usize {
  const t = alloc(TABLE_BYTES);
  const stride = ENTRY_HEAD + bytes;
  const capacity = FIRST_BUCKETS >> 1;
  store<u32>(t, <u32>alloc(FIRST_BUCKETS << 2));
  store<u32>(t, FIRST_BUCKETS - 1, 4);
  store<u32>(t, <u32>alloc(capacity * stride), 8);
  store<u32>(t, capacity, 12);
  store<u32>(t, 0, 16);
  store<u32>(t, stride, 20);
  store<u32>(t, <u32>alloc(FIRST_KEYS), 24);
  store<u32>(t, FIRST_KEYS, 28);
  store<u32>(t, 0, 32);
  store<u32>(t, 0, 36);
  memory.fill(load<u32>(t), 0, FIRST_BUCKETS << 2);
  return t;
}

/** Takes all groups out and keeps the room, for the next window. */
export function tableClear(t: usize): void {
  memory.fill(load<u32>(t), 0, <usize>(load<u32>(t, 4) + 1) << 2);
  store<u32>(t, 0, 16);
  store<u32>(t, 0, 32);
}

export function tableFree(t: usize): void {
  free(load<u32>(t), <usize>(load<u32>(t, 4) + 1) << 2);
  free(load<u32>(t, 8), <usize>load<u32>(t, 12) * load<u32>(t, 20));
  free(load<u32>(t, 24), load<u32>(t, 28));
  free(t, TABLE_BYTES);
}

/** Groups in the table. */
export function tableCount(t: usize): u32 {
  return load<u32>(t, 16);
}

/** Bytes that the table takes. */
export function tableBytes(t: usize): usize {
  return TABLE_BYTES + (<usize>(load<u32>(t, 4) + 1) << 2) + <usize>load<u32>(t, 12) * load<u32>(t, 20) + load<u32>(t, 28);
}

/** Address of an entry; valid until a group is added. */
// @ts-ignore: decorator
@inline
export function entryOf(t: usize, slot: u32): usize {
  return <usize>load<u32>(t, 8) + <usize>slot * load<u32>(t, 20);
}

// @ts-ignore: decorator
@inline
export function keyOf(t: usize, entry: usize): usize {
  return <usize>load<u32>(t, 24) + load<u32>(entry, 4);
}

export function keyLength(entry: usize): u32 {
  return load<u32>(entry, 8);
}

// @ts-ignore: decorator
@inline
function sameBytes(a: usize, b: usize, n: u32): bool {
  while (n >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    n -= 8;
  }
  return n == 0 || ((load<u64>(a) ^ load<u64>(b)) & ((<u64>1 << (<u64>n << 3)) - 1)) == 0;
}

function moved(from: usize, used: usize, oldSize: usize, newSize: usize): u32 {
  const to = alloc(newSize);
  memory.copy(to, from, used);
  free(from, oldSize);
  return <u32>to;
}

/** Room for so many groups (a power of two), and twice as many buckets. */
function resize(t: usize, capacity: u32): void {
  const before = load<u32>(t, 12);
  const stride = load<u32>(t, 20);
  store<u32>(t, moved(load<u32>(t, 8), <usize>load<u32>(t, 16) * stride, <usize>before * stride, <usize>capacity * stride), 8);
  store<u32>(t, capacity, 12);
  const buckets = capacity << 1;
  free(load<u32>(t), <usize>before << 3);
  store<u32>(t, <u32>alloc(<usize>buckets << 2));
  store<u32>(t, buckets - 1, 4);
  memory.fill(load<u32>(t), 0, <usize>buckets << 2);
  for (let s: u32 = 0; s < load<u32>(t, 16); s++) putBucket(t, load<u32>(entryOf(t, s)), s);
}

function putBucket(t: usize, hash: u32, slot: u32): void {
  const mask = load<u32>(t, 4);
  let b = hash & mask;
  while (load<u32>(<usize>load<u32>(t) + (<usize>b << 2))) b = (b + 1) & mask;
  store<u32>(<usize>load<u32>(t) + (<usize>b << 2), slot + 1);
}

function growKeys(t: usize, need: u32): void {
  const have = load<u32>(t, 28);
  let size = have * 2;
  while (size < need) size *= 2;
  store<u32>(t, moved(load<u32>(t, 24), load<u32>(t, 32), have, size), 24);
  store<u32>(t, size, 28);
}

function addGroup(t: usize, key: usize, length: u32, hash: u32): u32 {
  if (load<u32>(t, 16) == load<u32>(t, 12)) resize(t, load<u32>(t, 12) << 1);
  const used = load<u32>(t, 32);
  if (used + length + 8 > load<u32>(t, 28)) growKeys(t, used + length + 8);
  memory.copy(<usize>load<u32>(t, 24) + used, key, length);
  // A text ends at 00, unless ff stands behind that: so nothing may be left there of what was in the memory before.
  store<u8>(<usize>load<u32>(t, 24) + used + length, 0);
  store<u32>(t, used + length, 32);
  const slot = load<u32>(t, 16);
  store<u32>(t, slot + 1, 16);
  const entry = entryOf(t, slot);
  store<u32>(entry, hash);
  store<u32>(entry, used, 4);
  store<u32>(entry, length, 8);
  store<u32>(entry, 0, 12);
  memory.fill(entry + ENTRY_HEAD, 0, load<u32>(t, 20) - ENTRY_HEAD);
  putBucket(t, hash, slot);
  return slot;
}

/** The slot of a key; -1 where the table has no such group. */
export function tableFind(t: usize, key: usize, length: u32, hash: u32): i32 {
  const mask = load<u32>(t, 4);
  let b = hash & mask;
  let slot = load<u32>(<usize>load<u32>(t) + (<usize>b << 2));
  while (slot) {
    const entry = entryOf(t, slot - 1);
    if (load<u32>(entry) == hash && load<u32>(entry, 8) == length && sameBytes(keyOf(t, entry), key, length)) return slot - 1;
    b = (b + 1) & mask;
    slot = load<u32>(<usize>load<u32>(t) + (<usize>b << 2));
  }
  return -1;
}

/** The slot of a key; its group is made where the table has none. */
export function tableUpsert(t: usize, key: usize, length: u32, hash: u32): u32 {
  const slot = tableFind(t, key, length, hash);
  return slot >= 0 ? slot : addGroup(t, key, length, hash);
}

/** slots[r] = the group of row r in the table tables[r], for the selected rows; groups are made where there are none. */
export function assignSlots(sel: usize, count: u32, tables: usize, keyStart: usize, keyLen: usize, hashes: usize, slots: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const r = <usize>load<u32>(sel + (k << 2)) << 2;
    store<u32>(slots + r, tableUpsert(load<u32>(tables + r), load<u32>(keyStart + r), load<u32>(keyLen + r), load<u32>(hashes + r)));
  }
}

/** slots[r] = the group of row r, -1 where the table has none, for the selected rows. */
export function findSlots(t: usize, sel: usize, count: u32, keyStart: usize, keyLen: usize, hashes: usize, slots: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const r = <usize>load<u32>(sel + (k << 2)) << 2;
    store<i32>(slots + r, tableFind(t, load<u32>(keyStart + r), load<u32>(keyLen + r), load<u32>(hashes + r)));
  }
}

/** The same for rows [from, to), whose keys stand so far behind `base`; groups are made where there are none. A length of -1: it has no key, and so no group. */
export function makeSlots(t: usize, base: usize, from: u32, to: u32, keyStart: usize, keyLen: usize, hashes: usize, slots: usize): void {
  for (let i = from; i < to; i++) {
    const r = <usize>i << 2;
    const length = load<i32>(keyLen + r);
    store<i32>(slots + r, length < 0 ? -1 : tableUpsert(t, base + load<u32>(keyStart + r), length, load<u32>(hashes + r)));
  }
}

/** Makes room for so many groups at once. */
export function tableReserve(t: usize, groups: u32): void {
  let capacity = load<u32>(t, 12);
  while (capacity < groups) capacity <<= 1;
  if (capacity > load<u32>(t, 12)) resize(t, capacity);
}

/** For each group of `from`, by slot: map[slot] = its slot in `to`, where it is made if need be. */
export function mapSlots(to: usize, from: usize, map: usize): void {
  const n = load<u32>(from, 16);
  for (let s: u32 = 0; s < n; s++) {
    const entry = entryOf(from, s);
    store<u32>(map + (<usize>s << 2), tableUpsert(to, keyOf(from, entry), load<u32>(entry, 8), load<u32>(entry)));
  }
}

/** A key's address; valid until a group is added. */
export function slotKey(t: usize, slot: u32): usize {
  return keyOf(t, entryOf(t, slot));
}

export function slotKeyLength(t: usize, slot: u32): u32 {
  return load<u32>(entryOf(t, slot), 8);
}
