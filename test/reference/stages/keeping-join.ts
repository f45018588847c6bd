// in: records of two sides
// out: what joins that keep records for partners to come have in common

import type { Rec, Span } from '../record.ts';
import type { Right } from '../right.ts';
import type { Job, Out } from '../stage.ts';
import { isMatch, isOuter, joinBoth, joinKey, joinOne, type JoinRules } from './joined.ts';
import { type Order, type Side, TwoInputs } from './two-inputs.ts';

export interface Kept {
  readonly rec: Rec;
  readonly side: Side;
  /** undefined: joins nothing */
  readonly key: string | undefined;
  readonly arrival: number;
  /** the watermark at which no partner can come any more, and it goes */
  readonly until: number;
  readonly span?: Span | undefined;
  isMatched: boolean;
}

/** Matches come out at once; what has none, when it goes. */
export abstract class KeepingJoin extends TwoInputs {
  private kept: Kept[] = [];
  private arrived = 0;

  constructor(
    job: Job,
    right: Right,
    order: Order,
    protected readonly rules: JoinRules,
  ) {
    super(job, right, order);
  }

  /** Until which watermark a record is kept, for each window that it falls into; undefined: it is late. */
  protected abstract places(rec: Rec, side: Side): { until: number; span?: Span }[] | undefined;

  protected abstract meet(left: Rec, right: Rec): boolean;

  /** Time and window of what comes of them. */
  protected abstract beside(span: Span | undefined, left: Rec | undefined, right: Rec | undefined): { time?: number | undefined; window?: Span | undefined };

  /** The order in which records without a partner come out. */
  protected abstract compare(a: Kept, b: Kept): number;

  protected take(side: Side, rec: Rec, out: Out): void {
    const places = this.places(rec, side);
    if (!places) return this.late(rec, this.rules.lateFile);
    for (const place of places) {
      const kept: Kept = { rec, side, key: joinKey(rec, side, this.rules, this.job), arrival: this.arrived++, isMatched: false, ...place };
      for (const other of this.kept.filter((o) => isPartner(o, kept))) this.pair(side === 'left' ? kept : other, side === 'left' ? other : kept, out);
      this.kept.push(kept);
    }
  }

  private pair(left: Kept, right: Kept, out: Out): void {
    if (!this.meet(left.rec, right.rec)) return;
    const { type, where } = this.rules;
    const isOne = type === 'semi' || type === 'anti';
    if (isOne && (left.isMatched || !where)) return this.known(left, right, out);
    const both = joinBoth(left.rec, right.rec, this.rules, this.job, this.beside(left.span, left.rec, right.rec));
    if (!isMatch(both, this.rules, this.now, this.job)) return;
    this.known(left, right, out);
    if (!isOne) out.record(both);
  }

  private known(left: Kept, right: Kept, out: Out): void {
    if (this.rules.type === 'semi' && !left.isMatched) this.alone(left, out);
    left.isMatched = true;
    right.isMatched = true;
  }

  private alone({ rec, side, span }: Kept, out: Out): void {
    const beside = this.beside(span, side === 'left' ? rec : undefined, side === 'right' ? rec : undefined);
    out.record(joinOne(rec, side, this.rules, this.job, beside));
  }

  override fire(watermark: number, out: Out): void {
    if (!this.kept.some((k) => k.until <= watermark)) return;
    const due = this.kept.filter((k) => k.until <= watermark);
    this.kept = this.kept.filter((k) => k.until > watermark);
    for (const kept of due.sort((a, b) => this.compare(a, b))) if (!kept.isMatched && isOuter(this.rules.type, kept.side)) this.alone(kept, out);
  }
}

function isPartner(a: Kept, b: Kept): boolean {
  return a.side !== b.side && a.key !== undefined && a.key === b.key && a.span?.start === b.span?.start && a.span?.end === b.span?.end;
}

/** Left before right, then by arrival. */
export function bySide(a: Kept, b: Kept): number {
  return (a.side === b.side ? 0 : a.side === 'left' ? -1 : 1) || a.arrival - b.arrival;
}
