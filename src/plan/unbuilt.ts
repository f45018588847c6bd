// in: the options of a job and of its stages
// out: a refusal of what is parsed but not built yet; when a feature arrives, its line goes

import { UsageError } from '../model/errors.ts';
import type { StageCall } from '../model/stage.ts';
import type { JobOptions } from './job.ts';

interface Refusal {
  readonly what: string;
  readonly job?: (options: JobOptions) => boolean;
  readonly stage?: (call: StageCall) => boolean;
}

/** Everything that the command line takes and weir cannot do yet. */
const refusals: readonly Refusal[] = [
  { what: '--restarts', job: (o) => o.given.has('restarts') },
  { what: '--broadcast', stage: (c) => c.options['broadcast'] !== undefined },
];

/** Throws UsageError for the first thing that is not built yet. */
export function refuseUnbuilt(options: JobOptions, stages: readonly StageCall[]): void {
  for (const { what, job, stage } of refusals) {
    if (job?.(options) || (stage && stages.some(stage))) throw new UsageError(`${what} is not built yet`, 'leave it out');
  }
}
