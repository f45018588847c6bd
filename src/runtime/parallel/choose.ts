// in: a job
// out: how many processes it runs on

import type { Plan } from '../../plan/plan.ts';
import { sizes } from '../sizes.ts';

const MOST = 128;

/**
 * Processes for a job: what -p says. By default one: as measured so far, two are hardly faster than one on any job.
 * Jobs with two inputs, live ones, those that look at the clock, those with their state on disk, and those with snapshots whose input is no NDJSON run in one process, whatever -p says.
 */
export function chooseParallelism({ job, source, stages }: Plan): number {
  const { snapshots, state } = job.options;
  if (source.follow || state === 'level' || (snapshots !== undefined && source.format.kind !== 'json') || stages.some(({ plan }) => plan.right || plan.isClocked)) return 1;
  if (job.options.parallelism !== 'auto') return Math.min(job.options.parallelism, MOST);
  return sizes.parallelism ?? 1;
}
