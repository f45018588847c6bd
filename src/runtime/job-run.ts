// in: a plan, ready to run
// out: its inputs and outputs opened; the chain of its operators run in this process, or in several; all of them closed

import { fault } from '../model/fault.ts';
import { columnsOf } from '../plan/layout.ts';
import type { Front } from '../plan/fronts.ts';
import { type Plan, type SourcePlan } from '../plan/plan.ts';
import { type TaskPlan } from '../plan/tasks.ts';
import { ClosedPipe, type LineSink } from '../sinks/sink.ts';
import type { Input } from '../sources/input.ts';
import type { Chunks } from '../sources/iterable.ts';
import { Alarms } from './alarms.ts';
import { OneProcess } from './captured.ts';
import type { Shared } from './context.ts';
import { DeadLetters } from './dead-letters.ts';
import { RecordFile } from './outputs.ts';
import { Coordinator, type CoordinatorRules } from './parallel/coordinator.ts';
import { FrontPool } from './parallel/front-pool.ts';
import { openSources, PipelineBuilder, sourcesOf } from './pipeline.ts';
import { SinkSet } from './sink-set.ts';
import type { Held, Snapshots } from './snapshots.ts';
import { StateDisk } from './state-disk.ts';
import type { Stream } from './stream.ts';
import { isMetered, peakMemory, StateMeter } from './state-meter.ts';
import { emptySummary, type Summary } from './summary.ts';

/** What the command line wants to know or say while a job runs. */
export interface Hooks {
  /** the job is to stop: no more is read, nothing that is open comes out */
  readonly signal?: AbortSignal;
  /** called after each block */
  progress?(summary: Summary): void;
  /** once per text */
  warn?(text: string): void;
  /** is given what takes a savepoint, for whoever is asked for one while the job runs */
  onSavepoint?(take: () => void): void;
  /** what happened to files that are followed */
  note?(text: string): void;
  /** takes the output, instead of what the job says */
  readonly sink?: LineSink | undefined;
  /** is read in the place of stdin */
  readonly chunks?: Chunks | undefined;
  /** awaited between blocks: whoever takes the output has room for more */
  ready?(): Promise<void>;
}

/** A job's plan, ready to run. */
export interface Planned {
  readonly plan: Plan;
  /** of a job that runs on several processes: its tasks, or the fronts of its sources */
  readonly tasks: TaskPlan | undefined;
  readonly fronts: readonly Front[] | undefined;
  readonly parallelism: number;
}

/** A job with its outputs: its chain of operators runs in this process, or in several. */
export class JobRun {
  private readonly summary = emptySummary();
  private readonly shared: Shared;
  private readonly output: RecordFile;
  private readonly disk: StateDisk | undefined;
  private snapshots: Snapshots | undefined;

  private constructor(
    private readonly planned: Planned,
    private readonly inputs: ReadonlyMap<SourcePlan, readonly Input[]>,
    private readonly dead: DeadLetters,
    private readonly sinks: SinkSet,
    private readonly hooks: Hooks,
    private readonly held: Held | undefined,
  ) {
    const { plan } = planned;
    const { options } = plan.job;
    this.output = new RecordFile(plan.output, hooks.sink ?? sinks.open('output', options.output, options.outputFormat, columnsOf(plan.output)));
    const isLive = [...inputs.values()].flat().some(({ kind }) => kind !== 'file');
    this.disk = options.state === 'level' ? new StateDisk(options.snapshots) : undefined;
    const meter = isMetered(options) ? new StateMeter() : undefined;
    this.shared = { summary: this.summary, disk: this.disk, dead, files: new Map(), warned: new Set(), sinks, isStopped: false, warn: hooks.warn, alarms: new Alarms(isLive), meter };
  }

  /** Opens inputs and outputs. Throws WeirError. @param held the hold on the directory of snapshots, if there is one */
  static open(planned: Planned, hooks: Hooks, held?: Held): JobRun {
    const { plan, tasks, fronts } = planned;
    const sources = [plan.source, ...sourcesOf(plan.stages)];
    const sinks = new SinkSet(sources.flatMap(({ files }) => (files.length > 0 ? files : ['-'])), held?.sinks);
    const dead = new DeadLetters(plan.job.options.onError, sinks);
    const inputs = openSources(sources, dead, { ...hooks, inOrder: tasks === undefined && fronts === undefined });
    return new JobRun(planned, inputs, dead, sinks, hooks, held);
  }

  async all(): Promise<Summary> {
    try {
      await this.work();
      this.output.close();
    } catch (error) {
      if (!(error instanceof ClosedPipe)) throw error;
      this.summary.isCut = true;
    } finally {
      for (const file of this.shared.files.values()) file.close();
      this.dead.close();
      await this.disk?.close();
    }
    fault('end.closed');
    this.measure();
    return this.summary;
  }

  private measure(): void {
    const { summary, shared: { meter } } = this;
    if (!meter) return;
    // Those of other processes are there already.
    summary.memory = (summary.memory ?? 0) + peakMemory();
    summary.stages = [...(summary.stages ?? []), ...meter.figures];
  }

  private async work(): Promise<void> {
    try {
      if (this.planned.tasks) await this.coordinate(this.planned.tasks);
      else await this.pull(this.planned.plan);
    } finally {
      this.flush();
    }
  }

  private async pull(plan: Plan): Promise<void> {
    const { eof } = plan.job.options;
    const onEnd = async () => {
      fault('end.input');
      this.shared.meter?.look();
      // Where there are two inputs, the first to end is no moment to go on from.
      if (eof === 'drain' && this.inputs.size === 1) await this.snapshots?.end('drain');
      return eof === 'drain';
    };
    const fronts = this.frontPool();
    const builder = new PipelineBuilder(this.inputs, { signal: this.hooks.signal, isSaved: this.held !== undefined, keeps: eof === 'keep', onEnd }, fronts);
    const stream: Stream = builder.build(plan.stages, { push: (batch) => this.output.write(batch), end: () => {} }, this.shared, builder.source(plan.source), '', fronts && plan.edges[0]!.before);
    const snapshots = (this.snapshots = this.held?.start(new OneProcess({ stream, operators: builder.operators, sinks: this.sinks, flush: () => this.flush(), resume: (summary) => this.resume(summary) })));
    try {
      await snapshots?.begin(this.hooks.signal);
      if (!fronts) this.held?.begun();
      while (await (snapshots ? snapshots.after(stream.pull()) : stream.pull())) {
        this.blockDone();
        await this.hooks.ready?.();
      }
    } finally {
      if (snapshots) this.summary.snapshots = snapshots.figures;
      // A reader that is waiting may take its time: nothing more depends on it.
      builder.close().catch(() => {});
      // Other processes are gone before this one is.
      await fronts?.close();
    }
    await this.lastSnapshot(eof);
  }

  private frontPool(): FrontPool | undefined {
    const { plan: { job, stages }, fronts, parallelism } = this.planned;
    if (!fronts) return undefined;
    const hasUserCode = fronts.some(({ tasks }) => tasks.plan.stages.some(({ plan }) => plan.prepare !== undefined)) || stages.some(({ plan }) => plan.prepare !== undefined);
    return new FrontPool({ job, fronts, parallelism, hasUserCode, snapshots: this.held });
  }

  private async lastSnapshot(eof: 'drain' | 'keep'): Promise<void> {
    const { snapshots } = this;
    fault('end.drained');
    if (this.hooks.signal?.aborted) {
      this.shared.meter?.look();
      await snapshots?.end('stopped');
    } else if (eof === 'keep') await snapshots?.end('kept');
    snapshots?.stop();
    await snapshots?.settle();
  }

  private async coordinate(tasks: TaskPlan): Promise<void> {
    const coordinator = new Coordinator(tasks.plan.job, tasks, this.inputs.get(tasks.plan.source)!, this.coordinatorRules(tasks.plan.job.options.eof === 'drain'));
    try {
      const snapshots = (this.snapshots = this.held?.start(coordinator));
      await snapshots?.begin(this.hooks.signal);
      await (snapshots ? Promise.race([snapshots.failed, coordinator.run()]) : coordinator.run());
      await this.lastSnapshot(tasks.plan.job.options.eof);
    } finally {
      if (this.snapshots) this.summary.snapshots = this.snapshots.figures;
      await coordinator.close();
    }
  }

  private coordinatorRules(drains: boolean): CoordinatorRules {
    const { shared, output, sinks } = this;
    const onBlock = () => {
      this.blockDone();
      this.snapshots?.tookBlock();
    };
    const onEnd = async () => {
      if (drains) await this.snapshots?.end('drain');
      return drains;
    };
    return {
      ...{ parallelism: this.planned.parallelism, shared, output, sinks, snapshots: this.held, signal: this.hooks.signal, onBlock, onEnd },
      flush: () => this.flush(),
      resume: (summary) => this.resume(summary),
    };
  }

  private blockDone(): void {
    this.flush();
    this.shared.meter?.lookIfDue();
    this.hooks.progress?.(this.summary);
  }

  /** Hands over what has been gathered, so that whoever follows the output sees it at once. */
  private flush(): Summary {
    this.summary.written = this.output.records;
    this.summary.rejected = this.dead.count;
    for (const file of this.shared.files.values()) file.flush();
    this.output.flush();
    return this.summary;
  }

  /** Goes on with the figures of an earlier run. */
  private resume(summary: Summary): void {
    Object.assign(this.summary, summary);
    this.output.records = summary.written;
    this.dead.count = summary.rejected;
  }
}
