// in: nothing
// out: how operators hand over and take back what they keep, so that a snapshot can hold it and another subtask go on with it

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
  /** State that is no key's. It must be the same in every subtask of the operator, or the operator must run as one subtask. */
  whole(name: string, value: StateValue): void;
}

/** Gives an operator its state back. It is called before the first batch, with the key groups of this subtask only. */
export interface StateReader {
  /** Entries of one name; those of one key in the order in which they were saved, keys in any order. */
  keyed(name: string, take: (key: string, value: StateValue) => void): void;
  /** Undefined: there is none. */
  whole(name: string): StateValue;
}

/** How much an operator keeps. */
export interface HeldState {
  /** groups of records: one for each key, and each window of it that is open */
  readonly keys: number;
  /** about how much memory it takes */
  readonly bytes: number;
}

/** What keeps state. Without the two methods an operator has none. */
export interface Stateful {
  /** How much it keeps now; asked between two batches, now and then, so it may look at each key, but no closer. */
  held?(): HeldState;
  save?(to: StateWriter): void;
  load?(from: StateReader): void;
}
