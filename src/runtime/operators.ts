// in: the operators of a job, by their place in the pipeline
// out: their state, and the way back into them

import type { Operator } from '../model/stage.ts';
import { CollectedState, StateCollector } from '../state/collected.ts';
import type { OperatorState, States } from '../snapshot/states.ts';

/** Operators that may keep state. */
export class Operators {
  private readonly all = new Map<string, Operator>();

  /** @param place number of its stage; inside the right side of stage 2, `2.right.1` */
  add(place: string, operator: Operator): void {
    this.all.set(place, operator);
  }

  /** Called between two batches. */
  save(): OperatorState[] {
    return [...this.all].flatMap(([place, operator]) => {
      if (!operator.save) return [];
      const collector = new StateCollector();
      operator.save(collector);
      return [{ operator: place, entries: collector.entries, wholes: collector.wholes }];
    });
  }

  /** Called before the first batch. */
  load(states: ReadonlyMap<string, States>): void {
    for (const [place, operator] of this.all) {
      const own = states.get(place);
      if (own) operator.load?.(new CollectedState([own]));
    }
  }
}
