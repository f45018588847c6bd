// in: a directory, and the pipeline of the job that wants it
// out: the job's hold on the directory: the snapshot to go on from, and a place for new ones

import { Exit, UsageError, WeirError } from '../model/errors.ts';
import { fault } from '../model/fault.ts';
import { type Snapshot, SnapshotDirectory, type SnapshotPlace } from './directory.ts';
import { checksumOf, type FileEntry } from './files.ts';
import { SnapshotLock } from './lock.ts';
import { FORMAT, type Manifest } from './manifest.ts';
import type { StatesRead } from './states.ts';

export interface SnapshotRules {
  readonly dir: string;
  readonly keep: number;
  /** what there is does not count */
  readonly isFresh: boolean;
  /** version of weir */
  readonly version: string;
  /** the pipeline in words; whose words are the same, their state fits */
  readonly pipeline: readonly string[];
  /** What differs between two pipelines, in words. */
  difference(before: readonly string[], now: readonly string[]): string | undefined;
  warn?(text: string): void;
}

/** What a snapshot says beside the state of operators. */
export type Contents = Pick<Manifest, 'occasion' | 'inputs' | 'outputs' | 'summary'>;

export class SnapshotJob {
  /** snapshots that are not whole: they go when there is a new one */
  private readonly unusable = new Set<string>();
  private snapshot: Snapshot | undefined;
  /** somebody may not have read the snapshot to go on from yet */
  private isNeeded = true;

  private constructor(
    private readonly rules: SnapshotRules,
    private readonly directory: SnapshotDirectory,
    private readonly lock: SnapshotLock,
  ) {}

  /** Throws WeirError: exit 3 where the directory is in use, or what it holds is of another pipeline or not whole. */
  static async open(rules: SnapshotRules): Promise<SnapshotJob> {
    const directory = new SnapshotDirectory(rules.dir);
    await directory.make();
    const job = new SnapshotJob(rules, directory, await SnapshotLock.take(rules.dir));
    fault('lock.taken');
    try {
      await directory.tidy();
      if (rules.isFresh) for (const id of await directory.ids()) job.obsolete(id);
      else job.snapshot = await job.choose();
      fault('restore.chosen');
      return job;
    } catch (error) {
      job.close();
      throw error;
    }
  }

  /** Whoever goes on does so from what is the newest snapshot now. Throws WeirError. */
  async goBack(): Promise<void> {
    await this.directory.tidy();
    this.snapshot = await this.choose();
    this.isNeeded = true;
  }

  /** All subtasks have begun with what the snapshot says: it goes in its turn. */
  begun(): void {
    this.isNeeded = false;
  }

  private obsolete(id: string): void {
    if (!id.endsWith('-savepoint')) this.unusable.add(id);
  }

  private async choose(): Promise<Snapshot | undefined> {
    const snapshot = await this.directory.newest((id, reason) => {
      this.unusable.add(id);
      this.rules.warn?.(`snapshot ${id} is left out: ${reason}`);
    });
    if (snapshot) this.refuseOther(snapshot);
    return snapshot;
  }

  private refuseOther({ id, manifest }: Snapshot): void {
    const { pipeline, dir, difference } = this.rules;
    const what = difference(manifest.pipeline, pipeline);
    if (what === undefined) return;
    throw new WeirError(
      `the snapshots in ${dir} are of another pipeline (snapshot ${id}): ${what}`,
      Exit.snapshot,
      'run the pipeline as it was, name another directory with --snapshots, or start anew with --fresh',
    );
  }

  /** What the snapshot to go on from says; undefined: there is none. */
  get saved(): Manifest | undefined {
    return this.snapshot?.manifest;
  }

  /** Where that is; undefined: there is none. */
  get place(): SnapshotPlace | undefined {
    return this.snapshot && { directory: this.directory.path, snapshot: this.snapshot };
  }

  /** Its state by operator, of the wanted key groups (undefined: all). */
  states(wanted?: ReadonlySet<number>): StatesRead {
    if (!this.snapshot) throw new UsageError('there is no snapshot to go on from');
    return this.directory.states(this.snapshot, wanted);
  }

  /**
   * Publishes a snapshot, and removes those that are too old then.
   * @param files writes the files of state into a folder: of one process, or of several at once
   * @param sync brings to disk what the snapshot speaks of
   * Throws WeirError.
   */
  async publish(contents: Contents, files: (folder: string) => Promise<readonly FileEntry[]>, sync: () => Promise<void>): Promise<void> {
    const { pipeline, version, keep } = this.rules;
    const head = { format: FORMAT, weir: version, taken: new Date().toISOString(), occasion: contents.occasion, fingerprint: checksumOf(JSON.stringify(pipeline)), pipeline };
    await this.directory.publish(async (folder) => {
      const [written] = await Promise.all([files(folder), sync()]);
      fault('snapshot.synced');
      return { ...head, ...contents, files: written };
    }, contents.occasion === 'savepoint');
    await this.directory.prune(keep, this.unusable, this.isNeeded ? this.snapshot?.id : undefined);
    this.unusable.clear();
  }

  close(): void {
    this.lock.release();
    fault('lock.released');
  }
}
