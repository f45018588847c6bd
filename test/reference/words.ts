// in: the words of a command line
// out: stages with their arguments and options, options of the job, files

import { usage } from './failure.ts';

export type Options = Readonly<Record<string, string | undefined>>;

export interface StageWords {
  readonly name: string;
  readonly args: readonly string[];
  readonly options: Options;
}

export interface Command {
  readonly options: Options;
  readonly stages: readonly StageWords[];
  readonly files: readonly string[];
}

/** Stages: how many arguments they take, and their options; `!`: a switch. */
const STAGES: Readonly<Record<string, readonly [args: number, options: string]>> = {
  filter: [1, ''],
  map: [1, ''],
  select: [1, ''],
  drop: [1, ''],
  rename: [1, ''],
  unnest: [1, ''],
  window: [1, 'by offset allowed-lateness late-output'],
  time: [1, 'delay idle'],
  tumble: [2, 'by offset allowed-lateness late-output early'],
  hop: [2, 'every by offset allowed-lateness late-output early'],
  cumulate: [2, 'step by offset allowed-lateness late-output'],
  session: [2, 'by allowed-lateness late-output early'],
  'count-window': [2, 'every by'],
  agg: [1, 'by emit'],
  'per-window': [1, 'by'],
  top: [2, 'by asc! ties! per-window!'],
  over: [1, 'by rows range'],
  dedup: [0, 'by keep ttl'],
  head: [1, ''],
  to: [1, ''],
  tee: [1, ''],
  from: [Number.POSITIVE_INFINITY, 'time delay format'],
  join: [1, 'on within window offset as-of! lookup! type where as ttl late-output'],
  union: [1, ''],
  'key-by': [1, ''],
  rebalance: [0, ''],
  broadcast: [0, ''],
};

const JOB =
  'time time-unit delay idle tz parallelism follow! format output-format output snapshots every keep fresh! eof state restarts on-error timestamps stats progress quiet! verbose! color';
const SHORT: Readonly<Record<string, string>> = { p: 'parallelism', F: 'follow', o: 'output', q: 'quiet', v: 'verbose' };

/** Names of options, and whether they take a value. */
function table(text: string): Map<string, boolean> {
  return new Map(text.split(' ').filter(Boolean).map((word) => [word.replace('!', ''), !word.endsWith('!')]));
}

class Reader {
  private ended = false;
  readonly job: Record<string, string> = {};

  constructor(readonly words: string[]) {}

  /** The next word that is no option; options go to `own` if the stage has them, otherwise to the job. */
  next(own: Record<string, string>, specs: Map<string, boolean>, wanted: boolean): string | undefined {
    while (this.words.length > 0 && (this.ended || this.words[0] !== 'then')) {
      const word = this.words.shift()!;
      if (this.ended || word === '-' || !word.startsWith('-')) return word;
      if (word === '--') this.ended = true;
      else if (!this.option(word, own, specs)) {
        if (wanted && !word.startsWith('--')) return word;
        throw usage(`unknown option ${word}`);
      }
    }
    return undefined;
  }

  private option(word: string, own: Record<string, string>, specs: Map<string, boolean>): boolean {
    const [, long, short, attached] = /^(?:--([a-z-]+)|-([a-zA-Z]))(?:=?(.+))?$/s.exec(word) ?? [];
    const name = long ?? SHORT[short ?? ''];
    if (name === undefined || (short && attached && !/^=|^\d+$|^auto$/.test(attached))) return false;
    const [specsOf, into] = specs.has(name) ? [specs, own] : [table(JOB), this.job];
    if (!specsOf.has(name)) return false;
    if (!specsOf.get(name)) into[name] = 'true';
    else if (attached !== undefined) into[name] = attached;
    else if (this.words.length === 0) throw usage(`--${name} needs a value`);
    else into[name] = this.words.shift()!;
    return true;
  }

  /** Leaves out a `then`, and tells whether there was one. */
  then(): boolean {
    if (this.words[0] !== 'then') return false;
    this.words.shift();
    return true;
  }
}

function readStage(reader: Reader): { stage: StageWords | undefined; files: string[] } {
  const options: Record<string, string> = {};
  const name = reader.next({}, new Map(), false);
  if (name === undefined) return { stage: undefined, files: [] };
  const stage = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (!stage) throw usage(`unknown stage ${name}`);
  const [count, specs] = stage;
  const args: string[] = [];
  const files: string[] = [];
  const known = table(`${specs} subtasks`);
  for (let word = reader.next(options, known, count > 0); word !== undefined; word = reader.next(options, known, args.length < count)) {
    (args.length < count ? args : files).push(word);
  }
  if (args.length < count && name !== 'from') throw usage(`${name}: an argument is missing`);
  return { stage: { name, args, options }, files };
}

export function readWords(words: readonly string[]): Command {
  const reader = new Reader([...words]);
  const stages: StageWords[] = [];
  let files: string[] = [];
  do {
    const read = readStage(reader);
    if (!read.stage) throw usage('no stage');
    if (files.length > 0) throw usage(`one word too many: ${files[0]}`);
    stages.push(read.stage);
    files = read.files;
  } while (reader.then());
  if (files.some((f) => Object.hasOwn(STAGES, f))) throw usage('a stage where a file is expected');
  return { options: reader.job, stages, files };
}
