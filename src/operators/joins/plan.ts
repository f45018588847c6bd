// in: the words of `join`
// out: the operator that they mean, planned

import { compilePredicate } from '../../expr/compile.ts';
import { parseExpression, parsePairs } from '../../expr/parse.ts';
import type { Path } from '../../model/column.ts';
import { parseDuration } from '../../model/duration.ts';
import { TextError, UsageError } from '../../model/errors.ts';
import type { OperatorContext, Point, RightInput, StageCall, StagePlan, TwoInputOperator } from '../../model/stage.ts';
import { windowKind } from '../windows/kinds.ts';
import { optionDuration } from '../windows/plan.ts';
import { AsOfJoin } from './as-of.ts';
import { InputRows } from './input-rows.ts';
import { KeyedJoin } from './keyed-join.ts';
import type { KeyedPlan } from './keyed-plan.ts';
import { LateRows, type LateRowsPlan } from './late-rows.ts';
import { LookupJoin } from './lookup.ts';
import { type Meet, planMeet } from './meet.ts';
import { JoinResults } from './results.ts';
import type { ResultPlan } from './result-maker.ts';
import { FlatSplicer, NestingSplicer } from './splicer.ts';
import { type JoinRules, joinRules } from './types.ts';
import { WindowJoin } from './window-join.ts';

/** What both sides are known by in front of the stage, which then changes `point`. */
interface Sides {
  readonly right: RightInput;
  readonly rules: JoinRules;
  readonly call: StageCall;
  readonly point: Point;
  /** whether the sides have event time */
  readonly timed: { readonly left: boolean; readonly right: boolean };
  readonly late: LateRowsPlan;
}

type MakeJoin = (context: OperatorContext, meet: Meet, left: InputRows, right: InputRows, results: JoinResults) => TwoInputOperator;

/** A kind of join. */
interface Kind {
  readonly state: string;
  readonly make: MakeJoin;
  /** its records have event time */
  readonly time: boolean;
  /** the windows that they belong to: of the join, of the left record, or none */
  readonly windows: 'own' | 'left' | 'none';
}

/** Plans a join. Throws UsageError. */
export function planJoin(call: StageCall, point: Point): StagePlan {
  const form = formOf(call);
  const rules = joinRules((call.options['type'] as string | undefined) ?? 'inner', form === undefined ? 'join' : `--${form}`, form === 'as-of' ? ['inner', 'left'] : undefined);
  const right = point.right(call.args[0]!, { isTimeless: form === 'lookup' });
  const timed = { left: point.timed, right: right.point.timed };
  const late = { file: call.options['late-output'] as string | undefined, leftDelay: point.delay, rightDelay: right.point.delay };
  const sides: Sides = { right, rules, call, point, timed, late };
  const kind = kinds[form ?? 'regular'](sides);
  const pairs = onPairs(call, form);
  const meet = planMeet(point, right, { left: pairs.map((p) => p.left), right: pairs.map((p) => p.right) });
  const results = planResults(sides, kind, pairs);
  const names = pairs.map((p) => p.left.join('.'));
  return {
    distribution: names.length > 0 ? { kind: 'hash', keys: names } : { kind: 'single' },
    state: kind.state,
    isEvictable: true,
    right,
    create: (context) => kind.make(context, meet, new InputRows(context, meet.left), new InputRows(context, meet.rightInput), new JoinResults(context, results, rules.type === 'inner')),
  };
}

type Form = 'within' | 'window' | 'as-of' | 'lookup';
const FORMS: readonly Form[] = ['within', 'window', 'as-of', 'lookup'];

function formOf({ options }: StageCall): Form | undefined {
  const given = FORMS.filter((name) => options[name] !== undefined);
  if (given.length > 1) throw new UsageError(`--${given[0]} and --${given[1]} are two kinds of join`, 'give one of them');
  const [form] = given;
  const belongs: readonly [string, readonly (Form | undefined)[], string][] = [
    ['offset', ['window'], 'it moves the windows of --window'],
    ['ttl', [undefined], 'it bounds a join that keeps everything; the others know themselves how long a record is of use'],
  ];
  for (const [name, forms, help] of belongs) {
    if (options[name] !== undefined && !forms.includes(form)) throw new UsageError(`--${name} does not go with ${form === undefined ? 'this join' : `--${form}`}`, help);
  }
  return form;
}

function onPairs({ options }: StageCall, form: Form | undefined): { left: Path; right: Path }[] {
  const on = options['on'];
  if (typeof on === 'string') return parsePairs(on);
  if (form === 'within' || form === 'window') return [];
  throw new UsageError('--on is missing', 'say which fields are equal in both: --on id, or --on user=id where their names differ');
}

function needBothTimes({ timed, call }: Sides, what: string): void {
  if (!timed.left) throw new UsageError(`${what} needs event time, and records have none here`, 'say where it is with --time EXPR, or put the stage `time EXPR` before this one');
  if (!timed.right) throw new UsageError(`${what} needs event time, and the records of '${call.args[0]}' have none`, 'say where it is: \'from FILE --time EXPR\'');
}

const kinds: Record<Form | 'regular', (sides: Sides) => Kind> = {
  within: planWithin,
  window: planWindow,
  'as-of': planAsOf,
  lookup: planLookup,
  regular: planRegular,
};

function planWithin(sides: Sides): Kind {
  needBothTimes(sides, '--within');
  const { rules, timed, late, call } = sides;
  const [lower, upper] = bounds(call.options['within'] as string);
  const ahead = Math.max(upper, 0) + 1;
  const behind = Math.max(-lower, 0) + 1;
  const holds: Record<string, number> = { inner: 0, semi: ahead, left: ahead, anti: ahead, right: behind, full: Math.max(ahead, behind) };
  const plan: KeyedPlan = { rules, within: [lower, upper], keepLeft: upper + 1, keepRight: 1 - lower, timed, hold: holds[rules.type]! };
  return keyed(plan, 'the records of both sides until no partner can come', late);
}

function keyed(plan: KeyedPlan, state: string, late: LateRowsPlan): Kind {
  const { left, right } = plan.timed;
  const make: MakeJoin = (context, { merge }, ...inputs) => new KeyedJoin(context, merge, plan, ...inputs, new LateRows(context, late));
  const { type } = plan.rules;
  const leaves = type === 'right' || type === 'full' ? left && right : left;
  // What may come out must have a time: a pair has that of either side, a record alone its own.
  const time = (left && right) || leaves || (right && (type === 'inner' || type === 'right'));
  return { state, make, time, windows: plan.rules.pairs ? 'none' : 'left' };
}

/** `-5m,10m`. Throws TextError. */
function bounds(text: string): [lower: number, upper: number] {
  const comma = text.indexOf(',');
  if (comma < 0) throw new TextError('two bounds are needed', text, 0, text.length, 'right.time − left.time from … to …: --within -5m,10m');
  const bound = (part: string) => parseDuration(part.trim(), { negative: true }).ms;
  const [lower, upper] = [bound(text.slice(0, comma)), bound(text.slice(comma + 1))];
  if (lower > upper) throw new TextError('the lower bound is above the upper one', text, 0, text.length, 'they are those of right.time − left.time: --within -5m,10m');
  return [lower, upper];
}

function planRegular(sides: Sides): Kind {
  const { rules, timed, call, late } = sides;
  const ttl = optionDuration(call, 'ttl', { positive: true });
  if (ttl !== undefined) needBothTimes(sides, '--ttl');
  const kept = ttl ?? Number.POSITIVE_INFINITY;
  const plan: KeyedPlan = { rules, within: undefined, keepLeft: kept, keepRight: kept, timed, hold: kept };
  return keyed(plan, ttl === undefined ? 'all records of both sides' : `the records of both sides for ${call.options['ttl'] as string}`, late);
}

function planWindow(sides: Sides): Kind {
  needBothTimes(sides, '--window');
  const { rules, late, call, point } = sides;
  const kind = windowKind(call.options['window'] as string, call, point);
  if ('gap' in kind) throw new UsageError('sessions cannot be joined', 'one of tumble:5s, hop:10s/2s, cumulate:1h/10m; or --within, which joins what is near in time');
  const make: MakeJoin = (context, { merge }, ...inputs) => new WindowJoin(context, merge, rules, kind.grid, ...inputs, new LateRows(context, late));
  return { state: 'the records of open windows', make, time: true, windows: 'own' };
}

function planAsOf(sides: Sides): Kind {
  needBothTimes(sides, '--as-of');
  const { rules, late } = sides;
  const make: MakeJoin = (context, { merge }, ...inputs) => new AsOfJoin(context, merge, rules, ...inputs, new LateRows(context, late));
  return { state: 'the newest version of each key, and what the watermark has not reached yet', make, time: true, windows: 'left' };
}

function planLookup({ rules, timed, late }: Sides): Kind {
  const make: MakeJoin = (context, { merge, left }, leftRows, rightRows, results) => {
    // Nothing is late here, but whoever asked for the file finds it.
    if (late.file !== undefined) context.lines(late.file);
    return new LookupJoin(context, merge, rules, left, leftRows, rightRows, results);
  };
  return { state: 'all records of the right side', make, time: timed.left && (timed.right || !rules.rightAlone), windows: rules.rightAlone ? 'none' : 'left' };
}

/** From here on records are joined ones. */
function planResults({ call, point, right, rules, timed }: Sides, kind: Kind, pairs: readonly { left: Path; right: Path }[]): ResultPlan {
  const as = call.options['as'] as string | undefined;
  const shared = new Set(pairs.flatMap(({ left, right: r }) => (left.length === 1 && r.length === 1 && left[0] === r[0] ? [String(left[0])] : [])));
  const times = rules.pairs ? joinedTimes(point.times, right.point.times, as) : point.times;
  right.point.reissue();
  const layout = point.reissue(times);
  const bounds = kind.windows === 'own' ? ([point.assign('window_start', 'token', true), point.assign('window_end', 'token', true)] as const) : undefined;
  point.timed = kind.time;
  point.delay = Math.max(timed.left ? point.delay : 0, timed.right ? right.point.delay : 0);
  point.windowed = kind.windows === 'own' || (kind.windows === 'left' && point.windowed);
  point.keyBy = undefined;
  const where = call.options['where'] as string | undefined;
  return {
    layout,
    bounds,
    splicer: () => (as === undefined ? new FlatSplicer(shared) : new NestingSplicer(as)),
    where: where === undefined ? undefined : planWhere(where, point),
    settings: point.settings,
  };
}

function planWhere(text: string, point: Point): ResultPlan['where'] {
  return compilePredicate(parseExpression(text), point);
}

/** Names of the joined record's fields that are times of weir's own; those of the right record may have got a prefix. */
function joinedTimes(left: readonly string[], right: readonly string[], as: string | undefined): string[] {
  if (as !== undefined) return left.filter((name) => name !== as);
  return [...new Set([...left, ...right, ...right.map((name) => `right_${name}`)])];
}
