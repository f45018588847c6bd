// in: a job with --snapshots, as it runs
// out: snapshots of it, now and then and at its end; the newest one put back at its start

import { fault } from '../model/fault.ts';
import type { SnapshotPlace } from '../snapshot/directory.ts';
import { SnapshotJob } from '../snapshot/job.ts';
import type { InputRow, Occasion } from '../snapshot/manifest.ts';
import type { Captured, Parts } from './captured.ts';
import type { SavedSinks } from './sink-set.ts';
import type { SnapshotFigures, Summary } from './summary.ts';

/** A hold on the directory of snapshots. */
export interface Held {
  /** what the newest snapshot says of the outputs */
  readonly sinks: SavedSinks;
  /** the newest snapshot */
  readonly place: SnapshotPlace | undefined;
  /** Nobody has to read that any more. */
  begun(): void;
  start(parts: Parts): Snapshots;
}

/** Takes snapshots of a running job. Writing goes on while the job does; one is written at a time. */
export class Snapshots {
  /** what they cost so far */
  readonly figures: SnapshotFigures = { taken: 0, pause_ms: 0 };
  private writing: Promise<void> | undefined;
  /** what the newest one is of */
  private captured: Promise<Captured | undefined> | undefined;
  /** rejects when one cannot be taken */
  readonly failed: Promise<never>;
  private fail: (error: unknown) => void = () => {};
  private last = performance.now();
  /** blocks have been taken since the last snapshot */
  private isBehind = false;
  private wantsSavepoint = false;
  /** all is as the newest snapshot said, and the end has not come */
  private isOn = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly job: SnapshotJob,
    private readonly parts: Parts,
    /** ms between two snapshots */
    private readonly every: number,
  ) {
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => {});
  }

  /** Puts everything back as the newest snapshot says, or takes a first one: a death before the next must lose nothing either. */
  async begin(signal?: AbortSignal): Promise<void> {
    const { saved } = this.job;
    if (saved) {
      await this.parts.restore(this.job.states(), signal);
      if (signal?.aborted) return;
      this.parts.resume(saved.summary as Summary);
      fault('restore.states');
    } else {
      this.take('start');
      await this.settle();
      // Nothing ran yet that could have stood still.
      this.figures.pause_ms = 0;
    }
    this.parts.sinks.begin();
    this.isOn = true;
    // A block may be long in coming, and what came before is to be kept all the same.
    this.timer = setInterval(() => this.tick(), Math.min(this.every, 1 << 30));
  }

  /** The result of a pull, or the error of a snapshot that could not be written meanwhile. */
  async after(pull: Promise<boolean>): Promise<boolean> {
    const goesOn = await Promise.race([this.failed, pull]);
    if (goesOn) this.tookBlock();
    return goesOn;
  }

  /** The job has come further. */
  tookBlock(): void {
    this.isBehind = true;
    if (performance.now() - this.last >= this.every) this.tick();
  }

  /** Takes a snapshot that stays until somebody removes it, as soon as may be. */
  savepoint(): void {
    this.wantsSavepoint = true;
    this.tick();
  }

  /** The input has ended, or reading has: a last snapshot of what has come so far. Waits until it is written, unless results follow it. */
  async end(occasion: 'drain' | 'kept' | 'stopped'): Promise<void> {
    if (!this.isOn) return;
    this.isOn = false;
    await this.settle();
    if (this.wantsSavepoint) await this.settle(this.take('savepoint'));
    const writing = this.take(occasion);
    await (occasion === 'drain' ? Promise.race([this.failed, this.captured]) : this.settle(writing));
  }

  /** The job is done, and its state is of no use to anybody. */
  stop(): void {
    this.isOn = false;
  }

  /** Waits for what is being written. Throws WeirError. */
  async settle(writing = this.writing): Promise<void> {
    await Promise.race([this.failed, writing]);
  }

  /** Nothing more is taken; what is being written is, whether it can be or not. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
  }

  private tick(): void {
    if (this.writing || !this.isOn || this.parts.isBusy) return;
    if (this.wantsSavepoint) void this.take('savepoint');
    else if (this.isBehind) void this.take('running');
  }

  private take(occasion: Occasion): Promise<void> {
    const done = () => {
      this.writing = undefined;
      this.last = performance.now();
      if (this.wantsSavepoint) this.tick();
    };
    fault('snapshot.begin');
    const began = performance.now();
    this.captured = new Promise((resolve) => resolve(this.parts.capture(occasion)));
    this.passed(performance.now() - began);
    this.isBehind = false;
    if (occasion === 'savepoint') this.wantsSavepoint = false;
    this.writing = this.captured.then((there) => there && this.write(occasion, there)).catch(this.fail).then(done);
    return this.writing;
  }

  /** All there is to say is there; this happens while the job goes on. */
  private async write(occasion: Occasion, captured: Captured): Promise<void> {
    const { parts, job } = this;
    const { summary, source, outputs } = captured;
    try {
      await job.publish({ occasion, inputs: inputsIn(source), outputs, summary }, (folder) => captured.write(folder, (ms) => this.passed(ms)), () => parts.sinks.sync());
    } finally {
      captured.release();
    }
    this.figures.taken++;
  }

  /** The job stood still for so long. */
  private passed(ms: number): void {
    this.figures.pause_ms = Math.max(this.figures.pause_ms, Math.round(ms * 10) / 10);
  }
}

/** Inputs wherever they are in what streams have saved: a stream may be made of others. */
function inputsIn(saved: unknown): InputRow[] {
  if (typeof saved !== 'object' || saved === null) return [];
  if ('offset' in saved && 'ended' in saved) {
    const { name, offset, ended } = saved as { name: string; offset: number; ended: boolean };
    return [{ name, bytes: offset, ended }];
  }
  return Object.values(saved).flatMap(inputsIn);
}
