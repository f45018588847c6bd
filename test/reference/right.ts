// in: RIGHT of a join or union
// out: the second input: a source with stages behind it that is read record by record, or stages that branch off the stream itself

import { usage } from './failure.ts';
import type { Env, Point } from './point.ts';
import { shellLines } from './shell.ts';
import { connect, feed, jobOf, timeStage } from './source.ts';
import type { Out, Stage } from './stage.ts';
import type { Rec } from './record.ts';
import { type Command, type Options, readWords, type StageWords } from './words.ts';

/** Something to take in turn: a record, or where one was dropped, with the watermark before it. */
export interface Arrival {
  readonly rec: Rec | undefined;
  readonly time: number | undefined;
  readonly watermark: number;
}

/** A source that is read only as far as it takes to know what comes next. */
export class Tap {
  private readonly waiting: Arrival[] = [];
  private watermark = Number.NEGATIVE_INFINITY;
  private hasEnded = false;
  private readonly reading: Iterator<void>;

  constructor(stages: readonly Stage[], read: (first: Out) => Iterator<void>) {
    this.reading = read(
      connect(stages, {
        record: (rec) => this.waiting.push({ rec, time: rec.time, watermark: this.watermark }),
        dropped: (time) => this.waiting.push({ rec: undefined, time, watermark: this.watermark }),
        watermark: (ms) => {
          this.watermark = ms;
          this.hasEnded ||= ms === Number.POSITIVE_INFINITY;
        },
      }),
    );
  }

  /** What comes next; undefined: nothing. */
  get head(): Arrival | undefined {
    while (this.waiting.length === 0 && !this.hasEnded) this.hasEnded = this.reading.next().done === true;
    return this.waiting[0];
  }

  take(): void {
    this.waiting.shift();
  }

  /** Reads what nobody takes any more, for the files that are written on the way. */
  finish(): void {
    while (!this.reading.next().done);
  }
}

export interface Right {
  /** undefined: a branch of the stream itself */
  readonly tap: Tap | undefined;
  readonly branch: readonly Stage[];
  /** what is known of its records */
  readonly point: Point;
}

type Build = (stages: readonly StageWords[], point: Point) => Stage[];

/** Opens RIGHT of a stage at `here`. @param isTable time does not matter there: its records need none, unless it says where that is or a stage of it asks */
export function openRight(text: string, here: Point, build: Build, isTable = false): Right {
  const { env } = here;
  const isPipeline = /^\s*(?:from|input)(?:\s|$)/.test(text);
  if (isPipeline && text.trim().startsWith('input')) return branch(pipelineWords(text).words.slice(1), here, build);
  if (!isPipeline && !text.endsWith('.weir')) return source({ options: {}, stages: [], files: [text] }, env, build, isTable);
  const { words, set } = pipelineWords(isPipeline ? text : fileText(text, env));
  const command = readWords(words);
  if (command.stages[0]!.name !== 'from') throw usage(`${text} starts with no \`from\``);
  return source({ ...command, options: { ...set, ...command.options } }, env, build, isTable);
}

function fileText(name: string, env: Env): string {
  const text = env.files[name];
  if (text === undefined) throw usage(`no file ${name}`);
  return text;
}

/** A stage a line, or several with `then` between them; options of the job on lines that begin with `set`. */
function pipelineWords(text: string): { words: string[]; set: Options } {
  const lines = shellLines(text);
  const set = lines.filter(([first]) => first === 'set').map(([, name, value]) => [name!.replace(/^--/, ''), value] as const);
  const stages = lines.filter(([first]) => first !== 'set').map((line) => (line[0] === 'then' ? line.slice(1) : line));
  return { words: stages.flatMap((line, i) => (i === 0 ? line : ['then', ...line])), set: Object.fromEntries(set) };
}

/** `input`, and what stands behind it. */
function branch(words: readonly string[], here: Point, build: Build): Right {
  if (words.length > 0 && words[0] !== 'then') throw usage('`input` takes nothing');
  const point = { ...here };
  const { stages, files, options } = words.length > 0 ? readWords(words.slice(1)) : { stages: [], files: [], options: {} };
  if (files.length > 0 || Object.keys(options).length > 0 || stages.some((s) => s.name === 'from')) throw usage('a branch of the stream has no FILE and no options of a source');
  return { tap: undefined, branch: build(checked(stages), point), point };
}

/** What a source does not say, the job says. */
function source({ stages, files, options }: Command, env: Env, build: Build, isTable: boolean): Right {
  const from = stages[0]?.name === 'from' ? stages[0] : undefined;
  const rest = from ? stages.slice(1) : stages;
  if (from && files.length > 0) throw usage('`from` names the files');
  if (rest.some((s) => s.name === 'from')) throw usage('`from` is the first stage');
  const all = { ...env.options, ...options };
  const point: Point = { env, job: jobOf(all, env.job.files), timed: false, windowed: false, keyBy: undefined };
  const isUntimed = isTable && from?.options['time'] === undefined && options['time'] === undefined && rest.every(isPlain);
  const made = build(checked([...(isUntimed ? [] : timeStage(all, from?.options)), ...rest]), point);
  const tap = new Tap(made, (first) => feed(from?.args ?? files, env.files, point.job, first));
  return { tap, branch: [], point };
}

/** Neither time nor order matters to the stage. */
function isPlain({ name, args, options }: StageWords): boolean {
  const words = [...args, ...Object.values(options)];
  return ['filter', 'map', 'select', 'drop', 'rename', 'unnest'].includes(name) && !words.some((word) => /\b(event_time|watermark)\s*\(/.test(String(word)));
}

function checked(stages: readonly StageWords[]): readonly StageWords[] {
  if (stages.some((s) => s.name === 'to')) throw usage('nothing comes behind `to`');
  return stages;
}
