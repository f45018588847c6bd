// in: kept rows, in the order in which they are to come out
// out: batches of them

import type { Layout, OperatorContext, RecordMaker } from '../../model/stage.ts';
import type { KeptRow } from './kept-rows.ts';

/** Passes kept rows on. `watermark` is the one that stands while they come out. */
export class RowEmitter {
  readonly records: RecordMaker;
  watermark = Number.NEGATIVE_INFINITY;

  constructor(context: OperatorContext, layout: Layout) {
    this.records = context.records(layout);
  }

  /** Returns the row's number in `records.batch`. */
  emit(kept: KeptRow): number {
    const row = this.records.add(kept.text, kept.time, this.watermark);
    this.records.batch.windowStart[row] = kept.windowStart;
    this.records.batch.windowEnd[row] = kept.windowEnd;
    return row;
  }

  flush(after: number): void {
    this.records.flush(after);
    this.watermark = after;
  }
}
