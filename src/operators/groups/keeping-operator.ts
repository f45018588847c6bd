// in: batches
// out: the steps of an operator that keeps records until the watermark reaches a timer, in one place

import type { Batch } from '../../model/batch.ts';
import type { OperatorContext } from '../../model/stage.ts';
import type { StateReader, StateWriter } from '../../model/state.ts';
import type { LateRecords } from '../windows/late.ts';
import { TimedOperator } from '../windows/timed-operator.ts';
import type { RowEmitter } from './emitter.ts';
import type { RowKeeper } from './kept-rows.ts';

/** What fires may hold rows of the batch at hand, so their texts are written before it does. */
export abstract class KeepingOperator extends TimedOperator {
  constructor(
    context: OperatorContext,
    protected readonly keeper: RowKeeper,
    protected readonly emitter: RowEmitter,
    protected readonly late?: LateRecords,
  ) {
    super(context);
  }

  /** Evaluates what the operator reads, for the selected rows. */
  protected abstract prepare(batch: Batch): void;

  /** Takes a row; the watermark before it has been reached. */
  protected abstract takeRow(batch: Batch, row: number, watermark: number): void;

  protected take(batch: Batch): void {
    this.prepare(batch);
    this.keeper.begin(batch);
    // Writing texts changes what is selected.
    for (const row of batch.sel.slice(0, batch.count)) {
      const watermark = batch.watermark[row]!;
      if (watermark >= this.timeline.next) this.keeper.settle(batch);
      // Also where nothing fires: a record that has just come may be due at once, and then the watermark before it is this one.
      this.timeline.to(batch, row);
      this.takeRow(batch, row, watermark);
      this.timeline.took(batch, row);
    }
    this.keeper.settle(batch);
    this.late?.flush(batch);
  }

  protected passOn(after: number): void {
    this.emitter.flush(after);
  }

  override save(to: StateWriter): void {
    super.save(to);
    this.keeper.saveLast(to);
  }

  override load(from: StateReader): void {
    super.load(from);
    this.keeper.loadLast(from);
  }
}
