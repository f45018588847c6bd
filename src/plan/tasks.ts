// in: a job
// out: its plan cut into tasks: what every subtask does to its own blocks, what it does to its own keys, and what one process does to all records

import type { StageCall, StageDefinition } from '../model/stage.ts';
import type { Job } from './job.ts';
import { type Edge, type Plan, type PlannedEdge, type PlannedStage, planJob, type ReadText } from './plan.ts';
import { subtasksOf } from './subtasks.ts';

/** A plan in three tasks, of which the second and third may be empty. */
export interface TaskPlan {
  readonly plan: Plan;
  /** stages that see blocks of the input, in any order, at any parallelism */
  readonly blocks: readonly PlannedStage[];
  /** stages that see the records of some keys, in order; the first of them says which */
  readonly keyed: readonly PlannedStage[];
  /** stages that see all records in order, in the coordinator */
  readonly rest: readonly PlannedStage[];
  /** between blocks and keyed, or between blocks and rest; none: what comes of blocks is the output */
  readonly exchange: PlannedEdge | undefined;
  /** whether stages behind the exchange may have to say on which line a record stands */
  readonly needsLines: boolean;
  /** behind the exchange */
  readonly receiving: PlannedStage | undefined;
  /** between keyed and rest */
  readonly gather: PlannedEdge | undefined;
}

/**
 * Plans a job that runs at a parallelism above 1. Throws as planJob does.
 * @param hasManySubtasks whether so many take part that keys are worth dealing out; where user code works on them they always are
 */
export function planTasks(job: Job, table: readonly StageDefinition[], readText: ReadText, hasManySubtasks: boolean): TaskPlan {
  const { stages } = planJob(job, table, readText);
  const keyedFrom = firstIndex(stages, 0, (stage) => !worksOnBlocks(stage));
  const first = stages[keyedFrom];
  const isDealt = first !== undefined && worksOnKeys(first) && (hasManySubtasks || first.plan.prepare !== undefined || subtasksOf(first.call) !== undefined);
  const restFrom = isDealt ? firstIndex(stages, keyedFrom + 1, (stage) => !followsKeys(stage)) : keyedFrom;
  const cuts: Edge[] = [];
  if (keyedFrom < stages.length) cuts.push({ before: keyedFrom, as: 'columns' });
  if (restFrom > keyedFrom && restFrom < stages.length) cuts.push({ before: restFrom, as: 'lines' });
  const plan = planJob(job, table, readText, cuts);
  return {
    plan,
    blocks: plan.stages.slice(0, keyedFrom),
    keyed: plan.stages.slice(keyedFrom, restFrom),
    rest: plan.stages.slice(restFrom),
    needsLines: plan.stages.slice(keyedFrom).some((stage) => stage.plan.rejects === true),
    exchange: plan.edges.find((edge) => edge.as === 'columns'),
    receiving: plan.stages[keyedFrom],
    gather: plan.edges.find((edge) => edge.as === 'lines'),
  };
}

function firstIndex(stages: readonly PlannedStage[], from: number, is: (stage: PlannedStage) => boolean): number {
  for (let i = from; i < stages.length; i++) if (is(stages[i]!)) return i;
  return stages.length;
}

/** Blocks are dealt out evenly anyway, and keys belong to the stage behind that has a state for each. Otherwise: needs no record but the one at hand; the watermark is not known yet where blocks are worked on. */
function worksOnBlocks({ call, plan }: PlannedStage): boolean {
  return (plan.distribution.kind === 'forward' || plan.isHint === true) && !asksForWatermark(call) && subtasksOf(call) !== 1;
}

/** Late records are written in the order of input, so whoever writes them has to see them all. */
function worksOnKeys({ call, plan }: PlannedStage): boolean {
  return plan.distribution.kind === 'hash' && plan.distribution.partitioner !== undefined && call.options['late-output'] === undefined && subtasksOf(call) !== 1;
}

function followsKeys({ call, plan }: PlannedStage): boolean {
  return (plan.distribution.kind === 'forward' || plan.isHint === true) && plan.ordered !== true && subtasksOf(call) === undefined;
}

/** How many of the job's processes have a subtask of the keyed task. */
export function keyedSubtasks({ keyed }: TaskPlan, parallelism: number): number {
  return keyed.length === 0 ? 0 : Math.min(subtasksOf(keyed[0]!.call) ?? parallelism, parallelism);
}

function asksForWatermark({ args, options }: StageCall): boolean {
  return [...args, ...Object.values(options).flat()].some((word) => typeof word === 'string' && /\bwatermark\s*\(/.test(word));
}
