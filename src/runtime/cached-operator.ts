// in: batches for an operator whose keyed state is on disk
// out: the same, with what they need in memory

import type { Batch } from '../model/batch.ts';
import type { Operator } from '../model/stage.ts';
import type { HeldState, StateReader, StateWriter } from '../model/state.ts';
import { NOTHING, sumHeld } from '../state/held.ts';
import type { StateCache } from './state-cache.ts';
import { residentOf, slicesBut, withoutGroups } from './state-records.ts';

/** Stands before an operator. */
export class CachedOperator implements Operator {
  constructor(
    private readonly operator: Operator,
    private readonly cache: StateCache,
  ) {}

  push(batch: Batch): void {
    this.cache.admit(batch);
    this.operator.push(batch);
    this.cache.trim();
  }

  end(): void {
    this.operator.end();
  }

  /** Keys wherever they are, bytes in memory. */
  held(): HeldState {
    return sumHeld([this.operator.held?.() ?? NOTHING, this.cache.held()]);
  }

  /** What is on disk, and then what never is. */
  save(to: StateWriter): void {
    this.cache.save(to);
    this.operator.save?.(withoutGroups(to));
  }

  load(from: StateReader): void {
    if (from.slices) {
      const { resident = [] } = this.operator;
      this.operator.load?.(residentOf(from, resident));
      this.cache.restore(slicesBut(resident, from.slices()));
      return;
    }
    this.operator.load?.(from);
    this.cache.spill();
  }
}
