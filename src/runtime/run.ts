// in: a job and its inputs
// out: its output written; a summary of what was read, written, late and left out
//
// The way of a record: sources/ (bytes) → input-stream.ts (blocks of whole lines) → source.ts (scanned to batches of columns) →
// the operators of the plan, one behind the other → outputs.ts (lines again) → sinks/ (bytes).

import { UsageError } from '../model/errors.ts';
import type { Receiver, StageDefinition } from '../model/stage.ts';
import type { Job } from '../plan/job.ts';
import { type Plan, planJob } from '../plan/plan.ts';
import { refuseUnbuilt } from '../plan/unbuilt.ts';
import { ClosedPipe } from '../sinks/sink.ts';
import { type Input, openInputs } from '../sources/input.ts';
import { ChainContext, type Shared } from './context.ts';
import { DeadLetters } from './dead-letters.ts';
import { InputStream } from './input-stream.ts';
import { Operators } from './operators.ts';
import { Outlets, type SavedOutlets } from './outlets.ts';
import { RecordFile } from './outputs.ts';
import type { SnapshotJob } from '../snapshot/job.ts';
import { fault } from '../model/fault.ts';
import type { Snapshots } from './snapshots.ts';
import type { Stream } from './stream.ts';
import { emptySummary, type Summary } from './summary.ts';

/** What the command line wants to know or say while a job runs. */
export interface Hooks {
  /** the job is to stop: no more is read, nothing that is open comes out */
  readonly signal?: AbortSignal;
  /** called after each block */
  progress?(summary: Summary): void;
  /** is given what takes a savepoint, for whoever is asked for one while the job runs */
  onSavepoint?(take: () => void): void;
  /** once per text */
  warn?(text: string): void;
}

/** Runs a job to its end. Throws WeirError; what came out before the error is written. */
export async function runJob(job: Job, table: readonly StageDefinition[], hooks: Hooks = {}): Promise<Summary> {
  refuseUnbuilt(job.options, job.stages);
  const plan = planJob(job, table);
  const first = job.stages[0]!;
  const files = first.name === 'from' ? first.args : job.files;
  const inputs = openInputs(files, { format: plan.format });
  if (job.options.snapshots === undefined && job.options.eof === 'keep') throw new UsageError('--eof keep has nowhere to keep what is open', 'add --snapshots DIR');
  if (job.options.snapshots === undefined) return new JobRun(plan, files, inputs, hooks).all();
  const { takeSnapshots } = await import('./take-snapshots.ts');
  return takeSnapshots(job, hooks, (held) => new JobRun(plan, files, inputs, hooks, held));
}

/** A chain of operators with its source and outputs, in this process. */
export class JobRun {
  private readonly summary = emptySummary();
  private readonly shared: Shared;
  private readonly output: RecordFile;
  private readonly dead: DeadLetters;
  readonly outlets: Outlets;
  readonly operators = new Operators();
  readonly stream: Stream;
  snapshots: Snapshots | undefined;

  constructor(
    plan: Plan,
    files: readonly string[],
    inputs: readonly Input[],
    private readonly hooks: Hooks,
    /** the directory of snapshots, and what the newest one says of the outputs */
    held?: { readonly job: SnapshotJob; readonly outlets: SavedOutlets },
  ) {
    const { options } = plan.job;
    this.outlets = new Outlets(files, held?.outlets);
    this.dead = new DeadLetters(options.onError, this.outlets);
    this.output = new RecordFile(plan.output, this.outlets.open('output', options.output, options.outputFormat));
    this.shared = { summary: this.summary, dead: this.dead, files: new Map(), warned: new Set(), outlets: this.outlets, isStopped: false, warn: hooks.warn };
    this.stream = new InputStream(plan.input, inputs, this.chain(plan), {
      summary: this.summary,
      onBadLine: (bad) => this.dead.take(bad),
      isStopped: () => this.shared.isStopped,
      signal: hooks.signal,
      isSaved: held !== undefined,
      onEnd: () => this.inputEnded(options.eof),
    });
  }

  /** The operators of the stages, one behind the other; what is implied before the first stage has the number 0. */
  private chain({ stages, job }: Plan): Receiver {
    let next: Receiver = { push: (batch) => this.output.write(batch), end: () => {} };
    const implied = stages.length - job.stages.length;
    for (const [i, stage] of [...stages.entries()].toReversed()) {
      const operator = stage.plan.create(new ChainContext(this.shared, next));
      this.operators.add(String(i + 1 - implied), operator);
      next = operator;
    }
    return next;
  }

  private async inputEnded(eof: 'drain' | 'keep'): Promise<boolean> {
    fault('end.input');
    await this.snapshots?.end(eof === 'keep' ? 'kept' : 'drain');
    return eof === 'drain';
  }

  async all(): Promise<Summary> {
    try {
      await this.work();
      this.output.close();
    } catch (error) {
      if (!(error instanceof ClosedPipe)) throw error;
      this.summary.isCut = true;
    }
    for (const file of this.shared.files.values()) file.close();
    this.dead.close();
    fault('end.closed');
    return this.summary;
  }

  private async work(): Promise<void> {
    try {
      await this.snapshots?.begin(this.hooks.signal);
      while (await this.pull()) {
        this.flush();
        this.hooks.progress?.(this.summary);
      }
      fault('end.drained');
      if (this.hooks.signal?.aborted) await this.snapshots?.end('stopped');
      await this.snapshots?.settle();
    } finally {
      this.flush();
    }
  }

  private pull(): Promise<boolean> {
    const pull = this.stream.pull();
    return this.snapshots ? this.snapshots.after(pull) : pull;
  }

  /** Hands over what has been gathered, so that whoever follows the output sees it at once. */
  flush(): Summary {
    this.summary.written = this.output.records;
    this.summary.rejected = this.dead.count;
    for (const file of this.shared.files.values()) file.flush();
    this.output.flush();
    return this.summary;
  }

  /** Goes on with the figures of an earlier run. */
  resume(summary: Summary): void {
    Object.assign(this.summary, summary);
    this.output.records = summary.written;
    this.dead.count = summary.rejected;
  }
}
