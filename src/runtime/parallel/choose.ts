// in: a job
// out: how many processes it runs on

import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Plan } from '../../plan/plan.ts';
import { sizes } from '../sizes.ts';

/** Bytes of files from which on further processes are worth their start. */
const WORTH_BYTES = 96 << 20;
const MOST = 128;

/**
 * Processes for a job: what -p says; by default as many as there are cores for files that are worth it, and 1 for what is small or live.
 * Jobs with two inputs, live ones, and those with snapshots run in one process, whatever -p says.
 */
export function chooseParallelism({ job, source, stages }: Plan): number {
  if (job.options.snapshots !== undefined || source.follow || stages.some(({ plan }) => plan.right)) return 1;
  if (job.options.parallelism !== 'auto') return Math.min(job.options.parallelism, MOST);
  if (sizes.parallelism !== undefined) return sizes.parallelism;
  // Who wants the first records only does not want more of them read.
  if (job.stages[0]!.name === 'head') return 1;
  return source.files.length > 0 && bytesOf(source.files) >= WORTH_BYTES ? Math.min(availableParallelism(), MOST) : 1;
}

function bytesOf(files: readonly string[]): number {
  return files.reduce((bytes, file) => bytes + (file === '-' ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0)), 0);
}
