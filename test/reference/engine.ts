// in: the words of a weir command line, and files
// out: what the contract says comes of it: stdout, other files, exit code. Slow and plain: one record at a time

import { buildStages } from './build.ts';
import { Failure, usage } from './failure.ts';
import type { Files, Point } from './point.ts';
import { connect, feed, jobOf, timeStage } from './source.ts';
import type { Out } from './stage.ts';
import { type Command, readWords } from './words.ts';

export interface Result {
  readonly exit: number;
  readonly stdout: string;
  /** files that the job writes, by name */
  readonly files: Readonly<Record<string, string>>;
  /** why it failed */
  readonly message: string;
}

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
  const job = jobOf(options, written);
  const [first, ...rest] = command.stages;
  const from = first!.name === 'from' ? first! : undefined;
  if (from && command.files.length > 0) throw usage('`from` names the files');
  if (rest.some((s) => s.name === 'from')) throw usage('`from` is the first stage');
  const point: Point = { env: { job, options, files }, job, timed: false, windowed: false, keyBy: undefined };
  const stages = buildStages([...timeStage(options, from?.options), ...(from ? rest : command.stages)], point);
  const output = options['output'];
  const sink: Out = {
    record: (rec) => (output === undefined ? stdout.push(`${rec.text}\n`) : written.get(output)!.push(`${rec.text}\n`)),
    dropped: () => {},
    watermark: () => {},
  };
  if (output !== undefined) written.set(output, []);
  for (const _ of feed(from ? from.args : command.files, files, job, connect(stages, sink)));
}
