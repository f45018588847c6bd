// in: the operators of a job, by their place in the pipeline
// out: their state as it is at one moment, written while they go on; and the way back into them

import type { Operator } from '../model/stage.ts';
import type { SavedState, WholeState } from '../model/state.ts';
import { type FileEntry } from '../snapshot/files.ts';
import { type OperatorState, writeState } from '../snapshot/states.ts';
import { CollectedState, StateCollector } from '../state/collected.ts';

/** The state of operators at the moment when it was captured. Until it is released, they keep what changes for it. */
export class CapturedStates {
  private readonly collectors: StateCollector[] = [];
  private readonly states: OperatorState[] = [];

  /** Captures some more; to be called between two batches. @param beside state that is no operator's */
  add(operators: ReadonlyMap<string, Operator>, beside: ReadonlyMap<string, readonly WholeState[]> = new Map()): void {
    for (const [operator, found] of operators) {
      if (!found.save) continue;
      const collector = new StateCollector();
      found.save(collector);
      this.collectors.push(collector);
      this.states.push({ operator, wholes: collector.wholes, slices: () => collector.slices() });
    }
    for (const [operator, wholes] of beside) this.states.push({ operator, wholes, slices: () => [] });
  }

  /** Takes over what others have captured. */
  join(others: CapturedStates): void {
    this.collectors.push(...others.collectors.splice(0));
    this.states.push(...others.states.splice(0));
  }

  /** Writes the file of a subtask into the folder of a snapshot, a piece at a time, and releases the state. To be called once. @param passed is told how many ms each piece took, while nothing else went on */
  async write(folder: string, subtask: number, passed?: (ms: number) => void): Promise<FileEntry> {
    try {
      return await writeState(folder, subtask, this.states, passed);
    } finally {
      this.release();
    }
  }

  /** It is not going to be written, or has been. */
  release(): void {
    for (const collector of this.collectors.splice(0)) collector.release();
  }
}

/** Called before the first batch. @param groups the key groups that are wanted; none: all of them */
export function loadStates(operators: ReadonlyMap<string, Operator>, states: ReadonlyMap<string, SavedState>, groups?: ReadonlySet<number>): void {
  for (const [place, operator] of operators) {
    const own = states.get(place);
    if (own) operator.load?.(new CollectedState([own], groups));
  }
}
