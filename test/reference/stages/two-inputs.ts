// in: records of two sides: a stream, and RIGHT
// out: which of them is taken next, and the watermark of both

import type { Rec } from '../record.ts';
import type { Right } from '../right.ts';
import { connect } from '../source.ts';
import { type Job, type Out, Stage } from '../stage.ts';

export type Side = 'left' | 'right';

/** `time`: the side whose next record is earlier, left before right; `left`, `right`: this side to its end first. */
export type Order = 'time' | Side;

/**
 * The watermark of a side is the one before its next record, +∞ where there is none. What a filter has dropped is taken in its turn, too, and does nothing
 * but that. A branch of the stream itself gets each record behind the left side, and each watermark.
 */
export abstract class TwoInputs extends Stage {
  protected readonly watermarks: Record<Side, number> = { left: Number.NEGATIVE_INFINITY, right: Number.NEGATIVE_INFINITY };
  /** the watermark behind the last record from the left, which counts when the next one is known */
  private behind = Number.NEGATIVE_INFINITY;
  private branch: Out | undefined;
  /** what waits until the branch has ended, where RIGHT goes first */
  private readonly postponed: (() => void)[] = [];

  constructor(
    job: Job,
    private readonly right: Right,
    private readonly order: Order,
  ) {
    super(job);
  }

  protected abstract take(side: Side, rec: Rec, out: Out): void;

  /** The watermark of the stage. */
  protected watermark(): number {
    return Math.min(this.watermarks.left, this.watermarks.right);
  }

  /** The watermark that the stage tells, which what it may still print holds back. */
  protected held(watermark: number): number {
    return watermark;
  }

  override begin(out: Out): void {
    if (this.right.tap) return;
    const sink: Out = { record: (rec) => this.takeOne('right', rec, out), dropped: () => {}, watermark: (ms) => this.reach('right', ms, out) };
    this.branch = connect(this.right.branch, sink);
  }

  record(rec: Rec, out: Out): void {
    this.arrive(rec.time, rec, out);
    this.branch?.record(rec);
  }

  override dropped(time: number, out: Out): void {
    this.arrive(time, undefined, out);
    this.branch?.dropped(time);
  }

  override advance(watermark: number, out: Out): void {
    if (this.branch) this.advanceBoth(watermark, out);
    else if (watermark !== Number.POSITIVE_INFINITY) this.behind = watermark;
    else this.end(out);
  }

  private advanceBoth(watermark: number, out: Out): void {
    this.leftwards(() => this.reach('left', watermark, out));
    this.branch!.watermark(watermark);
    if (watermark !== Number.POSITIVE_INFINITY) return;
    for (const step of this.postponed) step();
  }

  private arrive(time: number | undefined, rec: Rec | undefined, out: Out): void {
    if (!this.branch) {
      this.reach('left', this.behind, out);
      if (this.order !== 'left') this.takeRight(this.order === 'right' ? Number.POSITIVE_INFINITY : time!, out);
    }
    if (rec) this.leftwards(() => this.takeOne('left', rec, out));
  }

  /** Where a branch of the stream goes first, the stream waits for it. */
  private leftwards(step: () => void): void {
    if (this.branch && this.order === 'right') this.postponed.push(step);
    else step();
  }

  private end(out: Out): void {
    if (this.order === 'right') this.takeRight(Number.POSITIVE_INFINITY, out);
    this.reach('left', Number.POSITIVE_INFINITY, out);
    this.takeRight(Number.POSITIVE_INFINITY, out);
    this.right.tap!.finish();
  }

  /** Takes all from RIGHT whose time is below `time`. */
  private takeRight(time: number, out: Out): void {
    const tap = this.right.tap!;
    for (;;) {
      const { head } = tap;
      this.reach('right', head ? head.watermark : Number.POSITIVE_INFINITY, out);
      if (!head || (time !== Number.POSITIVE_INFINITY && head.time! >= time)) return;
      tap.take();
      if (head.rec) this.takeOne('right', head.rec, out);
    }
  }

  private takeOne(side: Side, rec: Rec, out: Out): void {
    this.take(side, rec, out);
    this.fire(this.now, out);
    out.watermark(this.held(this.now));
  }

  /** A side's watermark. Where that of both steps, it fires before anything else is taken. */
  private reach(side: Side, ms: number, out: Out): void {
    this.watermarks[side] = Math.max(this.watermarks[side], ms);
    const both = this.watermark();
    if (both <= this.now) return;
    this.now = both;
    this.fire(both, out);
    out.watermark(this.held(both));
  }
}

/** `union`: the records of both. */
export class Union extends TwoInputs {
  /** `timed`, `windowed`: what both sides have */
  constructor(
    job: Job,
    right: Right,
    order: Order,
    private readonly timed: boolean,
    private readonly windowed: boolean,
  ) {
    super(job, right, order);
  }

  protected take(_side: Side, rec: Rec, out: Out): void {
    out.record(rec.with({ time: this.timed ? rec.time : undefined, window: this.windowed ? rec.window : undefined }));
  }
}
