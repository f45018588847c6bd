// in: an operator and its aggregates
// out: the same operator, which says at the end how many values its aggregates left out because they are no numbers

import type { AggregatePlan } from '../../expr/aggregates/plan.ts';
import type { Operator, OperatorContext } from '../../model/stage.ts';
import { NOTHING } from '../../state/held.ts';

const NAME = 'skipped';

/** Nothing is to be lost in silence: null and missing values are nobody's business, a text in a sum is. */
export function tellingSkipped(operator: Operator, { calls, skipped }: AggregatePlan, context: OperatorContext): Operator {
  return {
    push: (batch) => operator.push(batch),
    ...(operator.absorb && {
      absorb(part) {
        const isTaken = operator.absorb!(part);
        if (isTaken) addTo(skipped, part.skipped);
        return isTaken;
      },
    }),
    end() {
      skipped.forEach((count, i) => {
        if (count > 0) context.skipped(calls[i]!.text, count);
      });
      operator.end();
    },
    held: () => operator.held?.() ?? NOTHING,
    save(to) {
      // Under one key, so that the counts of all subtasks go to one of them, and are told once.
      if (skipped.some((count) => count > 0)) to.keyed(NAME, '', skipped.slice());
      operator.save?.(to);
    },
    evictable: operator.evictable,
    resident: [NAME],
    load(from) {
      from.keyed(NAME, (_, counts) => addTo(skipped, counts as number[]));
      operator.load?.(from);
    },
  };
}

function addTo(skipped: number[], counts: readonly number[]): void {
  for (const [i, count] of counts.entries()) skipped[i]! += count;
}
