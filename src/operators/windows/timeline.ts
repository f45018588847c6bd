// in: the watermarks before the rows of a batch, and after the last
// out: the steps in which the watermark reaches what timers wait for

import { type Batch, WATERMARK_STEP } from '../../model/batch.ts';
import type { Cause } from '../../model/stage.ts';
import type { StateReader, StateWriter } from '../../model/state.ts';

/** What has timers: windows, and everything else that waits for the watermark. */
export interface TimerOwner {
  /** the watermark at which the next timer fires; Infinity: there is none */
  nextTimer(): number;
  /** The watermark steps from `before` to `watermark`, which at least one timer waits for: fires all that it reaches. */
  fire(watermark: number, before: number): void;
}

/** Follows the watermark through batches, one row's step at a time, though it looks only at the steps that fire a timer. */
export class Timeline {
  /** the watermark that stands */
  now = Number.NEGATIVE_INFINITY;
  /** rows of this batch whose step has been taken */
  private row = 0;

  constructor(
    private readonly owner: TimerOwner,
    private readonly cause: Cause,
  ) {}

  /** A new batch is at hand. */
  begin(): void {
    this.row = 0;
  }

  /** Goes on to the watermark before `row`. */
  to(batch: Batch, row: number): void {
    const target = batch.watermark[row]!;
    while (this.owner.nextTimer() <= target) {
      const at = this.firstReaching(batch, row, this.owner.nextTimer());
      if (at > this.row) this.now = Math.max(this.now, batch.watermark[at - 1]!);
      this.step(batch.watermark[at]!, batch.sequence[at]!);
      this.row = at;
    }
    this.row = row;
    this.now = target;
    this.cause.sequence = batch.sequence[row]!;
    this.cause.order = '';
  }

  /** The row has been taken: a timer that it set for a time that is over already fires behind it, not before. */
  took(batch: Batch, row: number): void {
    this.row = row;
    this.now = Math.max(this.now, batch.watermark[row]!);
    this.cause.sequence = batch.sequence[row]!;
    this.cause.order = '';
  }

  /** Goes on to the watermark behind the batch. */
  finish(batch: Batch): void {
    if (batch.rows > 0 && this.owner.nextTimer() <= batch.watermark[batch.rows - 1]!) this.to(batch, batch.rows - 1);
    if (batch.rows > 0) this.now = Math.max(this.now, batch.watermark[batch.rows - 1]!);
    // Infinity is no timer, though at the end the watermark is.
    while (this.owner.nextTimer() < Number.POSITIVE_INFINITY && this.owner.nextTimer() <= batch.after) this.step(batch.after, batch.afterSequence);
    this.now = Math.max(this.now, batch.after);
  }

  save(to: StateWriter): void {
    to.whole('watermark', this.now);
  }

  load(from: StateReader): void {
    this.now = (from.whole('watermark') as number | undefined) ?? this.now;
  }

  private step(watermark: number, sequence: number): void {
    // Where the watermark does not step, the row that was taken last is the cause.
    if (watermark > this.now) this.cause.sequence = sequence - WATERMARK_STEP;
    this.owner.fire(watermark, this.now);
    this.now = watermark;
  }

  /** The first row from this.row to `last` whose watermark is at least `time`; `last` is known to be one. */
  private firstReaching(batch: Batch, last: number, time: number): number {
    let low = this.row;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (batch.watermark[middle]! >= time) high = middle;
      else low = middle + 1;
    }
    return high;
  }
}
