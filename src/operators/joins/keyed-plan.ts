// in: what a join by key knows from the plan, and times of rows
// out: where pairs stand, and how long rows are kept

import { orderText } from '../../model/order.ts';
import type { Place } from './result-maker.ts';
import type { SavedRows } from './row.ts';
import type { JoinRules } from './types.ts';

/** Which records are partners, and how long they are kept. */
export interface KeyedPlan {
  readonly rules: JoinRules;
  /** bounds of right.time − left.time, ms; undefined: times do not matter, and no record is late */
  readonly within: readonly [lower: number, upper: number] | undefined;
  /** ms behind its time at which a left and a right record are dropped; Infinity: kept to the end */
  readonly keepLeft: number;
  readonly keepRight: number;
  /** whether the sides have event time */
  readonly timed: { readonly left: boolean; readonly right: boolean };
  /** ms that the watermark is held back behind the join; Infinity: to the end */
  readonly hold: number;
}

/** The watermark at which a row is of no more use. */
export function endOf({ keepLeft, keepRight }: KeyedPlan, isLeft: boolean, time: number): number {
  return time + (isLeft ? keepLeft : keepRight);
}

/** The first watermark at which one of a key's rows is of no more use, as order of keys on disk; undefined: none ever is. */
export function dueOf(plan: KeyedPlan, { left, right }: SavedRows): string | undefined {
  const ends = [...left.map(([, , time]) => endOf(plan, true, time)), ...right.map(([, , time]) => endOf(plan, false, time))];
  const first = ends.reduce((least, end) => Math.min(least, end), Number.POSITIVE_INFINITY);
  return first < Number.POSITIVE_INFINITY ? orderText(first) : undefined;
}

/** A pair has the later of the times that there are. */
export function pairPlace({ timed }: KeyedPlan, left: number, right: number): Place {
  return { time: timed.left && timed.right ? Math.max(left, right) : timed.left ? left : right, window: undefined };
}
