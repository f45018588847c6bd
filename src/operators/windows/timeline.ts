// in: the watermarks before the rows of a batch, and after the last
// out: the steps in which the watermark reaches what timers wait for

import { type Batch, WATERMARK_STEP } from '../../model/batch.ts';
import type { OperatorContext } from '../../model/stage.ts';
import type { StateReader, StateWriter } from '../../model/state.ts';

/** What has timers: windows, and everything else that waits for the watermark. */
export interface TimerOwner {
  /** the watermark at which the next timer fires; Infinity: there is none */
  nextTimer(): number;
  /**
   * The watermark steps from `before` to `watermark`, which at least one timer waits for: fires all that it reaches. The timers of other keys may be somewhere else;
   * all that are due at `until` or earlier (which is the watermark at the latest) are here, and only those fire.
   */
  fire(watermark: number, before: number, until: number): void;
}

/** Follows the watermark through batches, one row's step at a time, though it looks only at the steps that fire a timer. */
export class Timeline {
  /** the watermark that stands */
  now = Number.NEGATIVE_INFINITY;
  /** rows of this batch whose step has been taken */
  private row = 0;

  constructor(
    private readonly owner: TimerOwner,
    private readonly context: Pick<OperatorContext, 'cause' | 'evicted'>,
  ) {}

  /** The watermark at which the next timer fires, wherever it is. */
  get next(): number {
    const { nextDue } = this.context.evicted;
    const own = this.owner.nextTimer();
    return own < nextDue ? own : nextDue;
  }

  /** A new batch is at hand. */
  begin(): void {
    this.row = 0;
  }

  /** Goes on to the watermark before `row`. */
  to(batch: Batch, row: number): void {
    const target = batch.watermark[row]!;
    while (this.next <= target) {
      const at = this.firstReaching(batch, row, this.next);
      if (at > this.row) this.now = Math.max(this.now, batch.watermark[at - 1]!);
      this.step(batch.watermark[at]!, batch.sequence[at]!);
      this.row = at;
    }
    this.row = row;
    this.now = target;
    this.context.cause.sequence = batch.sequence[row]!;
    this.context.cause.order = '';
  }

  /** The row has been taken: a timer that it set for a time that is over already fires behind it, not before. */
  took(batch: Batch, row: number): void {
    this.row = row;
    this.now = Math.max(this.now, batch.watermark[row]!);
    this.context.cause.sequence = batch.sequence[row]!;
    this.context.cause.order = '';
  }

  /** Goes on to the watermark behind the batch. */
  finish(batch: Batch): void {
    if (batch.rows > 0 && this.next <= batch.watermark[batch.rows - 1]!) this.to(batch, batch.rows - 1);
    if (batch.rows > 0) this.now = Math.max(this.now, batch.watermark[batch.rows - 1]!);
    // Infinity is no timer, though at the end the watermark is.
    while (this.next < Number.POSITIVE_INFINITY && this.next <= batch.after) this.step(batch.after, batch.afterSequence);
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
    if (watermark > this.now) this.context.cause.sequence = sequence - WATERMARK_STEP;
    this.context.evicted.fire(watermark, (until) => this.owner.fire(watermark, this.now, until));
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
