// in: nothing
// out: what a command is given

import type { Job } from '../plan/job.ts';

/** Runs a job; gives the exit code. */
export type RunJob = (job: Job) => Promise<number>;

/** A command as it was typed, its name taken off. */
export interface Call {
  /** operands; of a command that takes a job, its options too */
  readonly words: readonly string[];
  /** options that commander has taken */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly run: RunJob;
}
