// in: rows of a store
// out: those that come out without a partner, in order

import { UNKNOWN } from './byte-shapes.ts';
import type { RecordBytes } from './byte-splicer.ts';
import type { Place } from './result-maker.ts';
import type { JoinResults } from './results.ts';
import type { RowStore } from './row-store.ts';
import { rowOf } from './stored-rows.ts';
import type { JoinRules } from './types.ts';

export class AloneRows {
  private readonly bytes: RecordBytes = { at: 0, end: 0, shape: UNKNOWN };

  constructor(
    private readonly rules: JoinRules,
    private readonly results: JoinResults,
  ) {}

  /** Whether a row comes out, if it gets no partner any more. */
  has(store: RowStore, row: number): boolean {
    return !store.isMatched(row) && (store.isLeft(row) ? this.rules.leftAlone : this.rules.rightAlone);
  }

  /** A row comes out by itself. A left one that comes out as it is keeps its window. */
  put(store: RowStore, row: number): void {
    const place: Place = { time: store.times[row]!, window: this.rules.pairs ? undefined : store.windowOf(row) };
    store.bytesOf(row, this.bytes);
    if (store.isLeft(row)) this.results.plain(this.bytes, place);
    else this.results.rightAlone(rowOf(store, row), place);
  }

  /** Rows come out by time, of equal times left ones first. */
  putByTime(store: RowStore, rows: number[]): void {
    rows.sort((a, b) => store.times[a]! - store.times[b]! || bySide(store, a, b));
    for (const row of rows) this.put(store, row);
  }

  /** Left rows come out before right ones, each in order of arrival. */
  putBySide(store: RowStore, rows: number[]): void {
    rows.sort((a, b) => bySide(store, a, b));
    for (const row of rows) this.put(store, row);
  }
}

function bySide(store: RowStore, a: number, b: number): number {
  return Number(store.isLeft(b)) - Number(store.isLeft(a)) || store.arrivals[a]! - store.arrivals[b]!;
}
