// in: a job as it was typed, and the table of stages
// out: the checked plan: what runs, in order, and what records look like at each place

import { parseDuration } from '../model/duration.ts';
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
  /** files are read on as they grow */
  readonly follow: boolean;
  /** ms, ascending: silences of the input that some stage, or whoever has two inputs, wants to know of */
  readonly idle: readonly number[];
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
  const calls = [...implied(job), ...job.stages];
  const stages = calls.map((call) => ({ call, plan: planStage(call, point, table) }));
  return { job, format: sourceFormat(job), follow: follows(job), idle: silences(job, calls), input, stages, output: point.writer() };
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
function implied({ options, stages }: Job): StageCall[] {
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
    return definition.plan(call, point);
  } catch (error) {
    if (error instanceof TextError) error.stage ??= call.name;
    else if (error instanceof UsageError && !error.message.startsWith(`${call.name}: `)) error.message = `${call.name}: ${error.message}`;
    throw error;
  }
}
