// in: a job
// out: its plan cut into tasks: what every subtask does to its own blocks, what it does to its own keys, and what one process does to all records

import type { StageDefinition } from '../model/stage.ts';
import { blockStages, firstIndex } from './block-stages.ts';
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
  /** whether records that stages have dropped matter behind the exchange where the watermark steps behind them: there they are taken in their turn among those of another input */
  readonly keepsDropped: boolean;
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
  const keyedFrom = blockStages(stages);
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
    keepsDropped: false,
    receiving: plan.stages[keyedFrom],
    gather: plan.edges.find((edge) => edge.as === 'lines'),
  };
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
