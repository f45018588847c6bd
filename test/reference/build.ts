// in: the words of stages
// out: the stages, or a usage error

import { Aggs } from './aggs.ts';
import { buildJoin, buildUnion } from './build-join.ts';
import { check } from './check.ts';
import { isDuration, readLength, readPositive } from './duration.ts';
import { usage } from './failure.ts';
import type { Point } from './point.ts';
import { openRight } from './right.ts';
import { Keys, type Stage } from './stage.ts';
import { AggAtChange, AggAtEnd, AggAtTimes, CountWindow } from './stages/groups.ts';
import { DedupEarliest, DedupFirst, DedupLast } from './stages/dedup.ts';
import { Over } from './stages/over.ts';
import { PerWindow } from './stages/per-window.ts';
import { type Gap, SessionAggs, SessionRecords } from './stages/sessions.ts';
import { Drop, Filter, Head, MapFields, Pass, Rename, Select, ToFile, Unnest } from './stages/simple.ts';
import { Time } from './stages/time.ts';
import { type By, TopAtEnd, TopPerWindow } from './stages/top.ts';
import { WindowAggs, type WindowOptions } from './stages/window-aggs.ts';
import { WindowRecords } from './stages/window-records.ts';
import { bare, type Item, parseExpressions, parseItems, parseNames, parseOne } from './syntax.ts';
import type { StageWords } from './words.ts';
import { assignCumulate, assignHop, assignKind, assignTumble } from './windows.ts';

type Build = (words: StageWords, point: Point) => Stage;

/** `point` is where they begin, and then where they end. */
export function buildStages(stages: readonly StageWords[], point: Point): Stage[] {
  const end = stages.findIndex((s) => s.name === 'to');
  if (end >= 0 && end < stages.length - 1) throw usage('`to` is the last stage');
  return stages.map((words) => BUILD[words.name]!(words, point));
}

function wholeNumber(text: string, least: number): number {
  if (!/^\d+$/.test(text) || Number(text) < least) throw usage(`not a whole number from ${least} on: ${text}`);
  return Number(text);
}

function checked(items: readonly Item[]): readonly Item[] {
  for (const { node } of items) check(node, {});
  return items;
}

function expression(text: string) {
  const node = bare(parseOne(text));
  check(node, {});
  return node;
}

function needTime(point: Point, name: string): void {
  if (!point.timed) throw usage(`${name} needs --time`);
}

/** KEYS of `--by`, or of the `key-by` before. */
function keysOf({ options }: StageWords, point: Point): Keys {
  return new Keys(options['by'] ?? point.keyBy);
}

/** From here on records are rows of results. */
function renew(point: Point, windowed: boolean): void {
  point.windowed = windowed;
  point.keyBy = undefined;
}

function windowOptions(words: StageWords, point: Point): WindowOptions {
  const { name, args, options } = words;
  needTime(point, name);
  const keys = keysOf(words, point);
  renew(point, true);
  return {
    keys,
    aggs: new Aggs(args[1]!, ['window_start', 'window_end', ...keys.names]),
    lateness: readLength(options['allowed-lateness'] ?? '0'),
    lateFile: options['late-output'],
    early: options['early'] === undefined ? undefined : readPositive(options['early']),
  };
}

function readGap(text: string): Gap {
  return isDuration(text) ? readPositive(text) : expression(text);
}

function buildWindow(words: StageWords, point: Point): Stage {
  const [kind] = words.args as [string];
  const { job, keyBy } = point;
  const { keys, lateness, lateFile } = windowOptions({ ...words, args: [kind, 'count()'] }, point);
  point.keyBy = keyBy;
  const gap = /^session:(.+)$/.exec(kind)?.[1];
  if (gap === undefined) return new WindowRecords(job, assignKind(kind, words.options['offset'], job.zone));
  return new SessionRecords(job, readPositive(gap), { keys, lateness, lateFile });
}

function buildAgg(words: StageWords, point: Point): Stage {
  const { args, options } = words;
  const keys = keysOf(words, point);
  const aggs = new Aggs(args[0]!, keys.names);
  const emit = options['emit'] ?? 'end';
  renew(point, false);
  if (emit === 'end') return new AggAtEnd(point.job, keys, aggs);
  if (emit === 'change') return new AggAtChange(point.job, keys, aggs);
  needTime(point, 'agg --emit');
  return new AggAtTimes(point.job, keys, aggs, readPositive(emit));
}

function buildCountWindow(words: StageWords, point: Point): Stage {
  const { args, options } = words;
  const size = wholeNumber(args[0]!, 1);
  const keys = keysOf(words, point);
  renew(point, false);
  return new CountWindow(point.job, size, wholeNumber(options['every'] ?? args[0]!, 1), keys, new Aggs(args[1]!, keys.names));
}

function buildTop(words: StageWords, point: Point): Stage {
  const { args, options } = words;
  const perWindow = options['per-window'] !== undefined;
  if (perWindow && !point.windowed) throw usage('top --per-window stands behind a window stage');
  const by = parseExpressions(args[1]!).map((node): By => {
    check(node, {});
    const turned = node.type === 'UnaryExpression' && node.operator === '-';
    return { node: turned ? node.argument : node, down: turned === (options['asc'] !== undefined) };
  });
  const top = { count: wholeNumber(args[0]!, 1), by, keys: keysOf(words, point), ties: options['ties'] !== undefined };
  return perWindow ? new TopPerWindow(point.job, top) : new TopAtEnd(point.job, top);
}

function buildOver(words: StageWords, point: Point): Stage {
  const { args, options } = words;
  const { rows, range } = options;
  if (rows !== undefined && range !== undefined) throw usage('over: --rows or --range');
  if (range !== undefined) needTime(point, 'over --range');
  const items = parseItems(args[0]!);
  for (const { node } of items) check(node, { aggregates: true, over: true });
  return new Over(point.job, point.timed, {
    items,
    keys: keysOf(words, point),
    rows: rows === undefined ? undefined : wholeNumber(rows, 0),
    range: range === undefined ? undefined : readLength(range),
  });
}

function buildDedup(words: StageWords, point: Point): Stage {
  const { options } = words;
  const keep = options['keep'] ?? 'first';
  const keys = keysOf(words, point);
  if (keys.items.length === 0) throw usage('dedup: --by is missing');
  const ttl = options['ttl'] === undefined ? Number.POSITIVE_INFINITY : readPositive(options['ttl']);
  if (keep === 'first') return new DedupFirst(point.job, keys, ttl);
  if (keep === 'last') return new DedupLast(point.job, keys, false);
  if (keep !== 'earliest' && keep !== 'latest') throw usage(`--keep ${keep}`);
  needTime(point, `dedup --keep ${keep}`);
  return keep === 'earliest' ? new DedupEarliest(point.job, keys) : new DedupLast(point.job, keys, true);
}

/** Each field gets one new name, and no two get the same. */
function renamePairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const { name, node } of parseItems(text)) {
    const becomes = parseNames((node as { name?: string }).name ?? '')[0]!;
    if (name === becomes || pairs.has(name) || [...pairs.values()].includes(becomes)) throw usage(`rename ${text}`);
    pairs.set(name, becomes);
  }
  return pairs;
}

function oneName(text: string): string {
  const [name, ...more] = parseNames(text);
  if (more.length > 0) throw usage(`not one name: ${text}`);
  return name!;
}

const BUILD: Readonly<Record<string, Build>> = {
  filter: ({ args }, { job }) => new Filter(job, expression(args[0]!)),
  map: ({ args }, { job }) => new MapFields(job, checked(parseItems(args[0]!, true))),
  select: ({ args }, { job }) => new Select(job, checked(parseItems(args[0]!, true))),
  drop: ({ args }, { job }) => new Drop(job, parseNames(args[0]!)),
  rename: ({ args }, { job }) => new Rename(job, renamePairs(args[0]!)),
  unnest: ({ args }, { job }) => new Unnest(job, oneName(args[0]!)),
  head: ({ args }, { job }) => new Head(job, wholeNumber(args[0]!, 0)),
  tee: ({ args }, { job }) => new ToFile(job, args[0]!, true),
  to: ({ args }, { job }) => new ToFile(job, args[0]!, false),
  time: ({ args, options }, point) => {
    point.timed = true;
    point.windowed = false;
    return new Time(point.job, expression(args[0]!), readLength(options['delay'] ?? '0'));
  },
  window: buildWindow,
  tumble: (words, point) => new WindowAggs(point.job, assignTumble(words.args[0]!, words.options['offset'], point.job.zone), windowOptions(words, point)),
  hop: (words, point) => new WindowAggs(point.job, assignHop(words.args[0]!, words.options['every'], words.options['offset']), windowOptions(words, point)),
  cumulate: (words, point) =>
    new WindowAggs(point.job, assignCumulate(words.args[0]!, words.options['step'], words.options['offset'], point.job.zone), windowOptions(words, point)),
  session: (words, point) => new SessionAggs(point.job, readGap(words.args[0]!), windowOptions(words, point)),
  'count-window': buildCountWindow,
  agg: buildAgg,
  'per-window': (words, point) => {
    if (!point.windowed) throw usage('per-window stands behind a window stage');
    const keys = keysOf(words, point);
    renew(point, true);
    return new PerWindow(point.job, keys, new Aggs(words.args[0]!, ['window_start', 'window_end', ...keys.names]));
  },
  top: buildTop,
  over: buildOver,
  dedup: buildDedup,
  'key-by': ({ args }, point) => {
    point.keyBy = args[0]!;
    if (new Keys(point.keyBy).items.length === 0) throw usage('key-by: no KEYS');
    return new Pass(point.job);
  },
  rebalance: (_, { job }) => new Pass(job),
  broadcast: (_, { job }) => new Pass(job),
  join: (words, point) => buildJoin(words, point, openRight(words.args[0]!, point, buildStages, words.options['lookup'] !== undefined)),
  union: ({ args }, point) => buildUnion(point, openRight(args[0]!, point, buildStages)),
};
