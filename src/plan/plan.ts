// in: a job as it was typed, and the table of stages
// out: the checked plan: what runs, in order, and what records look like at each place

import { TextError, UsageError } from '../model/errors.ts';
import { type InputFormat, parseFormat } from '../model/format.ts';
import type { StageCall, StageDefinition, StagePlan } from '../model/stage.ts';
import type { Job } from './job.ts';
import type { LayoutSpec, WriterSpec } from './layout.ts';
import { PlanPoint } from './point.ts';

/** One stage, planned. */
export interface PlannedStage {
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
  /** how to write records in front of it */
  readonly writer: WriterSpec;
  /** the layout of the records behind it */
  readonly layout: LayoutSpec;
  /** they belong to windows */
  readonly windowed: boolean;
}

/** A job that can be run. */
export interface Plan {
  readonly job: Job;
  readonly format: InputFormat;
  /** layout of the records that come from the source */
  readonly input: LayoutSpec;
  readonly stages: readonly PlannedStage[];
  readonly edges: readonly PlannedEdge[];
  /** how to write what comes out at the end */
  readonly output: WriterSpec;
}

/** Checks all stages in order. Throws UsageError; a TextError carries the stage's name. */
export function planJob(job: Job, table: readonly StageDefinition[], cuts: readonly Edge[] = []): Plan {
  const point = new PlanPoint(job.options);
  const input = point.layout;
  const edges: PlannedEdge[] = [];
  const stages = [...implied(job), ...job.stages].map((call, i) => {
    const cut = cuts.find(({ before }) => before === i);
    if (cut) edges.push(planEdge(cut, point));
    return { call, plan: planStage(call, point, table) };
  });
  return { job, format: sourceFormat(job), input, stages, edges, output: point.writer() };
}

function planEdge(cut: Edge, point: PlanPoint): PlannedEdge {
  const writer = point.writer();
  const { windowed } = point;
  const layout = cut.as === 'lines' ? point.reissue() : point.derive();
  return { ...cut, writer, layout, windowed };
}

/** The format that `from` says, or else the job. */
function sourceFormat({ options, stages }: Job): InputFormat {
  const format = stages[0]?.name === 'from' ? (stages[0].options['format'] as string | undefined) : undefined;
  return format === undefined ? options.format : parseFormat(format);
}

/** `--time` is a `time` stage in front of all others. */
function implied({ options, stages }: Job): StageCall[] {
  const source = stages[0]?.name === 'from' ? stages[0].options : {};
  const time = source['time'] ?? options.time;
  if (time === undefined) return [];
  const delay = (source['delay'] as string | undefined) ?? `${options.delay}ms`;
  return [{ name: 'time', args: [time as string], options: { delay } }];
}

function planStage(call: StageCall, point: PlanPoint, table: readonly StageDefinition[]): StagePlan {
  const definition = table.find((d) => d.name === call.name);
  if (!definition) throw new UsageError(`unknown stage '${call.name}'`);
  try {
    return definition.plan(call, point);
  } catch (error) {
    if (error instanceof TextError) error.stage ??= call.name;
    else if (error instanceof UsageError && !error.message.startsWith(`${call.name}: `)) error.message = `${call.name}: ${error.message}`;
    throw error;
  }
}
