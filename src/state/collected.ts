// in: the state of one operator, as it hands it over
// out: the same as lists of plain values, and back from such lists

import type { StateReader, StateValue, StateWriter } from '../model/state.ts';
import { keyGroup } from './key-group.ts';

/** State of keys under one name, a column a part: an object per key would cost more than all the rest. */
export interface KeyedState {
  readonly name: string;
  /** encoded bytes, one char a byte */
  readonly keys: string[];
  /** by key: its key group */
  readonly groups: number[];
  readonly values: StateValue[];
}

/** State that is no key's. */
export interface WholeState {
  readonly name: string;
  readonly value: StateValue;
}

/** The state of one operator in one subtask, as plain data. */
export interface Savings {
  readonly keyed: readonly KeyedState[];
  readonly whole: readonly WholeState[];
}

/** State of one key. */
export interface KeyedEntry {
  readonly name: string;
  readonly key: string;
  readonly group: number;
  readonly value: StateValue;
}

/** Gathers what an operator hands over. */
export class StateCollector implements StateWriter {
  private readonly byName = new Map<string, KeyedState>();
  private readonly wholes: WholeState[] = [];
  private last: KeyedState = { name: '', keys: [], groups: [], values: [] };

  keyed(name: string, key: string, value: StateValue): void {
    const to = this.last.name === name ? this.last : this.named(name);
    to.keys.push(key);
    to.groups.push(keyGroup(key));
    to.values.push(value);
  }

  private named(name: string): KeyedState {
    let state = this.byName.get(name);
    if (!state) this.byName.set(name, (state = { name, keys: [], groups: [], values: [] }));
    return (this.last = state);
  }

  whole(name: string, value: StateValue): void {
    this.wholes.push({ name, value });
  }

  /** What was gathered; the collector's, so it grows with it. */
  get savings(): Savings {
    return { keyed: [...this.byName.values()], whole: this.wholes };
  }
}

/** The state of each key, one after the other, in the order in which it was saved under its name. */
export function* entriesOf({ keyed }: Savings): Generator<KeyedEntry> {
  for (const { name, keys, groups, values } of keyed) {
    for (let i = 0; i < keys.length; i++) yield { name, key: keys[i]!, group: groups[i]!, value: values[i] };
  }
}

/** The way back from `entriesOf`. */
export function savingsOf(entries: Iterable<KeyedEntry>, whole: readonly WholeState[]): Savings {
  const byName = new Map<string, KeyedState>();
  for (const { name, key, group, value } of entries) {
    let state = byName.get(name);
    if (!state) byName.set(name, (state = { name, keys: [], groups: [], values: [] }));
    state.keys.push(key);
    state.groups.push(group);
    state.values.push(value);
  }
  return { keyed: [...byName.values()], whole };
}

/** Gives an operator back what was gathered in all its subtasks. */
export class CollectedState implements StateReader {
  /** @param groups the key groups that are wanted; none: all of them */
  constructor(
    private readonly savings: readonly Savings[],
    private readonly groups?: ReadonlySet<number>,
  ) {}

  keyed(name: string, take: (key: string, value: StateValue) => void): void {
    for (const { keyed } of this.savings) for (const state of keyed) if (state.name === name) this.give(state, take);
  }

  private give({ keys, groups, values }: KeyedState, take: (key: string, value: StateValue) => void): void {
    for (let i = 0; i < keys.length; i++) if (!this.groups || this.groups.has(groups[i]!)) take(keys[i]!, values[i]);
  }

  /** The same in all subtasks, so that of any one will do. */
  whole(name: string): StateValue {
    for (const { whole } of this.savings) {
      const found = whole.find((state) => state.name === name);
      if (found) return found.value;
    }
    return undefined;
  }
}
