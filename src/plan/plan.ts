// in: a job as it was typed, and the table of stages
// out: the checked plan: what runs, in order, and what records look like at each place

import { parseDuration } from '../model/duration.ts';
import { TextError, UsageError } from '../model/errors.ts';
import { type InputFormat, parseFormat } from '../model/format.ts';
import type { RightInput, RightRules, StageCall, StageDefinition, StagePlan } from '../model/stage.ts';
import type { Job } from './job.ts';
import { LayoutSpec, type WriterSpec } from './layout.ts';
import { PlanPoint } from './point.ts';
import { parseRight } from './right.ts';
import { blockStages } from './block-stages.ts';
import { subtasksOf } from './subtasks.ts';

/** One stage, planned. */
export interface PlannedStage {
  /** its number among the stages of its pipeline */
  readonly index: number;
  readonly call: StageCall;
  readonly plan: StagePlan;
}

/** A place between two stages where records go from one process to another. */
export interface Edge {
  /** index of the stage in front of which it is */
  readonly before: number;
  /** how records travel: as columns of what the stages behind read, or as whole lines, which are put in order on the way */
  readonly as: 'columns' | 'lines';
}

/** An edge, planned. */
export interface PlannedEdge extends Edge {
  /** how to write records in front of it, where they travel as lines */
  readonly writer: WriterSpec | undefined;
  /** the layout of the records behind it */
  readonly layout: LayoutSpec;
  /** they belong to windows */
  readonly windowed: boolean;
}

/** A job that can be run. */
export interface Plan {
  readonly job: Job;
  readonly source: SourcePlan;
  readonly stages: readonly PlannedStage[];
  readonly edges: readonly PlannedEdge[];
  /** how to write what comes out at the end */
  readonly output: WriterSpec;
}

/** The source of an input, and what its records look like when they are read. */
export interface SourcePlan {
  /** none: stdin */
  readonly files: readonly string[];
  readonly format: InputFormat;
  /** layout of the records that come from it */
  readonly layout: LayoutSpec;
  /** files are read on as they grow */
  readonly follow: boolean;
  /** ms, ascending: what stages and the job say in --idle */
  readonly idle: readonly number[];
}

/** The other input of a stage with two. */
export interface RightPlan extends RightInput {
  /** undefined: it is a branch */
  readonly source: SourcePlan | undefined;
  readonly stages: readonly PlannedStage[];
  /** where its front ends, if it has one: see fronts.ts */
  readonly front: PlannedEdge | undefined;
}

/** Reads the text of a .weir file. Throws WeirError. */
export type ReadText = (file: string) => string;

/** Checks all stages in order. Throws UsageError; a TextError carries the stage's name. @param hasFronts whether other inputs have fronts (fronts.ts) */
export function planJob(job: Job, table: readonly StageDefinition[], readText: ReadText, cuts: readonly Edge[] = [], hasFronts = false): Plan {
  const point = new PlanPoint(job.options, new Planner(job, table, readText, hasFronts).right);
  const input = point.layout;
  const edges: PlannedEdge[] = [];
  const calls = [...implied(job), ...job.stages];
  const stages = calls.map((call, index) => {
    const cut = cuts.find(({ before }) => before === index);
    if (cut) edges.push(planEdge(cut, point));
    return { index, call, plan: planStage(call, point, table) };
  });
  return { job, source: planSource(job, calls, input), stages, edges, output: point.writer() };
}

/** FILEs that a job reads: of its source, or of the job. */
export function filesOf({ stages, files }: Pick<Job, 'stages' | 'files'>): readonly string[] {
  return stages[0]?.name === 'from' ? stages[0].args : files;
}

/** Plans the other inputs of a job's stages, and of the stages in these. */
class Planner {
  constructor(
    private readonly job: Job,
    private readonly table: readonly StageDefinition[],
    private readonly readText: ReadText,
    private readonly hasFronts: boolean,
  ) {}

  readonly right = (text: string, left: PlanPoint, rules: RightRules): RightPlan => {
    const right = parseRight(text, this.job, this.table, this.readText);
    if (right.isBranch) return this.branch(right.job, left);
    return (rules.isTimeless && right.inheritsTime && this.timeless(right.job)) || this.sourced(right.job);
  };

  /** The input without event time, which its records need not have then; undefined: a stage might miss it. */
  private timeless(job: Job): RightPlan | undefined {
    try {
      const plan = this.sourced({ ...job, options: { ...job.options, time: undefined } });
      return plan.stages.every(isPlain) ? plan : undefined;
    } catch (error) {
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  }

  private sourced(job: Job): RightPlan {
    const point = new PlanPoint(job.options, this.right);
    const calls = [...implied(job), ...job.stages];
    const source = planSource({ ...job, options: { ...job.options, follow: false } }, calls, point.layout);
    const before = this.hasFronts ? blockStages(this.stages(calls, new PlanPoint(job.options, this.right))) : calls.length;
    const inFront = this.stages(calls.slice(0, before), point);
    const front = this.hasFronts ? planEdge({ before, as: 'columns' }, point) : undefined;
    const stages = [...inFront, ...this.stages(calls.slice(before), point, before)];
    return { source, isBranch: false, feed: undefined, isExact: false, stages, front, point };
  }

  /** A branch whose stages make no rows of their own gets the batches of the stream; a trial shows whether they do. */
  private branch({ stages }: Job, left: PlanPoint): RightPlan {
    const trial = left.branch(new LayoutSpec(true));
    const { layout } = trial;
    this.stages(stages, trial);
    const isInStep = trial.layout === layout;
    const point = isInStep ? left.branch() : left.feed();
    const feed = isInStep ? undefined : point.layout;
    return { source: undefined, isBranch: true, feed, isExact: left.isSource, stages: this.stages(stages, point), front: undefined, point };
  }

  /** @param first number of the first one */
  private stages(calls: readonly StageCall[], point: PlanPoint, first = 0): PlannedStage[] {
    return calls.map((call, i) => ({ index: first + i, call, plan: planStage(call, point, this.table) }));
  }
}

/** Neither time nor order matters to the stage. */
function isPlain({ call, plan }: PlannedStage): boolean {
  const asks = [...call.args, ...Object.values(call.options)].some((word) => /\b(event_time|watermark)\s*\(/.test(String(word)));
  return plan.distribution.kind === 'forward' && plan.state === undefined && !asks;
}

function planEdge(cut: Edge, point: PlanPoint): PlannedEdge {
  const writer = cut.as === 'lines' ? point.writer() : undefined;
  const { windowed } = point;
  const layout = cut.as === 'lines' ? point.reissue() : point.derive();
  return { ...cut, writer, layout, windowed };
}

function planSource(job: Job, calls: readonly StageCall[], layout: LayoutSpec): SourcePlan {
  return { files: filesOf(job), format: sourceFormat(job), layout, follow: follows(job), idle: silences(job, calls) };
}

/** The format that `from` says, or else the job. */
function sourceFormat({ options, stages }: Job): InputFormat {
  const format = stages[0]?.name === 'from' ? (stages[0].options['format'] as string | undefined) : undefined;
  return format === undefined ? options.format : parseFormat(format);
}

function follows({ options, stages }: Job): boolean {
  return options.follow || (stages[0]?.name === 'from' && stages[0].options['follow'] === true);
}

/** Their words have been checked by the plans of the stages. */
function silences({ options }: Job, calls: readonly StageCall[]): number[] {
  const said = calls.flatMap(({ options: { idle } }) => (typeof idle === 'string' ? [parseDuration(idle).ms] : []));
  return [...new Set([...said, ...(options.idle === undefined ? [] : [options.idle])])].sort((a, b) => a - b);
}

/** `--time` is a `time` stage in front of all others. */
function implied({ options, stages }: Pick<Job, 'options' | 'stages'>): StageCall[] {
  const source = stages[0]?.name === 'from' ? stages[0].options : {};
  const time = source['time'] ?? options.time;
  if (time === undefined) return [];
  const delay = (source['delay'] as string | undefined) ?? `${options.delay}ms`;
  return [{ name: 'time', args: [time as string], options: { delay, idle: options.idle === undefined ? undefined : `${options.idle}ms` } }];
}

function planStage(call: StageCall, point: PlanPoint, table: readonly StageDefinition[]): StagePlan {
  const definition = table.find((d) => d.name === call.name);
  if (!definition) throw new UsageError(`unknown stage '${call.name}'`);
  try {
    subtasksOf(call);
    return definition.plan(call, point);
  } catch (error) {
    if (error instanceof TextError) error.stage ??= call.name;
    else if (error instanceof UsageError && !error.message.startsWith(`${call.name}: `)) error.message = `${call.name}: ${error.message}`;
    throw error;
  }
}
