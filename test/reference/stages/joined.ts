// in: a record from the left and one from the right, or one of them
// out: the record that a join prints of them

import type { Expression } from 'acorn';
import { evaluate, evaluatePlain } from '../evaluate.ts';
import { membersOf, plain } from '../lit.ts';
import { keyOf } from '../order.ts';
import { type Beside, Rec } from '../record.ts';
import { type Job, recordScope } from '../stage.ts';
import type { Pair } from '../syntax.ts';
import { ownTime } from '../times.ts';
import type { Side } from './two-inputs.ts';

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';

export interface JoinRules {
  readonly type: JoinType;
  /** none: all pairs */
  readonly on: readonly Pair[];
  readonly where: Expression | undefined;
  /** the field that holds the right record; undefined: its fields come flat */
  readonly as: string | undefined;
  readonly lateFile: string | undefined;
}

/** Whether a record of this side comes out without a partner. */
export function isOuter(type: JoinType, side: Side): boolean {
  return type === 'full' || type === side || (type === 'anti' && side === 'left');
}

/** The key that it joins by; undefined: a component is null or missing, so it joins nothing. */
export function joinKey(rec: Rec, side: Side, { on }: JoinRules, job: Job): string | undefined {
  const scope = recordScope(rec, Number.NEGATIVE_INFINITY, job.zone);
  const values = on.map((pair) => evaluate(pair[side], scope));
  return values.some((v) => (plain(v) ?? null) === null) ? undefined : JSON.stringify(values.map(keyOf));
}

/** Both records in one, with the bounds of their window where they have one. */
export function joinBoth(left: Rec, right: Rec, { as, on }: JoinRules, job: Job, beside: Beside): Rec {
  const made = as === undefined ? flat(left, right, on) : left.set(as, right.whole());
  return withBounds(made, job, beside);
}

/** The right record's fields behind those of the left one; of duplicates the last counts, in the place of the first. */
function flat(left: Rec, right: Rec, on: readonly Pair[]): Rec {
  const shared = on.map((pair) => pair.same);
  const names = [...new Set(membersOf(right.text).map((m) => m.name))].filter((name) => !(shared.includes(name) && left.get(name)));
  return names.reduce((made, name) => made.set(left.get(name) ? `right_${name}` : name, right.get(name)), left);
}

/** A record that has no partner. */
export function joinOne(rec: Rec, side: Side, { as }: JoinRules, job: Job, beside: Beside): Rec {
  const made = side === 'right' && as !== undefined ? new Rec('{}').set(as, rec.whole()) : rec;
  return withBounds(made, job, beside);
}

function withBounds(rec: Rec, { timestamps }: Job, beside: Beside): Rec {
  const { window } = beside;
  const made = new Rec(rec.text, beside, rec.times);
  return window ? made.set('window_start', ownTime(window.start, timestamps)).set('window_end', ownTime(window.end, timestamps)) : made;
}

/** Whether `--where` lets the pair count; `both` is the record that would come of it. */
export function isMatch(both: Rec, { where }: JoinRules, watermark: number, job: Job): boolean {
  return where === undefined || Boolean(evaluatePlain(where, recordScope(both, watermark, job.zone)));
}

