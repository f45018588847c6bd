// in: the words of a weir command line, and files
// out: what the contract says comes of it: stdout, other files, exit code. Slow and plain: one record at a time

import { buildStages } from './build.ts';
import { readLength } from './duration.ts';
import { BadRecord, Failure, usage } from './failure.ts';
import { JsonError, membersOf } from './lit.ts';
import { Rec } from './record.ts';
import type { Job, Out, Stage } from './stage.ts';
import type { TimeUnit } from './times.ts';
import { type Command, type Options, readWords, type StageWords } from './words.ts';
import { checkZone } from './zone.ts';

export interface Result {
  readonly exit: number;
  readonly stdout: string;
  /** files that the job writes, by name */
  readonly files: Readonly<Record<string, string>>;
  /** why it failed */
  readonly message: string;
}

/** Files by name; `-` is stdin. */
export type Files = Readonly<Record<string, string>>;

/** Runs a command line (the words behind `weir`). */
export function runReference(words: readonly string[], files: Files): Result {
  const lines: string[] = [];
  const written = new Map<string, string[]>();
  const result = (exit: number, message: string): Result => ({ exit, message, stdout: lines.join(''), files: Object.fromEntries([...written].map(([n, l]) => [n, l.join('')])) });
  try {
    run(readWords(words), files, lines, written);
    return result(0, '');
  } catch (error) {
    if (error instanceof Failure) return result(error.exit, error.message);
    throw error;
  }
}

function run(command: Command, files: Files, stdout: string[], written: Map<string, string[]>): void {
  const { options } = command;
  const job = readJob(options, written);
  const [first, ...rest] = command.stages;
  const from = first!.name === 'from' ? first! : undefined;
  if (from && command.files.length > 0) throw usage('`from` names the files');
  if (rest.some((s) => s.name === 'from')) throw usage('`from` is the first stage');
  const stages = buildStages([...timeStage(options, from?.options), ...(from ? rest : command.stages)], job);
  const output = options['output'];
  const sink: Out = {
    record: (rec) => (output === undefined ? stdout.push(`${rec.text}\n`) : written.get(output)!.push(`${rec.text}\n`)),
    watermark: () => {},
  };
  if (output !== undefined) written.set(output, []);
  feed(from ? from.args : command.files, files, job, connect(stages, sink));
}

function readJob(options: Options, files: Map<string, string[]>): Job {
  const unit = options['time-unit'] ?? 'ms';
  const timestamps = options['timestamps'] ?? 'iso';
  if (!['s', 'ms', 'us', 'ns'].includes(unit)) throw usage(`--time-unit ${unit}`);
  if (timestamps !== 'iso' && timestamps !== 'ms') throw usage(`--timestamps ${timestamps}`);
  readLength(options['delay'] ?? '0');
  return { zone: checkZone(options['tz'] ?? 'UTC'), timestamps, unit: unit as TimeUnit, skipErrors: (options['on-error'] ?? 'fail') !== 'fail', files };
}

/** `--time` is a stage `time` in front of all others. */
function timeStage(options: Options, source: Options | undefined): StageWords[] {
  const time = source?.['time'] ?? options['time'];
  const delay = source?.['delay'] ?? options['delay'];
  return time === undefined ? [] : [{ name: 'time', args: [time], options: { delay } }];
}

/** The first place of a chain that ends in `sink`. */
function connect(stages: readonly Stage[], sink: Out): Out {
  return stages.reduceRight<Out>((next, stage) => ({ record: (rec) => stage.record(rec, next), watermark: (ms) => stage.advance(ms, next) }), sink);
}

/** Gives all lines to the chain, one after the other, and then ends it. */
function feed(names: readonly string[], files: Files, job: Job, first: Out): void {
  for (const name of names.length > 0 ? names : ['-']) {
    const text = files[name];
    if (text === undefined) throw new Failure(`no file ${name}`, 1);
    for (const line of text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined)) {
      if (line.trim() !== '' && isRecord(line, job)) first.record(new Rec(line));
    }
  }
  first.watermark(Number.POSITIVE_INFINITY);
}

function isRecord(line: string, job: Job): boolean {
  try {
    membersOf(line);
    return true;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (job.skipErrors) return false;
    throw new BadRecord(error.message);
  }
}
