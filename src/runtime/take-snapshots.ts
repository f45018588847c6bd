// in: a job with --snapshots
// out: the job, run with a hold on its directory, from the newest snapshot there

import { fstatSync, statSync } from 'node:fs';
import type { Job } from '../plan/job.ts';
import { pipelineDifference, pipelineWords } from '../plan/fingerprint.ts';
import type { SourcePlan } from '../plan/plan.ts';
import type { SinkState } from '../sinks/sink.ts';
import { SnapshotJob } from '../snapshot/job.ts';
import type { Manifest } from '../snapshot/manifest.ts';
import type { Parts } from './captured.ts';
import { ChildDeath } from './parallel/children.ts';
import type { SavedSinks, SinkSet } from './sink-set.ts';
import { type Held, Snapshots } from './snapshots.ts';
import { removeLeftovers } from './state-disk.ts';
import type { Summary } from './summary.ts';

interface Listeners {
  onSavepoint?(take: () => void): void;
  warn?(text: string): void;
  readonly signal?: AbortSignal;
}

/**
 * Where a child dies, the job begins again from the newest snapshot, as often as --restarts says (Flink: fixed-delay restart strategy).
 * @param sources all that the job reads
 * @param start runs the job; its outputs stay as they are until it begins
 */
export async function takeSnapshots(job: Job, sources: readonly SourcePlan[], { warn, onSavepoint, signal }: Listeners, start: (held: Held) => Promise<Summary>): Promise<Summary> {
  const { snapshots, keep, fresh, every } = job.options;
  const rules = { dir: snapshots!, keep, isFresh: fresh, version: WEIR_VERSION, pipeline: pipelineWords(job), difference: pipelineDifference };
  const directory = await SnapshotJob.open({ ...rules, ...(warn && { warn }) });
  removeLeftovers(snapshots!);
  let taken: Snapshots | undefined;
  onSavepoint?.(() => taken?.savepoint());
  try {
    for (let [left, sent] = [job.options.restarts, {}]; ; left--) {
      let sinks: SinkSet | undefined;
      const begin = (parts: Parts) => {
        sinks = parts.sinks;
        return (taken = new Snapshots(directory, parts, every));
      };
      try {
        return await start({ sinks: { ...sinksOf(directory.saved), sent }, place: directory.place, begun: () => directory.begun(), start: begin });
      } catch (error) {
        await taken?.close();
        if (!(error instanceof ChildDeath) || left === 0 || !sinks || signal?.aborted) throw error;
        await directory.goBack();
        if (!sources.every(({ files }) => isThere(files, directory.saved))) throw error;
        sent = sinks.written();
        warn?.(`${error.what}; going on from snapshot ${directory.place?.snapshot.id}`);
      }
    }
  } finally {
    await taken?.close();
    directory.close();
  }
}

/** Whether what a source has not given before a snapshot is still there: of a pipe, some of it has been read since. */
function isThere(files: readonly string[], saved: Manifest | undefined): boolean {
  const hasEnded = (file: string) => saved?.inputs.some(({ name, ended }) => ended && name === (file === '-' ? 'stdin' : file)) === true;
  return (files.length === 0 ? ['-'] : files).every((file) => hasEnded(file) || isFile(file));
}

function isFile(file: string): boolean {
  return (file === '-' ? fstatSync(0) : statSync(file)).isFile();
}

function sinksOf(saved: Manifest | undefined): SavedSinks {
  if (!saved) return { states: {}, isClean: true };
  return { states: saved.outputs as Record<string, SinkState>, isClean: saved.occasion === 'kept' || saved.occasion === 'stopped' };
}
