// in: the stages of a job with --state level
// out: a refusal of those that would keep all their state in memory

import { UsageError } from '../model/errors.ts';
import type { PlannedStage, RightPlan } from '../plan/plan.ts';

/** Refuses stages that keep all their state in memory. Throws UsageError. */
export function refuseUnevictable(stages: readonly PlannedStage[]): void {
  for (const { plan } of stages) if (plan.right) refuseUnevictable((plan.right as RightPlan).stages);
  const stage = stages.find(({ plan }) => plan.state !== undefined && !plan.isEvictable && (plan.distribution.kind === 'hash' || plan.right));
  if (!stage) return;
  const { name, options } = stage.call;
  const what = options['early'] === undefined ? name : `${name} --early`;
  throw new UsageError(`${what} cannot keep its state on disk yet (${stage.plan.state})`, 'leave --state level out: the state is kept in memory then');
}
