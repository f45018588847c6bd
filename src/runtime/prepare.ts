// in: stages that are planned
// out: the same, with all done that their operators need before they are made

import type { PlannedStage } from '../plan/plan.ts';
import { rightsOf } from './pipeline.ts';

/** To be awaited in every process that makes operators. */
export async function prepareStages(stages: readonly PlannedStage[]): Promise<void> {
  for (const { plan } of stages) await plan.prepare?.();
  for (const right of rightsOf(stages)) await prepareStages(right.stages);
}
