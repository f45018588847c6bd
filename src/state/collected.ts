// in: the state of one operator, as it hands it over
// out: the same as plain data, a slice at a time; and back from such slices

import { combineWholes, type FrozenParts, type FrozenState, KEY_GROUPS, type SavedState, type StateColumns, type StatePiece, type StateReader, type StateSlice, type StateValue, type StateWriter, type WholeState } from '../model/state.ts';
import { keyGroup } from './key-group.ts';
import { slices } from './slices.ts';

/** What was handed over under one name and is not cut yet. */
interface Columns {
  readonly name: string;
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
  readonly plain?: ((value: never) => StateValue) | undefined;
}

interface Frozen {
  readonly name: string;
  readonly of: StateValue;
  readonly state: FrozenState;
}

/** Under this name stands what groups have beside their bytes. */
export const beside = (name: string): string => `${name}+`;

/** Gathers what an operator hands over. It can be read once, by `slices`; `release` is called behind that in any case. */
export class StateCollector implements StateWriter {
  readonly wholes: WholeState[] = [];
  private readonly pieces: Frozen[] = [];
  private readonly given: Columns[] = [];
  private readonly parts: FrozenParts[] = [];
  /** made one by one, by name */
  private readonly made = new Map<string, { name: string; keys: string[]; values: StateValue[] }>();

  keyed(name: string, key: string, value: StateValue): void {
    let columns = this.made.get(name);
    if (!columns) this.made.set(name, (columns = { name, keys: [], values: [] }));
    columns.keys.push(key);
    columns.values.push(value);
  }

  columns<T>(name: string, keys: readonly string[], values: readonly T[], plain?: (value: T) => StateValue): void {
    this.given.push({ name, keys, values, plain });
  }

  groups(name: string, of: StateValue, state: FrozenState): void {
    this.pieces.push({ name, of, state });
  }

  frozen(parts: FrozenParts): void {
    this.parts.push(parts);
  }

  whole(name: string, value: StateValue): void {
    this.wholes.push({ name, value });
  }

  /** All that is no whole state, piece by piece: between two of them the operator may have gone on. */
  *slices(): Generator<StateSlice> {
    for (const one of this.pieces) yield* pieces(one);
    for (const one of [...this.given, ...this.made.values()]) yield* cut(one);
    for (const one of this.parts) yield* slicesOf(one);
  }

  /** Nobody reads it any more. */
  release(): void {
    for (const { state } of this.pieces.splice(0)) state.release();
    for (const one of this.parts.splice(0)) one.release();
  }

  /** All of it at once. */
  plain(): SavedData {
    const slices = Array.from(this.slices(), (slice) => ('bytes' in slice ? { ...slice, bytes: Uint8Array.from(slice.bytes) } : structuredClone(slice)));
    this.release();
    return new SavedData(this.wholes, slices);
  }
}

function* pieces({ name, of, state }: Frozen): Generator<StateSlice> {
  for (let piece = state.next(); piece; piece = state.next()) {
    yield { name, of, bytes: piece.bytes, accumulators: piece.accumulators ?? [] };
    const { keys, values } = piece;
    if (keys.length > 0) yield* cut({ name: beside(name), keys, values: values.map((value) => [of, value]) });
  }
}

function* slicesOf(parts: FrozenParts): Generator<StateSlice> {
  for (let part = new StateCollector(); parts.next(part); part = new StateCollector()) {
    yield* part.slices();
    part.release();
  }
}

function* cut({ name, keys, values, plain }: Columns): Generator<StateColumns> {
  for (let from = 0; from < keys.length; from += slices.keys) {
    const own = keys.slice(from, from + slices.keys);
    const part = values.slice(from, from + slices.keys);
    yield { name, keys: own, groups: own.map(keyGroup), values: plain ? part.map((value) => plain(value as never)) : part };
  }
}

/** State in memory. */
export class SavedData implements SavedState {
  constructor(
    readonly wholes: readonly WholeState[],
    readonly all: readonly StateSlice[],
  ) {}

  slices(name?: string): Iterable<StateSlice> {
    return name === undefined ? this.all : this.all.filter((slice) => slice.name === name);
  }
}

/** Gives an operator back what was gathered in all its subtasks. */
export class CollectedState implements StateReader {
  private readonly wanted = new Uint8Array(KEY_GROUPS);
  readonly slices: StateReader['slices'];

  /** @param groups the key groups that are wanted; none: all of them */
  constructor(
    private readonly saved: readonly SavedState[],
    groups?: ReadonlySet<number>,
  ) {
    this.slices = groups ? undefined : () => this.named();
    for (let group = 0; group < KEY_GROUPS; group++) this.wanted[group] = !groups || groups.has(group) ? 1 : 0;
  }

  keyed(name: string, take: (key: string, value: StateValue) => void): void {
    for (const slice of this.named(name)) {
      const { keys, groups, values } = slice as StateColumns;
      for (let i = 0; i < keys.length; i++) if (this.wanted[groups[i]!] === 1) take(keys[i]!, values[i]);
    }
  }

  groups(name: string, take: (of: StateValue, bytes: Uint8Array, wanted: Uint8Array) => void, takeBeside: (of: StateValue, key: string, value: StateValue) => void): void {
    for (const slice of this.named(name)) take((slice as StatePiece).of, (slice as StatePiece).bytes, this.wanted);
    this.keyed(beside(name), (key, value) => {
      const [of, own] = value as [StateValue, StateValue];
      takeBeside(of, key, own);
    });
  }

  whole(name: string): StateValue {
    return combineWholes(this.saved.flatMap(({ wholes }) => wholes)).find((state) => state.name === name)?.value;
  }

  private *named(name?: string): Generator<StateSlice> {
    for (const saved of this.saved) yield* saved.slices(name);
  }
}
