// in: a row
// out: the cause of rows that are made of it

import type { Batch } from '../model/batch.ts';
import type { Cause } from '../model/stage.ts';

/** What is made next comes of this row, and has its place among all results. */
export function causedBy(cause: Cause, batch: Batch, row: number): void {
  cause.sequence = batch.sequence[row]!;
  if (cause.isOrdered) cause.order = batch.isOrdered ? batch.memory.latin1Slice(batch.orderStart[row], batch.orderEnd[row]) : '';
}
