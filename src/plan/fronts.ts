// in: a job whose records meet those of another input, or whose state is on disk
// out: its plan, and the fronts of its sources: the stages behind each that work on blocks, in all processes; what is behind them goes on in one

import type { StageDefinition } from '../model/stage.ts';
import { blockStages } from './block-stages.ts';
import type { Job } from './job.ts';
import { type Plan, type PlannedEdge, type PlannedStage, planJob, type ReadText, type RightPlan, type SourcePlan } from './plan.ts';
import type { TaskPlan } from './tasks.ts';

/** A source, and what is done to its blocks. */
export interface Front {
  /** in front of the index of each stage: the way to its pipeline, such as `2.right.` */
  readonly path: string;
  readonly source: SourcePlan;
  readonly tasks: TaskPlan;
}

export interface FrontPlan {
  readonly plan: Plan;
  /** in the order in which the sources are named */
  readonly fronts: readonly Front[];
}

/** Plans a job that runs at a parallelism above 1. Throws as planJob does. */
export function planFronts(job: Job, table: readonly StageDefinition[], readText: ReadText): FrontPlan {
  const before = blockStages(planJob(job, table, readText).stages);
  const plan = planJob(job, table, readText, [{ before, as: 'columns' }], true);
  return { plan, fronts: frontsOf(plan, plan.source, plan.stages, plan.edges[0]!, '') };
}

function frontsOf(plan: Plan, source: SourcePlan, stages: readonly PlannedStage[], edge: PlannedEdge, path: string): Front[] {
  return [{ path, source, tasks: tasksOf({ ...plan, source, stages, edges: [edge] }, edge) }, ...rightFronts(plan, stages, path)];
}

/** Of all other inputs, and of those in them. */
function rightFronts(plan: Plan, stages: readonly PlannedStage[], path: string): Front[] {
  return stages.flatMap((stage) => {
    const right = stage.plan.right as RightPlan | undefined;
    if (!right) return [];
    const inner = `${path}${stage.index}.right.`;
    return right.source ? frontsOf(plan, right.source, right.stages, right.front!, inner) : rightFronts(plan, right.stages, inner);
  });
}

function tasksOf(plan: Plan, exchange: PlannedEdge): TaskPlan {
  const { before } = exchange;
  const behind = plan.stages.slice(before);
  // State on disk is taken back for the rows at hand.
  const receiving = behind[0] && plan.job.options.state === 'level' ? { ...behind[0], plan: { ...behind[0].plan, combine: undefined } } : behind[0];
  return { plan, blocks: plan.stages.slice(0, before), keyed: [], rest: behind, needsLines: behind.some((stage) => stage.plan.rejects === true), exchange, keepsDropped: true, receiving, gather: undefined };
}
