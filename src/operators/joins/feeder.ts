// in: rows of a stream, one by one
// out: batches of one row, for a branch of the stream

import type { Feeder, Layout, OperatorContext, RecordMaker } from '../../model/stage.ts';
import type { Row } from './row.ts';

/** The row at hand, and the watermark behind it. */
export type NextRow = () => { readonly row: Row; readonly behind: number };

/** Gives a branch the records of its stream, so that it is known which rows come of which record. */
export class RowFeeder implements Feeder {
  private readonly records: RecordMaker;

  constructor(
    private readonly context: OperatorContext,
    layout: Layout,
    private readonly next: NextRow,
  ) {
    this.records = context.records(layout);
  }

  feed(): void {
    const { row, behind } = this.next();
    if (row.text !== '') {
      const at = this.records.add(row.text, row.time, row.watermark);
      this.records.batch.windowStart[at] = row.windowStart;
      this.records.batch.windowEnd[at] = row.windowEnd;
    }
    this.records.flush(behind);
  }

  end(): void {
    this.records.flush(Number.POSITIVE_INFINITY);
    this.context.out.end();
  }
}
