// in: the command line
// out: the exit code, when whatever it asks for has been done
//
// The way of a command: words → plan/words.ts (a job) → runtime/run.ts (its output) → report.ts (what is said about it).
// Everything but a job goes to commands.ts. What a command does not need is not loaded.

import { Exit, WeirError } from '../model/errors.ts';
import type { Job } from '../plan/job.ts';
import { firstOperand, parseWords } from '../plan/words.ts';
import { Signals } from './signals.ts';

/** Words that are no stages. */
const COMMANDS: readonly string[] = ['run', 'explain', 'snapshot', 'generate', 'help', 'completion'];

const signals = new Signals();
if (process.env['WEIR_CHILD'] === undefined) main(process.argv.slice(2)).then((exit) => process.exit(exit));
else void work();

/** This process is a child of a job. Signals are for the one that started it, and whose end is ours. */
async function work(): Promise<void> {
  signals.ignore();
  const [{ stages }, { runChild }] = await Promise.all([import('../operators/table.ts'), import('../runtime/parallel/child.ts')]);
  runChild(stages, () => process.exit(Exit.failed));
}

async function main(words: readonly string[]): Promise<number> {
  try {
    return await dispatch(words);
  } catch (error) {
    return await fail(error, words);
  }
}

async function dispatch(words: readonly string[]): Promise<number> {
  if (asksForHelp(words)) return (await import('./help.ts')).answer(words);
  const first = firstOperand(words);
  if (first >= 0 && COMMANDS.includes(words[first]!)) return (await import('./commands.ts')).runCommand(words, first, run);
  const { stages } = await import('../operators/table.ts');
  return run(parseWords(words, stages, COMMANDS));
}

/** `weir`, `weir -h`, and --help anywhere; `-h` behind a stage could be something to rank by. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.length === 0 || words[0] === '-h' || (words[1] === '-h' && words[0] !== 'top') || words.slice(0, end < 0 ? undefined : end).includes('--help');
}

/** Runs a job and says how it went. */
async function run(job: Job): Promise<number> {
  const [{ stages }, { runJob }, { report }] = await Promise.all([import('../operators/table.ts'), import('../runtime/run.ts'), import('./report.ts')]);
  return report(job, signals, (hooks) => runJob(job, stages, hooks));
}

/** Prints what went wrong, unless it is only that nobody reads our output any more. */
async function fail(error: unknown, words: readonly string[]): Promise<number> {
  if (error instanceof WeirError && error.exit === Exit.done) return Exit.done;
  const [{ describe }, { colourWish, colours, complain }] = await Promise.all([import('./errors.ts'), import('./terminal.ts')]);
  const verbose = words.some((word) => word === '--verbose' || /^-[a-zA-Z]*v/.test(word));
  complain(describe(error, colours(2, colourWish(words)), verbose));
  return error instanceof WeirError ? error.exit : Exit.failed;
}
