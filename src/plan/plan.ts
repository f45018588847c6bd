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

/** A job that can be run. */
export interface Plan {
  readonly job: Job;
  readonly format: InputFormat;
  /** layout of the records that come from the source */
  readonly input: LayoutSpec;
  readonly stages: readonly PlannedStage[];
  /** how to write what comes out at the end */
  readonly output: WriterSpec;
}

/** Checks all stages in order. Throws UsageError; a TextError carries the stage's name. */
export function planJob(job: Job, table: readonly StageDefinition[]): Plan {
  const point = new PlanPoint(job.options);
  const input = point.layout;
  const stages = [...implied(job), ...job.stages].map((call) => ({ call, plan: planStage(call, point, table) }));
  return { job, format: sourceFormat(job), input, stages, output: point.writer() };
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
