// in: the words of `join` and `union`, and their second input
// out: the stages, or a usage error

import { check } from './check.ts';
import { readDuration, readPositive } from './duration.ts';
import { usage } from './failure.ts';
import type { Point } from './point.ts';
import type { Right } from './right.ts';
import type { Stage } from './stage.ts';
import type { JoinRules, JoinType } from './stages/joined.ts';
import { IntervalJoin, RegularJoin, WindowJoin } from './stages/joins.ts';
import { AsOfJoin, LookupJoin } from './stages/lookups.ts';
import { Union } from './stages/two-inputs.ts';
import { bare, parseNames, parseOne, parsePairs } from './syntax.ts';
import { assignKind } from './windows.ts';
import type { Options, StageWords } from './words.ts';

const FORMS = ['within', 'window', 'as-of', 'lookup'] as const;
const TYPES: readonly JoinType[] = ['inner', 'left', 'right', 'full', 'semi', 'anti'];

function formOf(options: Options): (typeof FORMS)[number] | undefined {
  const forms = FORMS.filter((name) => options[name] !== undefined);
  if (forms.length > 1) throw usage(`join: one of --${forms.join(', --')}`);
  const [form] = forms;
  if (options['offset'] !== undefined && form !== 'window') throw usage('--offset belongs to --window');
  if (options['ttl'] !== undefined && form !== undefined) throw usage(`--ttl does not go with --${form}`);
  if (options['on'] === undefined && form !== 'within' && form !== 'window') throw usage('join: --on is missing');
  return form;
}

function rulesOf(options: Options): JoinRules {
  const type = (options['type'] ?? 'inner') as JoinType;
  if (!TYPES.includes(type)) throw usage(`--type ${type}`);
  const where = options['where'] === undefined ? undefined : bare(parseOne(options['where']));
  if (where) check(where, {});
  return {
    type,
    on: options['on'] === undefined ? [] : parsePairs(options['on']),
    where,
    as: options['as'] === undefined ? undefined : parseNames(options['as'])[0],
    lateFile: options['late-output'],
  };
}

/** Every left record comes out at most once, as far as time goes: its time and its window go on. */
function leavesLeft({ type }: JoinRules): boolean {
  return type !== 'right' && type !== 'full';
}

export function buildJoin({ options }: StageWords, point: Point, right: Right): Stage {
  const form = formOf(options);
  const rules = rulesOf(options);
  const { job } = point;
  const both = point.timed && right.point.timed;
  const needBoth = (what: string) => {
    if (!both) throw usage(`${what} needs event time on both sides`);
  };
  if (form === 'within' || form === 'window' || form === 'as-of') needBoth(`--${form}`);
  if (options['ttl'] !== undefined) needBoth('--ttl');
  const before = { ...point };
  point.windowed = form === 'window' || (point.windowed && (rules.type === 'semi' || rules.type === 'anti'));
  point.keyBy = undefined;
  if (form === 'within') return buildWithin(options['within']!, rules, point, right);
  if (form === 'window') return new WindowJoin(job, right, rules, assignKind(options['window']!, options['offset'], job.zone));
  if (form === 'as-of') {
    point.windowed = before.windowed;
    if (rules.type !== 'inner' && rules.type !== 'left') throw usage('--as-of goes with --type inner and left');
    return new AsOfJoin(job, right, rules);
  }
  if (form === 'lookup') {
    point.windowed = before.windowed && leavesLeft(rules);
    point.timed = before.timed && (right.point.timed || leavesLeft(rules));
    return new LookupJoin(job, right, rules, point.timed);
  }
  const ttl = options['ttl'] === undefined ? Number.POSITIVE_INFINITY : readPositive(options['ttl']);
  point.timed = both || (before.timed ? leavesLeft(rules) : right.point.timed && ['inner', 'right'].includes(rules.type));
  return new RegularJoin(job, right, both ? 'time' : 'left', rules, ttl, point.timed);
}

function buildWithin(text: string, rules: JoinRules, { job }: Point, right: Right): Stage {
  const bounds = text.split(',').map((part) => readDuration(part.trim()));
  if (bounds.length !== 2 || bounds.some((b) => b.unit === 'mo')) throw usage(`--within ${text}`);
  const [lower, upper] = bounds as [{ ms: number }, { ms: number }];
  if (lower.ms > upper.ms) throw usage(`--within ${text}: nothing lies between`);
  return new IntervalJoin(job, right, rules, lower.ms, upper.ms);
}

export function buildUnion(point: Point, right: Right): Stage {
  point.timed &&= right.point.timed;
  point.windowed &&= right.point.windowed && point.timed;
  point.keyBy = undefined;
  return new Union(point.job, right, point.timed ? 'time' : 'left', point.timed, point.windowed);
}
