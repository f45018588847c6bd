// in: a job with --snapshots
// out: the job, run with a hold on its directory, from the newest snapshot there

import type { Job } from '../plan/job.ts';
import { pipelineDifference, pipelineWords } from '../plan/fingerprint.ts';
import type { SinkState } from '../sinks/sink.ts';
import { SnapshotJob } from '../snapshot/job.ts';
import type { Manifest } from '../snapshot/manifest.ts';
import type { SavedSinks } from './sink-set.ts';
import { type Held, Snapshots } from './snapshots.ts';
import type { Summary } from './summary.ts';

interface Listeners {
  onSavepoint?(take: () => void): void;
  warn?(text: string): void;
}

/** @param start runs the job; its outputs stay as they are until it begins */
export async function takeSnapshots(job: Job, { warn, onSavepoint }: Listeners, start: (held: Held) => Promise<Summary>): Promise<Summary> {
  const { snapshots, keep, fresh, every } = job.options;
  const rules = { dir: snapshots!, keep, isFresh: fresh, version: WEIR_VERSION, pipeline: pipelineWords(job), difference: pipelineDifference };
  const held = await SnapshotJob.open({ ...rules, ...(warn && { warn }) });
  let taken: Snapshots | undefined;
  onSavepoint?.(() => taken?.savepoint());
  try {
    return await start({ sinks: sinksOf(held.saved), place: held.place, start: (parts) => (taken = new Snapshots(held, parts, every)) });
  } finally {
    await taken?.close();
    held.close();
  }
}

function sinksOf(saved: Manifest | undefined): SavedSinks {
  if (!saved) return { states: {}, isClean: true };
  return { states: saved.outputs as Record<string, SinkState>, isClean: saved.occasion === 'kept' || saved.occasion === 'stopped' };
}
