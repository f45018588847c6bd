// in: rows of a store
// out: each by itself, with its text, for snapshots and for conditions; and back

import { memory } from '../../wasm/memory.ts';
import { loadRow, Row, type SavedRow, type SavedRows } from './row.ts';
import type { RowStore } from './row-store.ts';

/** A row by itself. */
export function rowOf(store: RowStore, row: number): Row {
  return new Row(store.isLeft(row), store.keyOf(row), store.textOf(row), store.times[row]!, store.windowOf(row));
}

export function savedRow(store: RowStore, row: number): SavedRow {
  const window = store.windowOf(row);
  return [store.keyOf(row) ?? null, store.textOf(row), store.times[row]!, window?.start ?? null, window?.end ?? null, store.arrivals[row]!, store.isMatched(row)];
}

/** All rows of a slot. */
export function savedRows(store: RowStore, slot: number): SavedRows {
  const saved = (isLeft: boolean) => [...store.ofSlot(slot, isLeft)].map((row) => savedRow(store, row));
  return { left: saved(true), right: saved(false) };
}

/** Keeps a row that was saved; its number is returned. */
export function loadInto(store: RowStore, saved: SavedRow, isLeft: boolean): number {
  const m = memory();
  const { key, text, time, window, arrival, isMatched } = loadRow(saved, isLeft);
  const mark = m.kernels.scratchTop();
  m.needScratch(mark, text.length + (key?.length ?? 0) + 64);
  const keyAt = m.put(text, mark);
  m.put(key ?? '', keyAt);
  const row = store.add(isLeft, mark, text.length, time, window, arrival);
  if (key !== undefined) store.link(row, store.keys.make(keyAt, key.length, m.kernels.hashKey(keyAt, key.length)));
  if (isMatched) store.match(row);
  return row;
}
