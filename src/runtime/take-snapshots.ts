// in: a job with --snapshots
// out: the job, run with a hold on its directory, from the newest snapshot there

import type { Job } from '../plan/job.ts';
import { pipelineDifference, pipelineWords } from '../plan/fingerprint.ts';
import type { SinkState } from '../sinks/sink.ts';
import { SnapshotJob } from '../snapshot/job.ts';
import type { Manifest } from '../snapshot/manifest.ts';
import type { SavedOutlets } from './outlets.ts';
import { type Parts, Snapshots } from './snapshots.ts';
import type { Summary } from './summary.ts';

/** A job that is ready to run, whose `snapshots` are set before it does. */
interface Run extends Parts {
  snapshots: Snapshots | undefined;
  all(): Promise<Summary>;
}

interface Listeners {
  onSavepoint?(take: () => void): void;
  warn?(text: string): void;
}

/** @param prepare makes the run; its outputs stay as they are until it begins */
export async function takeSnapshots(job: Job, hooks: Listeners, prepare: (held: { job: SnapshotJob; outlets: SavedOutlets }) => Run): Promise<Summary> {
  const { snapshots, keep, fresh, every } = job.options;
  const { warn } = hooks;
  const rules = { dir: snapshots!, keep, isFresh: fresh, version: WEIR_VERSION, pipeline: pipelineWords(job), difference: pipelineDifference, ...(warn && { warn }) };
  const held = await SnapshotJob.open(rules);
  let taken: Snapshots | undefined;
  try {
    const run = prepare({ job: held, outlets: outletsOf(held.saved) });
    taken = new Snapshots(held, run, every);
    run.snapshots = taken;
    hooks.onSavepoint?.(() => taken?.savepoint());
    return await run.all();
  } finally {
    await taken?.close();
    held.close();
  }
}

function outletsOf(saved: Manifest | undefined): SavedOutlets {
  if (!saved) return { states: {}, isClean: true };
  return { states: saved.outputs as Record<string, SinkState>, isClean: saved.occasion === 'kept' || saved.occasion === 'stopped' };
}
