// in: random choices
// out: a job that can be run: options, stages, input

import * as e from './expressions.ts';
import type { Type } from './expressions.ts';
import { joinStage, unionStage } from './joins.ts';
import { BOUNDS, length, type Make, type Point, SOURCE, type Step } from './point.ts';
import type { Random } from './random.ts';
import { type Clock, randomClock, randomLines, spoil } from './records.ts';

/** Joins, unions and stages that say the partitioning, once weir has them. */
const JOINS = process.env['WEIR_JOINS'] === '1';
/** `1,2,3`: weir runs with one of these. */
const PARALLELISMS = (process.env['WEIR_P'] ?? '').split(',').filter(Boolean);

export interface Case {
  readonly options: readonly string[];
  readonly stages: readonly (readonly string[])[];
  readonly lines: readonly string[];
  /** lines of a second input */
  readonly right: readonly string[];
  /** pipelines that are files, by name */
  readonly texts: Readonly<Record<string, string>>;
  /** `-p` of weir; the reference has none */
  readonly parallelism: string | undefined;
  /** the engine's blocks and batches; the reference has none */
  readonly blockBytes: number;
  readonly batchRows: number;
}

function by(point: Point, p: number): { words: string[]; fields: [string, Type][] } {
  if (point.keyBy && point.random.chance(0.7)) return { words: [], fields: point.keyBy };
  if (!point.keyBy && !point.random.chance(p)) return { words: [], fields: [] };
  const { code, fields } = e.keys(point.random, point.fields);
  return { words: ['--by', code], fields };
}

function lateness(point: Point): { words: string[]; files: number } {
  const { random, files } = point;
  const allowed = random.chance(0.35) ? ['--allowed-lateness', length(point, 2, 5, 30)] : [];
  const late = random.chance(0.6) ? ['--late-output', `late${files}.ndjson`] : [];
  return { words: [...allowed, ...late], files: files + (late.length > 0 ? 1 : 0) };
}

function early(point: Point): string[] {
  return point.random.chance(0.15) ? ['--early', length(point, 2, 3, 7)] : [];
}

/** A window stage: `shape` is what stands between its name and AGGS and behind them. */
function windowStage(point: Point, name: string, size: string, more: readonly string[], canBeEarly = true): Step {
  const aggs = e.aggregates(point.random, point.fields);
  const keys = by(point, 0.7);
  const late = lateness(point);
  const words = [name, size, aggs.code, ...more, ...keys.words, ...late.words, ...(canBeEarly ? early(point) : [])];
  return { words, then: { windowed: true, keyBy: undefined, files: late.files, fields: new Map([...BOUNDS, ...keys.fields, ...aggs.fields]) } };
}

function offset(point: Point, ...factors: number[]): string[] {
  return point.random.chance(0.25) ? ['--offset', `${point.random.pick(['', '-'])}${length(point, ...factors)}`] : [];
}

const STAGES: Readonly<Record<string, Make>> = {
  filter: ({ random, fields }) => ({ words: ['filter', e.condition(random, fields)], then: {} }),
  map({ random, fields }) {
    const made = new Map(fields);
    const items = Array.from({ length: random.int(1, 2) }, () => {
      const name = random.pick([...[...fields.keys()].filter((n) => fields.get(n) !== 'time'), 'm', 'n']);
      const { code, type } = e.value(random, made);
      made.set(name, type);
      return `${name} = ${code}`;
    });
    return { words: ['map', items.join(', ')], then: { fields: made } };
  },
  select({ random, fields }) {
    const kept = random.some([...fields], 4);
    const extra = e.value(random, fields);
    return { words: ['select', [...kept.map(([n]) => n), `v = ${extra.code}`].join(', ')], then: { fields: new Map([...kept, ['v', extra.type]]) } };
  },
  drop({ random, fields }) {
    const gone = random.some([...[...fields.keys()].filter((n) => n !== 'ts' && n !== 'y'), 'zz'], 2);
    return { words: ['drop', gone.join(',')], then: { fields: new Map([...fields].filter(([n]) => !gone.includes(n))) } };
  },
  rename({ random, fields }) {
    const [name, type] = random.pick([...fields]);
    return { words: ['rename', `${name}=r_${name}`], then: { fields: new Map([...fields].map(([n, t]) => (n === name ? [`r_${name}`, type] : [n, t]))) } };
  },
  unnest({ random, fields }) {
    const lists = [...fields].filter(([, type]) => type === 'list').map(([n]) => n);
    const name = random.pick(lists.length > 0 ? lists : [...fields.keys()]);
    return { words: ['unnest', name], then: { fields: new Map([...fields, [name, 'any']]) } };
  },
  tumble: (point) => windowStage(point, 'tumble', length(point, 3, 5, 10, 40), offset(point, 1, 2)),
  hop: (point) => windowStage(point, 'hop', length(point, 5, 10, 12), ['--every', length(point, 2, 3, 5, 15), ...offset(point, 1)]),
  cumulate: (point) => windowStage(point, 'cumulate', length(point, 12, 24), ['--step', length(point, 2, 3, 4), ...offset(point, 1, 2)], false),
  session: (point) => windowStage(point, 'session', length(point, 1, 2, 4, 10), []),
  calendar: (point) => windowStage(point, 'tumble', point.random.pick(['1d', '1w', '1mo']), [], false),
  window(point) {
    const kind = point.random.pick([`tumble:${length(point, 3, 10)}`, `hop:${length(point, 6, 10)}/${length(point, 2, 4)}`, `cumulate:${length(point, 12)}/${length(point, 3, 4)}`]);
    return { words: ['window', kind], then: { windowed: true, fields: new Map([...point.fields, ...BOUNDS]) } };
  },
  'count-window'(point) {
    const aggs = e.aggregates(point.random, point.fields);
    const keys = by(point, 0.7);
    const every = point.random.chance(0.4) ? ['--every', String(point.random.int(1, 4))] : [];
    return { words: ['count-window', String(point.random.int(1, 4)), aggs.code, ...every, ...keys.words], then: { windowed: false, keyBy: undefined, fields: new Map([...keys.fields, ...aggs.fields]) } };
  },
  agg(point) {
    const aggs = e.aggregates(point.random, point.fields);
    const keys = by(point, 0.7);
    const when = point.timed ? ['end', 'change', length(point, 3, 10)] : ['end', 'change'];
    const emit = point.random.chance(0.4) ? ['--emit', point.random.pick(when)] : [];
    return { words: ['agg', aggs.code, ...emit, ...keys.words], then: { windowed: false, keyBy: undefined, fields: new Map([...keys.fields, ...aggs.fields]) } };
  },
  'per-window'(point) {
    const aggs = e.aggregates(point.random, point.fields);
    const keys = by(point, 0.5);
    return { words: ['per-window', aggs.code, ...keys.words], then: { windowed: true, keyBy: undefined, fields: new Map([...BOUNDS, ...keys.fields, ...aggs.fields]) } };
  },
  top(point) {
    const { random, fields } = point;
    // A word of one letter behind a dash could be an option of the job.
    const ranked = random.some([...fields.keys()], 2).map((name) => (random.chance(0.3) && !/^[a-z]$/i.test(name) ? `-${name}` : name));
    const switches = ['--asc', '--ties', ...(point.windowed ? ['--per-window', '--per-window'] : [])].filter(() => random.chance(0.4));
    return { words: ['top', String(random.int(1, 3)), ranked.join(','), ...new Set(switches), ...by(point, 0.5).words], then: { fields: new Map([...fields, ['rank', 'number']]) } };
  },
  over(point) {
    const { random, fields } = point;
    const aggs = e.aggregates(random, fields);
    const own = random.pick(['', ', l = lag(y)', ', l = lag(x, 2, 0)', ', r = row_number()']);
    const frame = random.pick([[], ['--rows', String(random.int(0, 3))], point.timed ? ['--range', length(point, 0, 3, 10)] : []]);
    return { words: ['over', aggs.code + own, ...by(point, 0.6).words, ...frame], then: { fields: new Map([...fields, ...aggs.fields]) } };
  },
  dedup(point) {
    const keep = point.random.pick(point.timed ? ['first', 'last', 'earliest', 'latest'] : ['first', 'last']);
    return { words: ['dedup', ...by(point, 1).words, '--keep', keep], then: {} };
  },
  head: ({ random }) => ({ words: ['head', String(random.int(0, 30))], then: {} }),
  tee: ({ files }) => ({ words: ['tee', `tee${files}.ndjson`], then: { files: files + 1 } }),
  time: (point) => ({ words: ['time', 'ts', ...(point.random.chance(0.5) ? ['--delay', length(point, 1, 4, 20)] : [])], then: { timed: true, windowed: false } }),
  join: (point) => joinStage(point, randomStages),
  union: (point) => unionStage(point, randomStages),
  'key-by'({ random, fields }) {
    const { code, fields: made } = e.keys(random, fields);
    return { words: ['key-by', code], then: { keyBy: made } };
  },
  place: ({ random }) => ({ words: [random.pick(['rebalance', 'broadcast'])], then: {} }),
};

const ALWAYS = ['filter', 'map', 'select', 'drop', 'rename', 'unnest', 'agg', 'agg', 'top', 'over', 'dedup', 'head', 'tee', 'count-window'];
const TIMED = ['tumble', 'tumble', 'tumble', 'hop', 'hop', 'cumulate', 'session', 'session', 'window', 'calendar', 'over'];
const MEETING = ['join', 'join', 'join', 'join', 'join', 'join', 'join', 'join', 'union', 'union'];
const PLACING = ['key-by', 'place'];
const WINDOWED = ['per-window', 'per-window', 'top'];

function names(point: Point): string[] {
  const reassign = point.fields.get('ts') === 'time' ? ['time'] : [];
  const joins = JOINS && !point.keyBy && point.depth < 2 ? MEETING : [];
  return [...ALWAYS, ...joins, ...(JOINS ? PLACING : []), ...reassign, ...(point.timed ? TIMED : []), ...(point.windowed ? WINDOWED : [])];
}

/** Some stages, and what is known behind them. */
function randomStages(start: Point, count: number): { stages: string[][]; point: Point } {
  let point = start;
  const stages = Array.from({ length: count }, () => {
    const { words, then } = STAGES[point.random.pick(names(point))]!(point);
    point = { ...point, ...then };
    return [...words];
  });
  return { stages, point };
}

function randomOptions(random: Random, clock: Clock, timed: boolean): string[] {
  const delay = random.pick([0, 0, 0, clock.jitter / 4, clock.jitter]);
  return [
    ...(timed ? ['--time', 'ts'] : []),
    ...(timed && delay > 0 ? ['--delay', `${Math.floor(delay)}ms`] : []),
    ...(random.chance(0.6) ? ['--timestamps', 'ms'] : []),
    ...(random.chance(0.15) ? ['--tz', 'Europe/Berlin'] : []),
    ...(random.chance(0.15) ? ['--on-error', 'skip'] : []),
  ];
}

export function randomCase(random: Random): Case {
  const clock = randomClock(random);
  const timed = random.chance(0.8);
  const options = randomOptions(random, clock, timed);
  const point: Point = { random, clock, timed, windowed: false, fields: SOURCE, files: 0, keyBy: undefined, job: options, texts: new Map(), depth: 0 };
  const skips = options.includes('skip');
  const linesOf = () => {
    const lines = randomLines(random, clock, random.pick(JOINS ? [0, 3, 10, 10, 20, 20, 30] : [0, 3, 10, 30, 80]), JOINS);
    return skips ? spoil(random, lines) : lines;
  };
  const lines = linesOf();
  return {
    options,
    stages: randomStages(point, random.pick([1, 1, 2, 2, 3, 4])).stages,
    lines,
    right: JOINS ? linesOf() : [],
    texts: Object.fromEntries(point.texts),
    blockBytes: random.pick([64, 200, 1000, 65536]),
    batchRows: random.pick([1, 2, 7, 2048]),
    parallelism: PARALLELISMS.length > 0 ? random.pick(PARALLELISMS) : undefined,
  };
}
