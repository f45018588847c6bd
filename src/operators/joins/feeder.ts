// in: rows of a stream, one by one
// out: batches of one row, for a branch of the stream

import type { Feeder, Layout, OperatorContext, RecordMaker } from '../../model/stage.ts';
import type { Row } from './row.ts';

/** The row at hand (undefined: it was filtered out), and the watermarks before and behind it. */
export type NextRow = () => { readonly row: Row | undefined; readonly watermark: number; readonly behind: number };

/** Gives a branch the records of its stream, so that it is known which rows come of which record. */
export class RowFeeder implements Feeder {
  private readonly records: RecordMaker;
  private behind = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly context: OperatorContext,
    layout: Layout,
    private readonly next: NextRow,
  ) {
    this.records = context.records(layout);
  }

  feed(): void {
    const { row, watermark, behind } = this.next();
    this.behind = behind;
    if (!row) return;
    const at = this.records.add(row.text, row.time, watermark);
    this.records.batch.windowStart[at] = row.window?.start ?? Number.NaN;
    this.records.batch.windowEnd[at] = row.window?.end ?? Number.NaN;
    this.records.flush(watermark);
  }

  step(): void {
    this.records.flush(this.behind);
  }

  end(): void {
    this.records.flush(Number.POSITIVE_INFINITY);
    this.context.out.end();
  }
}
