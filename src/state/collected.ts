// in: the state of one operator, as it hands it over
// out: the same as lists of plain entries, and back from such lists

import type { StateReader, StateValue, StateWriter } from '../model/state.ts';
import { keyGroup } from './key-group.ts';

/** State of one key. */
export interface KeyedEntry {
  readonly name: string;
  /** the key's encoded bytes, one char a byte */
  readonly key: string;
  readonly group: number;
  readonly value: StateValue;
}

/** State that is no key's. */
export interface WholeEntry {
  readonly name: string;
  readonly value: StateValue;
}

/** The state of one operator in one subtask, as plain data. */
export interface Savings {
  readonly entries: readonly KeyedEntry[];
  readonly wholes: readonly WholeEntry[];
}

/** Gathers what an operator hands over. */
export class StateCollector implements StateWriter, Savings {
  readonly entries: KeyedEntry[] = [];
  readonly wholes: WholeEntry[] = [];

  keyed(name: string, key: string, value: StateValue): void {
    this.entries.push({ name, key, group: keyGroup(key), value });
  }

  whole(name: string, value: StateValue): void {
    this.wholes.push({ name, value });
  }
}

/** Gives an operator back what was gathered in all its subtasks. */
export class CollectedState implements StateReader {
  /** @param groups the key groups that are wanted; none: all of them */
  constructor(
    private readonly savings: readonly Savings[],
    private readonly groups?: ReadonlySet<number>,
  ) {}

  keyed(name: string, take: (key: string, value: StateValue) => void): void {
    for (const { entries } of this.savings) {
      for (const entry of entries) if (entry.name === name && (!this.groups || this.groups.has(entry.group))) take(entry.key, entry.value);
    }
  }

  /** The same in all subtasks, so that of any one will do. */
  whole(name: string): StateValue {
    for (const { wholes } of this.savings) {
      const found = wholes.find((entry) => entry.name === name);
      if (found) return found.value;
    }
    return undefined;
  }
}
