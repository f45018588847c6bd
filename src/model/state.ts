// in: nothing
// out: how operators hand over and take back what they keep, so that a snapshot can hold it and another subtask go on with it

import type { Batch } from './batch.ts';

/** Parts that keyed state is cut into (Flink: max parallelism): a key's group never changes, so a job resumes at any parallelism. */
export const KEY_GROUPS = 128;

/** Values that state is made of: what the structured clone knows (null, booleans, numbers, bigints, strings, Uint8Array, arrays and plain objects of these). */
export type StateValue = unknown;

/** Takes an operator's state. It is called between two batches, and takes values over: they must not change afterwards. */
export interface StateWriter {
  /**
   * State of one key.
   * @param name which state of the operator, such as `groups`
   * @param key the key's encoded bytes, one char a byte (Keys.text): they say which key group it is in
   */
  keyed(name: string, key: string, value: StateValue): void;
  /** State of many keys, by far quicker. @param plain makes each value plain data, later; without it they are */
  columns<T>(name: string, keys: readonly string[], values: readonly T[], plain?: (value: T) => StateValue): void;
  /** Groups in kernel memory. @param of which of several, such as a window's bounds */
  groups(name: string, of: StateValue, frozen: FrozenState): void;
  /** State that is handed over later, a part at a time. */
  frozen(parts: FrozenParts): void;
  /** State that is no key's. It must be the same in every subtask of the operator, or a number of which the greatest counts; or the operator must run as one subtask. */
  whole(name: string, value: StateValue): void;
}

/** Groups as they were between two batches: they are taken a piece at a time, while their operator goes on. */
export interface FrozenState {
  /** The next piece; undefined: all has been taken. The bytes are valid until the caller gives up control. */
  next(): Piece | undefined;
  /** Nobody takes the rest. Called once, also when all has been taken. */
  release(): void;
}

/** State as it was between two batches, which is taken while its operator goes on. */
export interface FrozenParts {
  /** Hands over the next part, if there is one left: false. Its values are valid until the caller gives up control. */
  next(to: StateWriter): boolean;
  /** Nobody takes the rest. Called once, also when all has been taken. */
  release(): void;
}

/** One of the accumulators that a record of a group is made of. */
export interface StoredAccumulator {
  /** the aggregate call, as it was typed */
  readonly name: string;
  readonly kind: 'count' | 'sum' | 'avg' | 'min' | 'max';
  /** bytes from the beginning of the record */
  readonly offset: number;
}

/** Some groups. */
export interface Piece {
  /** as frozen.ts of the kernels lays them out: a record of as many bytes for each key */
  readonly bytes: Uint8Array;
  /** what some of their keys have beside it */
  readonly keys: readonly string[];
  readonly values: readonly StateValue[];
  /** what a record is made of, for people who look at it */
  readonly accumulators?: readonly StoredAccumulator[];
}

/** Gives an operator its state back. It is called before the first batch, with the key groups of this subtask only. */
export interface StateReader {
  /** Entries of one name; those of one key in the order in which they were saved, keys in any order. */
  keyed(name: string, take: (key: string, value: StateValue) => void): void;
  /** Groups in kernel memory. @param take is given pieces, valid during the call, of which key groups g with wanted[g] = 1 are to be loaded; each before what its keys have beside it */
  groups(name: string, take: (of: StateValue, bytes: Uint8Array, wanted: Uint8Array) => void, beside: (of: StateValue, key: string, value: StateValue) => void): void;
  /** Undefined: there is none. */
  whole(name: string): StateValue;
  /** All keyed state as the snapshot has it. Not given: only some key groups are wanted, or it is to be asked for by name. */
  readonly slices?: (() => Iterable<StateSlice>) | undefined;
  /** Of state that was put out of memory (see Evictable): the first time at which any of it is due. */
  readonly due?: number;
}

/** How much an operator keeps. */
export interface HeldState {
  /** groups of records: one for each key, and each window of it that is open */
  readonly keys: number;
  /** about how much memory it takes */
  readonly bytes: number;
}

/** Keys of the rows of a batch. */
export interface RowKeys {
  /** To be called before `text`; what it puts on the scratch stack is the caller's to give back. */
  encode(batch: Batch): void;
  /** The encoded bytes of a row's key, one char a byte. */
  text(row: number): string;
}

/**
 * Keyed state that can be put out of memory and taken back key by key (`--state level`): `save` hands over what is in memory, `load` takes some of it back.
 * The operator must find all it keeps of a key by the key, and hold on to nothing of it from one row to the next.
 */
export interface Evictable {
  /** what the rows of a batch need in memory; not given: the operator says itself what it `needs` */
  readonly keys?: RowKeys;
  save(to: StateWriter): void;
  load(from: StateReader): void;
  /** All keyed state goes out of memory; `save` has just handed it over. */
  evict(): void;
  /**
   * When something is to happen to an entry that no row of its key causes: orderText(time, …), where the first number is the watermark at which it does (+∞: at the end),
   * and the others are the order of what comes out at that time; then the order of keys decides. Undefined: never; without the method all keys come out at the end, in their order.
   */
  due?(name: string, value: StateValue): string | undefined;
  /** An entry is on disk, and not in memory, from now on. */
  went?(name: string, key: string, value: StateValue): void;
  /** Several things of one key may be due at the same time, so that all keys that are due then have to be in memory together. */
  readonly isDueTogether?: boolean;
}

/** Keyed state of one operator that is not in memory. */
export interface Evicted {
  /** the watermark at which the first of it is due; Infinity: none is */
  readonly nextDue: number;
  /** Fires all that the watermark reaches, wherever it is: calls `fire` once or more, with the time up to which everything is in memory that is due and has not fired. */
  fire(watermark: number, fire: (until: number) => void): void;
  /** Brings what is kept of a key into memory, and with it what is soon to be needed. What was there may go first. */
  need(key: string, soon: () => readonly string[]): void;
  /** The same of several keys, which are in memory together then. */
  needAll(keys: readonly string[]): void;
  /** The end: calls `print` once or more, each time with the next part of all state in memory, in the order of what comes out. */
  drain(print: () => void): void;
  /** The end: calls `show` once or more, each time with a part of all state in memory, in any order. */
  each(show: () => void): void;
  /** Values of the operator's that come out in an order in which its state does not lie. */
  readonly sorted: SortedValues;
}

/** Values in an order of their own, however many they are. They are no state: all must have been taken before the next batch. */
export interface SortedValues {
  /** @param order decides, one char a byte; no two are equal */
  add(order: string, value: StateValue): void;
  /** Hands over all, in order, and forgets them. */
  take(give: (value: StateValue) => void): void;
}

/** Values in order, in memory. */
export class SortedInMemory implements SortedValues {
  private values: { readonly order: string; readonly value: StateValue }[] = [];

  get size(): number {
    return this.values.length;
  }

  add(order: string, value: StateValue): void {
    this.values.push({ order, value });
  }

  take(give: (value: StateValue, order: string) => void): void {
    const { values } = this;
    this.values = [];
    for (const { order, value } of values.sort((a, b) => (a.order < b.order ? -1 : 1))) give(value, order);
  }
}

/** Nothing is anywhere but in memory. */
export const NONE_EVICTED: Evicted = {
  nextDue: Number.POSITIVE_INFINITY,
  fire: (watermark, fire) => fire(watermark),
  need: () => {},
  needAll: () => {},
  drain: (print) => print(),
  each: (show) => show(),
  get sorted() {
    return new SortedInMemory();
  },
};

/** What keeps state. Without the two methods an operator has none. */
export interface Stateful {
  /** How much it keeps now; asked between two batches, now and then, so it may look at each key, but no closer. */
  held?(): HeldState;
  save?(to: StateWriter): void;
  load?(from: StateReader): void;
  /** its keyed state, where that can be put out of memory */
  readonly evictable?: Evictable | undefined;
  /** names of keyed state that `evictable` knows nothing of */
  readonly resident?: readonly string[];
}

/** Plain data of some keys. */
export interface StateColumns {
  readonly name: string;
  /** encoded bytes, one char a byte */
  readonly keys: readonly string[];
  /** by key: its key group */
  readonly groups: readonly number[];
  readonly values: readonly StateValue[];
}

/** Groups in kernel memory, as bytes. */
export interface StatePiece {
  readonly name: string;
  readonly of: StateValue;
  readonly bytes: Uint8Array;
  readonly accumulators?: readonly StoredAccumulator[];
}

export type StateSlice = StateColumns | StatePiece;

/** State that is no key's. */
export interface WholeState {
  readonly name: string;
  readonly value: StateValue;
}

/** What counts of the same whole state of several subtasks. */
export function combineWholes(wholes: readonly WholeState[]): WholeState[] {
  const combined = new Map<string, WholeState>();
  for (const state of wholes) {
    const before = combined.get(state.name)?.value;
    if (before === undefined || (typeof before === 'number' && before < Number(state.value))) combined.set(state.name, state);
  }
  return [...combined.values()];
}

/** The state of one operator in one subtask as plain data, wherever that is. */
export interface SavedState {
  readonly wholes: readonly WholeState[];
  /** All of one name, or of all names, in the order in which it was saved. Bytes are valid until the next one is asked for. */
  slices(name?: string): Iterable<StateSlice>;
}
