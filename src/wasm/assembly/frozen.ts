// in: a table of groups that goes on changing
// out: the groups as they were when it was frozen, a piece at a time, in order of their key groups; and tables from such pieces again
//
// A frozen table: u32 table · u32 rows that have been taken · u32 rows · u32 newest chunk · u32 bytes used of it · u32 bytes of a chunk
// A chunk: u32 the chunk before it · images: accumulators of a row as they were, put there before the row changes; its entry says where
// A piece: u32 rows · u32 bytes of an accumulator · u32 bytes of keys · u32 rows of the whole table · u32 × 128 rows by key group
//          · u32 × rows lengths of keys · accumulators · keys
// (Dribble and copy on update: Salles et al., An evaluation of checkpoint recovery for massively multiplayer online games, VLDB 2009.)

import { alloc, free } from './heap';
import { hashKey } from './keys';
import { entryOf, keyOf, tableReserve, tableUpsert } from './table';

const FROZEN_BYTES: usize = 32;
const CHUNK_BYTES: u32 = 1 << 16;
const CHUNK_HEAD: usize = 16;
const ENTRY_HEAD: usize = 16;
const GROUPS: u32 = 128;
const GROUP_SHIFT: u32 = 25;
const PIECE_HEAD: usize = 16 + (<usize>GROUPS << 2);

/** By key group: where its next row goes, and its next key. */
const rowAt = memory.data(512, 16);
const keyAt = memory.data(512, 16);

/** From now on the table's rows are kept as they are until they have been taken; what is added later is none of them. */
export function tableFreeze(t: usize): void {
  const f = alloc(FROZEN_BYTES);
  store<u32>(f, <u32>t);
  store<u32>(f, 0, 4);
  store<u32>(f, load<u32>(t, 16), 8);
  store<u32>(f, 0, 12);
  // A row has an image of its own however wide it is.
  const chunk = max(CHUNK_BYTES, load<u32>(t, 20) + <u32>CHUNK_HEAD);
  store<u32>(f, chunk, 16);
  store<u32>(f, chunk, 20);
  store<u32>(t, <u32>f, 36);
}

/** Nobody takes more of its rows. */
export function tableThaw(t: usize): void {
  const f = <usize>load<u32>(t, 36);
  for (let s = load<u32>(f, 4); s < load<u32>(f, 8); s++) store<u32>(entryOf(t, s), 0, 12);
  let chunk = <usize>load<u32>(f, 12);
  while (chunk) {
    const before = <usize>load<u32>(chunk);
    free(chunk, load<u32>(f, 20));
    chunk = before;
  }
  free(f, FROZEN_BYTES);
  store<u32>(t, 0, 36);
}

/** Address of room for an image. */
function imageRoom(f: usize, bytes: u32): usize {
  if (load<u32>(f, 16) + bytes > load<u32>(f, 20)) {
    const chunk = alloc(load<u32>(f, 20));
    store<u32>(chunk, load<u32>(f, 12));
    store<u32>(f, <u32>chunk, 12);
    store<u32>(f, <u32>CHUNK_HEAD, 16);
  }
  const used = load<u32>(f, 16);
  store<u32>(f, used + bytes, 16);
  return <usize>load<u32>(f, 12) + used;
}

/** Keeps images of rows that are about to change: of the selected rows' slots, in those of their tables that are frozen. */
export function keepImages(sel: usize, count: u32, tables: usize, slots: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const r = <usize>load<u32>(sel + (k << 2)) << 2;
    const t = <usize>load<u32>(tables + r);
    const f = <usize>load<u32>(t, 36);
    if (!f) continue;
    const slot = load<u32>(slots + r);
    if (slot < load<u32>(f, 4) || slot >= load<u32>(f, 8)) continue;
    const entry = entryOf(t, slot);
    if (load<u32>(entry, 12)) continue;
    const bytes = load<u32>(t, 20) - <u32>ENTRY_HEAD;
    const image = imageRoom(f, bytes);
    memory.copy(image, entry + ENTRY_HEAD, bytes);
    store<u32>(entry, <u32>image, 12);
  }
}

/** The first row that has not been taken. */
export function frozenNext(t: usize): u32 {
  return load<u32>(<usize>load<u32>(t, 36), 4);
}

/** How many rows the next piece of about `most` bytes has; 0: all have been taken. */
export function frozenRows(t: usize, most: u32): u32 {
  const f = <usize>load<u32>(t, 36);
  const from = load<u32>(f, 4);
  let n: u32 = 0;
  while (from + n < load<u32>(f, 8) && (n == 0 || pieceBytes(t, from, n + 1) <= most)) n++;
  return n;
}

/** Bytes of a piece of the next n rows. */
export function frozenBytes(t: usize, n: u32): usize {
  return pieceBytes(t, frozenNext(t), n);
}

function pieceBytes(t: usize, from: u32, n: u32): usize {
  return PIECE_HEAD + <usize>n * (load<u32>(t, 20) - <u32>ENTRY_HEAD + 4) + keyBytes(t, from, n);
}

/** Keys stand behind one another. */
function keyBytes(t: usize, from: u32, n: u32): u32 {
  const last = entryOf(t, from + n - 1);
  return load<u32>(last, 4) + load<u32>(last, 8) - load<u32>(entryOf(t, from), 4);
}

/** Writes the next n rows (one at least) to `to`, as a piece; they have been taken then. */
export function takeFrozen(t: usize, n: u32, to: usize): void {
  const f = <usize>load<u32>(t, 36);
  const from = load<u32>(f, 4);
  const width = load<u32>(t, 20) - <u32>ENTRY_HEAD;
  store<u32>(to, n);
  store<u32>(to, width, 4);
  store<u32>(to, keyBytes(t, from, n), 8);
  store<u32>(to, load<u32>(f, 8), 12);
  countGroups(t, from, n, to + 16);
  const lengths = to + PIECE_HEAD;
  const rows = lengths + (<usize>n << 2);
  const keys = rows + <usize>n * width;
  for (let s = from; s < from + n; s++) {
    const entry = entryOf(t, s);
    const length = load<u32>(entry, 8);
    const g = <usize>(load<u32>(entry) >>> GROUP_SHIFT) << 2;
    const row = load<u32>(rowAt + g);
    const image = <usize>load<u32>(entry, 12);
    store<u32>(lengths + (<usize>row << 2), length);
    memory.copy(rows + <usize>row * width, image ? image : entry + ENTRY_HEAD, width);
    memory.copy(keys + load<u32>(keyAt + g), keyOf(t, entry), length);
    store<u32>(rowAt + g, row + 1);
    store<u32>(keyAt + g, load<u32>(keyAt + g) + length);
    store<u32>(entry, 0, 12);
  }
  store<u32>(f, from + n, 4);
}

/** Rows by key group go to `counts`, where each group begins to rowAt and keyAt. */
function countGroups(t: usize, from: u32, n: u32, counts: usize): void {
  memory.fill(counts, 0, <usize>GROUPS << 2);
  memory.fill(keyAt, 0, <usize>GROUPS << 2);
  for (let s = from; s < from + n; s++) {
    const entry = entryOf(t, s);
    const g = <usize>(load<u32>(entry) >>> GROUP_SHIFT) << 2;
    store<u32>(counts + g, load<u32>(counts + g) + 1);
    store<u32>(keyAt + g, load<u32>(keyAt + g) + load<u32>(entry, 8));
  }
  let row: u32 = 0;
  let key: u32 = 0;
  for (let g: usize = 0; g < <usize>GROUPS << 2; g += 4) {
    store<u32>(rowAt + g, row);
    row += load<u32>(counts + g);
    const bytes = load<u32>(keyAt + g);
    store<u32>(keyAt + g, key);
    key += bytes;
  }
}

function wantedGroups(wanted: usize): u32 {
  let n: u32 = 0;
  for (let g: u32 = 0; g < GROUPS; g++) n += <u32>(load<u8>(wanted + g) != 0);
  return n;
}

/** Puts the rows of a piece into a table, in place of what is there under their keys: those of the key groups g where wanted[g] is not 0. The bytes may be read 8 beyond their end. */
export function loadPiece(t: usize, piece: usize, wanted: usize): void {
  const n = load<u32>(piece);
  const width = load<u32>(piece, 4);
  tableReserve(t, <u32>(<u64>load<u32>(piece, 12) * wantedGroups(wanted) / GROUPS));
  let length = piece + PIECE_HEAD;
  let row = length + (<usize>n << 2);
  let key = row + <usize>n * width;
  for (let g: u32 = 0; g < GROUPS; g++) {
    const isWanted = load<u8>(wanted + g) != 0;
    const behind = length + (<usize>load<u32>(piece + 16 + (g << 2)) << 2);
    for (; length < behind; length += 4) {
      const bytes = load<u32>(length);
      if (isWanted) {
        const slot = tableUpsert(t, key, bytes, hashKey(key, bytes)); // may move the entries
        memory.copy(entryOf(t, slot) + ENTRY_HEAD, row, width);
      }
      row += width;
      key += bytes;
    }
  }
}
