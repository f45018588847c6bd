// in: a job and its inputs
// out: its output written; a summary of what was read, written, late and left out
//
// The way of a record: sources/ (bytes) → blocks.ts (whole lines) → source.ts (scanned to batches of columns) →
// the operators of the plan, one behind the other → outputs.ts (lines again) → sinks/ (bytes).

import { MAX_ROWS } from '../model/column.ts';
import type { Receiver, StageDefinition } from '../model/stage.ts';
import type { Job } from '../plan/job.ts';
import { type Plan, planJob } from '../plan/plan.ts';
import { refuseUnbuilt } from '../plan/unbuilt.ts';
import { openSink } from '../sinks/open.ts';
import { ClosedPipe } from '../sinks/sink.ts';
import { type Input, openInputs } from '../sources/input.ts';
import { Blocks } from './blocks.ts';
import { ChainContext, type Shared } from './context.ts';
import { DeadLetters } from './dead-letters.ts';
import { RecordFile } from './outputs.ts';
import { RecordSource } from './source.ts';
import { emptySummary, type Summary } from './summary.ts';

/** Sizes that change nothing but speed; tests set others. */
const sizes = {
  blockBytes: Number(process.env['WEIR_BLOCK_BYTES']) || undefined,
  batchRows: Math.min(Number(process.env['WEIR_BATCH_ROWS']) || MAX_ROWS, MAX_ROWS),
};

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
  const first = job.stages[0]!;
  const files = first.name === 'from' ? first.args : job.files;
  const dead = new DeadLetters(job.options.onError);
  const inputs = openInputs(files, {
    format: plan.format,
    onBadLine: (error, line) => dead.take({ reason: error.reason, source: error.source, line: error.line, text: line.toString('latin1') }),
  });
  return new JobRun(plan, files, dead, hooks).all(inputs);
}

/** A chain of operators with its source and outputs, in this process. */
class JobRun {
  private readonly summary = emptySummary();
  private readonly shared: Shared;
  private readonly output: RecordFile;
  private readonly chain: Receiver;
  private readonly source: RecordSource;

  constructor(
    plan: Plan,
    files: readonly string[],
    private readonly dead: DeadLetters,
    private readonly hooks: Hooks,
  ) {
    const { options } = plan.job;
    this.output = new RecordFile(plan.output, openSink(options.output, options.outputFormat, files));
    this.shared = { summary: this.summary, dead, files: new Map(), warned: new Set(), inputs: files, isStopped: false, warn: hooks.warn };
    let chain: Receiver = { push: (batch) => this.output.write(batch), end: () => {} };
    for (const stage of plan.stages.toReversed()) chain = stage.plan.create(new ChainContext(this.shared, chain));
    this.chain = chain;
    this.source = new RecordSource(plan.input, chain, (bad) => dead.take(bad), () => this.shared.isStopped, sizes.batchRows);
  }

  async all(inputs: readonly Input[]): Promise<Summary> {
    try {
      await this.work(inputs);
      this.output.close();
    } catch (error) {
      if (!(error instanceof ClosedPipe)) throw error;
      this.summary.isCut = true;
    }
    for (const file of this.shared.files.values()) file.close();
    this.dead.close();
    return this.summary;
  }

  private async work(inputs: readonly Input[]): Promise<void> {
    try {
      for (const input of inputs) await this.read(input);
      if (this.hooks.signal?.aborted) return;
      // Also where `head` wants no more: what stands behind it prints at the end.
      this.source.drain();
      this.chain.end();
    } finally {
      this.flush();
    }
  }

  private get isOver(): boolean {
    return this.shared.isStopped || this.hooks.signal?.aborted === true;
  }

  private async read(input: Input): Promise<void> {
    if (this.isOver) return;
    const blocks = new Blocks(input, sizes.blockBytes);
    this.source.open(input.name, input.firstLine);
    const aborted = abortion(this.hooks.signal);
    while (!this.isOver) {
      const block = await (aborted ? Promise.race([blocks.next(), aborted]) : blocks.next());
      if (!block) break;
      this.summary.bytes += block.end - block.start;
      this.source.take(block);
      this.flush();
      this.hooks.progress?.(this.summary);
    }
    await blocks.close();
  }

  /** Hands over what has been gathered, so that whoever follows the output sees it at once. */
  private flush(): void {
    this.summary.records = this.source.records;
    this.summary.written = this.output.records;
    this.summary.rejected = this.dead.count;
    for (const file of this.shared.files.values()) file.flush();
    this.output.flush();
  }
}

function abortion(signal: AbortSignal | undefined): Promise<undefined> | undefined {
  if (!signal) return undefined;
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
