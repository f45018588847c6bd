// in: a job and its inputs
// out: its output written; a summary of what was read, written, late and left out
//
// The way of a record: sources/ (bytes) → input-stream.ts (blocks of whole lines) → source.ts (scanned to batches of columns) →
// the operators of the plan, one behind the other → outputs.ts (lines again) → sinks/ (bytes).

import type { Receiver, StageDefinition } from '../model/stage.ts';
import type { Job } from '../plan/job.ts';
import { type Plan, planJob } from '../plan/plan.ts';
import { refuseUnbuilt } from '../plan/unbuilt.ts';
import { openSink } from '../sinks/open.ts';
import { ClosedPipe } from '../sinks/sink.ts';
import { type Input, openInputs } from '../sources/input.ts';
import { ChainContext, type Shared } from './context.ts';
import { DeadLetters } from './dead-letters.ts';
import { InputStream } from './input-stream.ts';
import { RecordFile } from './outputs.ts';
import type { Stream } from './stream.ts';
import { emptySummary, type Summary } from './summary.ts';

/** What the command line wants to know or say while a job runs. */
export interface Hooks {
  /** the job is to stop: no more is read, nothing that is open comes out */
  readonly signal?: AbortSignal;
  /** called after each block */
  progress?(summary: Summary): void;
  /** once per text */
  warn?(text: string): void;
}

/** Runs a job to its end. Throws WeirError; what came out before the error is written. */
export async function runJob(job: Job, table: readonly StageDefinition[], hooks: Hooks = {}): Promise<Summary> {
  refuseUnbuilt(job.options, job.stages);
  const plan = planJob(job, table);
  for (const stage of plan.stages) await stage.plan.prepare?.();
  const first = job.stages[0]!;
  const files = first.name === 'from' ? first.args : job.files;
  const dead = new DeadLetters(job.options.onError);
  const inputs = openInputs(files, {
    format: plan.format,
    onBadLine: (error, line) => dead.take({ reason: error.reason, source: error.source, line: error.line, text: line.toString('latin1') }),
  });
  return new JobRun(plan, files, inputs, dead, hooks).all();
}

/** A chain of operators with its source and outputs, in this process. */
class JobRun {
  private readonly summary = emptySummary();
  private readonly shared: Shared;
  private readonly output: RecordFile;
  private readonly stream: Stream;

  constructor(
    plan: Plan,
    files: readonly string[],
    inputs: readonly Input[],
    private readonly dead: DeadLetters,
    private readonly hooks: Hooks,
  ) {
    const { options } = plan.job;
    this.output = new RecordFile(plan.output, openSink(options.output, options.outputFormat, files));
    this.shared = { summary: this.summary, dead, files: new Map(), warned: new Set(), inputs: files, isStopped: false, warn: hooks.warn };
    let chain: Receiver = { push: (batch) => this.output.write(batch), end: () => {} };
    for (const stage of plan.stages.toReversed()) chain = stage.plan.create(new ChainContext(this.shared, chain));
    this.stream = new InputStream(plan.input, inputs, chain, {
      summary: this.summary,
      onBadLine: (bad) => dead.take(bad),
      isStopped: () => this.shared.isStopped,
      signal: hooks.signal,
    });
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
    return this.summary;
  }

  private async work(): Promise<void> {
    try {
      while (await this.stream.pull()) {
        this.flush();
        this.hooks.progress?.(this.summary);
      }
    } finally {
      this.flush();
    }
  }

  /** Hands over what has been gathered, so that whoever follows the output sees it at once. */
  private flush(): void {
    this.summary.written = this.output.records;
    this.summary.rejected = this.dead.count;
    for (const file of this.shared.files.values()) file.flush();
    this.output.flush();
  }
}
