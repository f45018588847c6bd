// in: records of two sides
// out: joins that keep records for partners to come: `--within`, `--window`, and all of them

import type { Rec, Span } from '../record.ts';
import type { Right } from '../right.ts';
import type { Job } from '../stage.ts';
import type { Assign } from '../windows.ts';
import { isOuter, type JoinRules } from './joined.ts';
import { bySide, KeepingJoin, type Kept } from './keeping-join.ts';
import type { Order, Side } from './two-inputs.ts';

function heldBack(watermark: number, ms: number): number {
  return Number.isFinite(watermark) ? watermark - ms : watermark;
}

/** `--within`: lower <= right.time - left.time <= upper. */
export class IntervalJoin extends KeepingJoin {
  constructor(
    job: Job,
    right: Right,
    rules: JoinRules,
    private readonly lower: number,
    private readonly upper: number,
  ) {
    super(job, right, 'time', rules);
  }

  protected places(rec: Rec, side: Side): { until: number }[] | undefined {
    if (rec.time! < this.now) return undefined;
    return [{ until: rec.time! + 1 + (side === 'left' ? this.upper : -this.lower) }];
  }

  protected meet(left: Rec, right: Rec): boolean {
    const distance = right.time! - left.time!;
    return this.lower <= distance && distance <= this.upper;
  }

  protected beside(_span: undefined, left: Rec | undefined, right: Rec | undefined): { time: number; window?: Span | undefined } {
    return { time: Math.max(left?.time ?? Number.NEGATIVE_INFINITY, right?.time ?? Number.NEGATIVE_INFINITY), window: windowOf(this.rules, left) };
  }

  protected compare(a: Kept, b: Kept): number {
    return a.rec.time! - b.rec.time! || bySide(a, b);
  }

  protected override held(watermark: number): number {
    const { type } = this.rules;
    const left = isOuter(type, 'left') || type === 'semi' ? Math.max(this.upper, 0) + 1 : 0;
    const right = isOuter(type, 'right') ? Math.max(-this.lower, 0) + 1 : 0;
    return heldBack(watermark, Math.max(left, right));
  }
}

/** A left record that comes out as it is keeps its window. */
function windowOf({ type }: JoinRules, left: Rec | undefined): Span | undefined {
  return type === 'semi' || type === 'anti' ? left?.window : undefined;
}

/** `--window`: both in the same window. */
export class WindowJoin extends KeepingJoin {
  constructor(
    job: Job,
    right: Right,
    rules: JoinRules,
    private readonly assign: Assign,
  ) {
    super(job, right, 'time', rules);
  }

  protected places(rec: Rec): { until: number; span: Span }[] | undefined {
    const spans = this.assign(rec.time!);
    const open = spans.filter(({ end }) => end - 1 > this.now);
    return spans.length > 0 && open.length === 0 ? undefined : open.map((span) => ({ until: span.end - 1, span }));
  }

  protected meet(): boolean {
    return true;
  }

  protected beside(span: Span | undefined): { time: number; window: Span } {
    return { time: span!.end - 1, window: span! };
  }

  protected compare(a: Kept, b: Kept): number {
    return a.span!.end - b.span!.end || a.span!.start - b.span!.start || bySide(a, b);
  }
}

/** Everything is kept, or with `--ttl` so long. */
export class RegularJoin extends KeepingJoin {
  /** `timed`: what comes of it has a time */
  constructor(
    job: Job,
    right: Right,
    order: Order,
    rules: JoinRules,
    private readonly ttl: number,
    private readonly timed: boolean,
  ) {
    super(job, right, order, rules);
  }

  protected places(rec: Rec): { until: number }[] {
    return [{ until: this.ttl === Number.POSITIVE_INFINITY ? this.ttl : rec.time! + this.ttl }];
  }

  protected meet(): boolean {
    return true;
  }

  protected beside(_span: undefined, left: Rec | undefined, right: Rec | undefined): { time: number | undefined; window: Span | undefined } {
    const times = [left?.time, right?.time].filter((t) => t !== undefined);
    return { time: this.timed && times.length > 0 ? Math.max(...times) : undefined, window: windowOf(this.rules, left) };
  }

  protected compare(a: Kept, b: Kept): number {
    return (this.ttl === Number.POSITIVE_INFINITY ? 0 : a.rec.time! - b.rec.time!) || bySide(a, b);
  }

  protected override held(watermark: number): number {
    if (this.ttl === Number.POSITIVE_INFINITY && watermark !== Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
    return heldBack(watermark, this.ttl);
  }
}
