// in: random choices
// out: joins and unions, with their second inputs

import * as e from './expressions.ts';
import type { Fields, Type } from './expressions.ts';
import { BOUNDS, length, type Point, SOURCE, type Step } from './point.ts';
import { quote } from './quote.ts';

type Stages = (start: Point, count: number) => { stages: string[][]; point: Point };

/** RIGHT as a word, and what is known of its records. */
interface Right {
  readonly word: string;
  readonly point: Point;
  readonly isBranch: boolean;
}

const INNER = ['inner', 'inner', 'inner'];
const TYPES: Readonly<Record<string, readonly string[]>> = {
  'as-of': [...INNER, 'left', 'left'],
  other: [...INNER, 'left', 'left', 'right', 'full', 'full', 'semi', 'anti'],
};
const FILE = 'right.ndjson';

function pipeline(stages: readonly (readonly string[])[]): string {
  return stages.map((words) => words.map(quote).join(' ')).join(' then ');
}

/** Ways to say RIGHT: a file, a source with stages (also as a file), a branch of the stream. */
function randomRight(point: Point, stagesOf: Stages, canBranch: boolean): Right {
  const { random } = point;
  const count = random.pick([0, 0, 1, 1, 2]);
  if (canBranch && random.chance(0.3)) {
    const made = stagesOf({ ...point, depth: 2 }, count);
    return { word: pipeline([['input'], ...made.stages]), point: made.point, isBranch: true };
  }
  const jobTimed = point.job.includes('--time');
  const start: Point = { ...point, fields: SOURCE, timed: jobTimed, windowed: false, keyBy: undefined, depth: point.depth + 1 };
  if (random.chance(0.4)) return { word: FILE, point: start, isBranch: false };
  const time = random.chance(0.4) ? ['--time', 'ts', '--delay', length(point, 0, 1, 4, 20)] : [];
  const made = stagesOf({ ...start, timed: jobTimed || time.length > 0 }, count);
  const text = pipeline([['from', FILE, ...time], ...made.stages]);
  if (!random.chance(0.15)) return { word: text, point: made.point, isBranch: false };
  const name = `right${point.texts.size}.weir`;
  point.texts.set(name, `${text}\n`);
  return { word: name, point: made.point, isBranch: false };
}

/** `--on`, and the fields that both sides have in common by it. */
function randomOn({ random, fields }: Point, right: Fields): { words: string[]; shared: string[] } {
  const usable = (of: Fields) => [...of].filter(([name, type]) => type !== 'time' && type !== 'list' && name !== 'rank').map(([name]) => name);
  const both = usable(fields).filter((name) => usable(right).includes(name));
  const favourites = both.filter((name) => name === 'k' || name === 'y');
  const oneOf = (names: string[]) => (names.length === 0 || random.chance(0.05) ? 'zz' : random.pick(names));
  const count = random.chance(0.2) ? 2 : 1;
  const pairs = Array.from({ length: count }, () => {
    if (favourites.length > 0 && random.chance(0.6)) return random.pick(favourites);
    if (both.length > 0 && random.chance(0.6)) return random.pick(both);
    return `${oneOf(usable(fields))}=${oneOf(usable(right))}`;
  });
  const on = [...new Set(pairs)];
  return { words: ['--on', on.join(',')], shared: on.filter((p) => !p.includes('=')) };
}

interface Form {
  readonly name: string;
  readonly words: readonly string[];
}

function randomForm(point: Point, right: Right): Form {
  const { random } = point;
  const timed = point.timed && right.point.timed;
  const name = random.pick(timed ? ['within', 'within', 'window', 'window', 'as-of', 'as-of', 'lookup', 'all', 'ttl'] : ['lookup', 'all']);
  if (name === 'lookup' && right.isBranch) return { name: 'all', words: [] };
  if (name === 'within') {
    const factors = [random.int(-10, 6), random.int(-6, 10)].sort((a, b) => a - b);
    return { name, words: ['--within', factors.map((f) => `${f * point.clock.step}ms`).join(',')] };
  }
  if (name === 'window') return { name, words: ['--window', `tumble:${random.chance(0.1) ? '1d' : length(point, 3, 5, 10, 40)}`, ...(random.chance(0.2) ? ['--offset', length(point, 1, 2)] : [])] };
  if (name === 'ttl') return { name, words: ['--ttl', length(point, 2, 5, 20)] };
  return { name, words: name === 'all' ? [] : [`--${name}`] };
}

/** Fields of the records that come out flat; undefined: a name would be there twice. */
function flatFields(left: Fields, right: Fields, shared: readonly string[]): Map<string, Type> | undefined {
  const made = new Map(left);
  for (const [name, type] of right) {
    const under = left.has(name) ? `right_${name}` : name;
    if (left.has(name) && (left.has(under) || right.has(under))) return undefined;
    if (!shared.includes(name)) made.set(under, type);
  }
  return made;
}

/** Whether what comes out has a time: a record of a side that has none may come out alone. */
function isTimed(form: string, type: string, left: boolean, right: boolean): boolean {
  if (left && right) return true;
  if (left) return type !== 'right' && type !== 'full';
  return form !== 'lookup' && right && (type === 'inner' || type === 'right');
}

export function joinStage(point: Point, stagesOf: Stages): Step {
  const { random, fields } = point;
  const right = randomRight(point, stagesOf, true);
  const form = randomForm(point, right);
  const needsKey = form.name !== 'within' && form.name !== 'window';
  const on = needsKey || random.chance(0.85) ? randomOn(point, right.point.fields) : { words: [], shared: [] };
  const type = random.pick(TYPES[form.name] ?? TYPES['other']!);
  const bounds = form.name === 'window' && right.point.fields.has('window_start');
  const flat = random.chance(0.5) || bounds ? undefined : flatFields(fields, right.point.fields, on.shared);
  const name = random.pick(['r', 'q', 'o'].filter((n) => n === 'o' || !fields.has(n)));
  const both: Map<string, Type> = flat ?? new Map([...fields, [name, 'object']]);
  const alone = type === 'right' || type === 'full';
  if (alone && !flat && both.has('ts')) both.set('ts', 'any');
  const late = needsKey && form.name !== 'as-of' ? [] : random.chance(0.5) ? ['--late-output', `late${right.point.files}.ndjson`] : [];
  const words = ['join', right.word, ...on.words, ...form.words, ...(type === 'inner' && random.chance(0.5) ? [] : ['--type', type])];
  const where = random.chance(0.2) ? ['--where', e.condition(random, both, 1)] : [];
  const own = type === 'semi' || type === 'anti' ? fields : both;
  return {
    words: [...words, ...where, ...(flat ? [] : ['--as', name]), ...late],
    then: {
      depth: point.depth + 1,
      files: right.point.files + (late.length > 0 ? 1 : 0),
      fields: form.name === 'window' ? new Map([...own, ...BOUNDS]) : own,
      timed: isTimed(form.name, type, point.timed, right.point.timed),
      windowed: form.name === 'window',
    },
  };
}

export function unionStage(point: Point, stagesOf: Stages): Step {
  const right = randomRight(point, stagesOf, true);
  const fields = new Map(point.fields);
  for (const [name, type] of right.point.fields) fields.set(name, (fields.get(name) ?? type) === type ? type : 'any');
  return { words: ['union', right.word], then: { depth: point.depth + 1, fields, files: right.point.files, timed: point.timed && right.point.timed, windowed: false } };
}
