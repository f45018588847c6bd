// in: the words behind `weir run`
// out: the job of a .weir file, run

import { readFileSync } from 'node:fs';
import { UsageError, WeirError } from '../model/errors.ts';
import { stages } from '../operators/table.ts';
import type { Job } from '../plan/job.ts';
import { firstOperand, parseRun } from '../plan/words.ts';
import type { Call } from './call.ts';

export function action({ words, run }: Call): Promise<number> {
  return run(readPipeline(words));
}

/** The job of the .weir file that is the first operand. */
export function readPipeline(words: readonly string[]): Job {
  const at = firstOperand(words);
  if (at < 0) throw new UsageError('run: PIPELINE.weir is missing', 'usage: weir run PIPELINE.weir [FILE...]');
  return parseRun(readText(words[at]!), [...words.slice(0, at), ...words.slice(at + 1)], stages);
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new WeirError(`run: ${file}: ${missing ? 'no such file' : (error as Error).message}`, 1, missing ? 'the first word behind `run` is the pipeline' : undefined);
  }
}
