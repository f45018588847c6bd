// in: the stages of a pipeline
// out: those in front that can work on blocks of its input, in any order

import type { StageCall, StagePlan } from '../model/stage.ts';
import { subtasksOf } from './subtasks.ts';

interface Stage {
  readonly call: StageCall;
  readonly plan: StagePlan;
}

/** How many of the first stages work on blocks. */
export function blockStages(stages: readonly Stage[]): number {
  return firstIndex(stages, 0, (stage) => !worksOnBlocks(stage));
}

/** The first stage from `from` on that is so; the number of stages where none is. */
export function firstIndex<T extends Stage>(stages: readonly T[], from: number, is: (stage: T) => boolean): number {
  for (let i = from; i < stages.length; i++) if (is(stages[i]!)) return i;
  return stages.length;
}

/** Blocks are dealt out evenly anyway, and keys belong to the stage behind that has a state for each. Otherwise: needs no record but the one at hand; the watermark is not known yet where blocks are worked on. */
function worksOnBlocks({ call, plan }: Stage): boolean {
  return (plan.distribution.kind === 'forward' || plan.isHint === true) && !asksForWatermark(call) && subtasksOf(call) !== 1;
}

function asksForWatermark({ args, options }: StageCall): boolean {
  return [...args, ...Object.values(options).flat()].some((word) => typeof word === 'string' && /\bwatermark\s*\(/.test(word));
}
