// in: the operators of a job, by their place in the pipeline
// out: their state, and the way back into them

import type { Operator } from '../model/stage.ts';
import type { OperatorState, States } from '../snapshot/states.ts';
import { CollectedState, entriesOf, savingsOf, StateCollector } from '../state/collected.ts';

/** Called between two batches. */
export function saveStates(operators: ReadonlyMap<string, Operator>): OperatorState[] {
  return [...operators].flatMap(([place, operator]) => {
    if (!operator.save) return [];
    const collector = new StateCollector();
    operator.save(collector);
    const { savings } = collector;
    return [{ operator: place, entries: [...entriesOf(savings)], wholes: savings.whole }];
  });
}

/** Called before the first batch. */
export function loadStates(operators: ReadonlyMap<string, Operator>, states: ReadonlyMap<string, States>): void {
  for (const [place, operator] of operators) {
    const own = states.get(place);
    if (own) operator.load?.(new CollectedState([savingsOf(own.entries, own.wholes)]));
  }
}
