// in: a job
// out: how many processes it runs on

import type { Plan } from '../../plan/plan.ts';
import { sizes } from '../sizes.ts';

const MOST = 128;

/**
 * Processes for a job: what -p says. By default one: as measured so far, two are hardly faster than one on any job.
 * Jobs with two inputs, live ones, those with snapshots and those with their state on disk run in one process, whatever -p says.
 */
export function chooseParallelism({ job, source, stages }: Plan): number {
  if (job.options.snapshots !== undefined || job.options.state === 'level' || source.follow || stages.some(({ plan }) => plan.right)) return 1;
  if (job.options.parallelism !== 'auto') return Math.min(job.options.parallelism, MOST);
  return sizes.parallelism ?? 1;
}
