// in: a job
// out: how many processes it runs on

import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Job } from '../../plan/job.ts';
import { sizes } from '../sizes.ts';

/** Bytes of files from which on further processes are worth their start. */
const WORTH_BYTES = 96 << 20;
const MOST = 128;

/** Processes for a job: what -p says; by default as many as there are cores for files that are worth it, and 1 for what is small or live. */
export function chooseParallelism({ options, stages }: Job, files: readonly string[]): number {
  if (options.parallelism !== 'auto') return Math.min(options.parallelism, MOST);
  if (sizes.parallelism !== undefined) return sizes.parallelism;
  // Who wants the first records only does not want more of them read.
  if (options.follow || stages[0]!.name === 'head') return 1;
  return files.length > 0 && bytesOf(files) >= WORTH_BYTES ? Math.min(availableParallelism(), MOST) : 1;
}

function bytesOf(files: readonly string[]): number {
  return files.reduce((bytes, file) => bytes + (file === '-' ? 0 : statSync(file).size), 0);
}
