// in: a job and its inputs
// out: its output written; a summary of what was read, written, late and left out
//
// The way of a record: sources/ (bytes) → input-stream.ts (blocks of whole lines) → source.ts (scanned to batches of columns) →
// the operators of the plan, one behind the other → outputs.ts (lines again) → sinks/ (bytes).
// On several processes: parallel/coordinator.ts deals blocks out, parallel/subtask.ts shows the way of a record.

import type { StageDefinition } from '../model/stage.ts';
import type { Job } from '../plan/job.ts';
import { type Plan, planJob } from '../plan/plan.ts';
import { prepareStages } from './prepare.ts';
import { planTasks, type TaskPlan } from '../plan/tasks.ts';
import { refuseUnbuilt } from '../plan/unbuilt.ts';
import { openSink } from '../sinks/open.ts';
import { ClosedPipe } from '../sinks/sink.ts';
import { type Input, openInputs } from '../sources/input.ts';
import { makeChain, type Shared } from './context.ts';
import { type BadLine, DeadLetters } from './dead-letters.ts';
import { InputStream } from './input-stream.ts';
import { RecordFile } from './outputs.ts';
import { chooseParallelism } from './parallel/choose.ts';
import { Coordinator } from './parallel/coordinator.ts';
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
  const first = job.stages[0]!;
  const files = first.name === 'from' ? first.args : job.files;
  const parallelism = chooseParallelism(job, files);
  const tasks = parallelism > 1 ? planTasks(job, table) : undefined;
  const plan = tasks?.plan ?? planJob(job, table);
  await prepareStages(plan.stages);
  const dead = new DeadLetters(job.options.onError);
  const inputs = openInputs(files, {
    format: plan.format,
    onBadLine: (error, line) => dead.take({ reason: error.reason, source: error.source, line: error.line, text: line.toString('latin1') }),
  });
  return new JobRun({ plan, tasks, parallelism }, files, inputs, dead, hooks).all();
}

interface Planned {
  readonly plan: Plan;
  /** of a job that runs on several processes */
  readonly tasks: TaskPlan | undefined;
  readonly parallelism: number;
}

/** A job with its outputs: its chain of operators runs in this process, or in several. */
class JobRun {
  private readonly summary = emptySummary();
  private readonly shared: Shared;
  private readonly output: RecordFile;

  constructor(
    private readonly planned: Planned,
    files: readonly string[],
    private readonly inputs: readonly Input[],
    private readonly dead: DeadLetters,
    private readonly hooks: Hooks,
  ) {
    const { plan } = planned;
    const { options } = plan.job;
    this.output = new RecordFile(plan.output, openSink(options.output, options.outputFormat, files));
    this.shared = { summary: this.summary, dead, files: new Map(), warned: new Set(), inputs: files, isStopped: false, warn: hooks.warn };
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
      if (this.planned.tasks) await this.coordinate(this.planned.tasks);
      else await this.pull(this.planned.plan);
    } finally {
      this.flush();
    }
  }

  private async pull({ stages, input }: Plan): Promise<void> {
    const { shared, summary, dead } = this;
    const chain = makeChain(stages, shared, { push: (batch) => this.output.write(batch), end: () => {} });
    const rules = { summary, onBadLine: (bad: BadLine) => dead.take(bad), isStopped: () => shared.isStopped, signal: this.hooks.signal };
    const stream: Stream = new InputStream(input, this.inputs, chain, rules);
    while (await stream.pull()) this.blockDone();
  }

  private coordinate(tasks: TaskPlan): Promise<void> {
    const { shared, output } = this;
    const rules = { parallelism: this.planned.parallelism, shared, output, signal: this.hooks.signal, onBlock: () => this.blockDone() };
    return new Coordinator(tasks.plan.job, tasks, this.inputs, rules).run();
  }

  private blockDone(): void {
    this.flush();
    this.hooks.progress?.(this.summary);
  }

  /** Hands over what has been gathered, so that whoever follows the output sees it at once. */
  private flush(): void {
    this.summary.written = this.output.records;
    this.summary.rejected = this.dead.count;
    for (const file of this.shared.files.values()) file.flush();
    this.output.flush();
  }
}
