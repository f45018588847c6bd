// in: state of keys
// out: how it lies on disk
//
// An operator has two runs of keys there: `r` + key holds the record of a key (when it is due, then name and value of each entry),
// `d` + due + key says when a key is due, in the order in which what comes of it comes out.

import { orderText } from '../model/order.ts';
import { type FrozenParts, type FrozenState, KEY_GROUPS, type StateReader, type StateSlice, type StateValue, type StateWriter } from '../model/state.ts';
import { entriesOf } from '../snapshot/sections.ts';
import { beside } from '../state/collected.ts';
import type { StoreReader } from '../state/level/store.ts';
import { frozenPiece, RowGatherer } from '../state/pieces.ts';
import { slices } from '../state/slices.ts';
import { ValueReader } from '../snapshot/values.ts';

/** What is kept of a key, as it is on disk. */
export interface KeyRecord {
  readonly key: string;
  /** '': never */
  readonly due: string;
  /** name and value of each entry */
  readonly entries: readonly StateValue[];
}

/** Chars of the number that a due begins with: the time. */
export const TIME = 8;
/** Behind all numbers. */
export const END = '\xff'.repeat(TIME);

export const NOTHING = new Uint8Array();

/** A key and when it is due. */
export interface WhenDue {
  readonly due: string;
  readonly key: string;
}

/** Right behind that. */
export const behind = ({ due, key }: WhenDue): string => `${due}${key}\0`;

/** The time that a due begins with. */
export function timeOf(due: string): number {
  const bytes = Buffer.from(due.slice(0, TIME), 'latin1');
  if (bytes[0]! >= 128) bytes[0]! &= 127;
  else for (let i = 0; i < TIME; i++) bytes[i]! ^= 255;
  return bytes.readDoubleBE();
}

/** Behind all that is due at a time or earlier, and not behind anything else. */
export function after(time: number): string {
  const bytes = Buffer.from(orderText(time), 'latin1');
  let i = TIME - 1;
  while (bytes[i] === 255) bytes[i--] = 0;
  bytes[i]!++;
  return bytes.latin1Slice(0, TIME);
}

export function readRecord(key: string, value: Buffer): KeyRecord {
  const reader = new ValueReader(value);
  const due = reader.value() as string;
  const entries: StateValue[] = [];
  while (!reader.isAtEnd) entries.push(reader.value());
  return { key, due, entries };
}

/** Under this name stands what a key has in kernel memory. */
export const inKernel = (name: string): string => `${name}*`;

/** How many groups of records a key's entries are: one for each window of it. */
export function groupsIn(entries: readonly StateValue[]): number {
  let n = 0;
  for (let i = 0; i < entries.length; i += 2) if ((entries[i] as string).endsWith(inKernel(''))) n++;
  return Math.max(1, n);
}

/** Groups in kernel memory, as bytes of this process. */
export interface RowPiece {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Entries by key: name and value, one after the other. */
export class EntryGatherer implements StateWriter {
  readonly byKey = new Map<string, StateValue[]>();
  /** pieces of rows that are not there yet */
  private readonly pieces: RowPiece[] = [];

  /** The pieces, if keys have a row each and nothing else; undefined: all is by key. */
  onlyRows(): readonly RowPiece[] | undefined {
    const { pieces } = this;
    if (pieces.length > 0 && this.byKey.size === 0 && pieces.every(({ name }) => name === pieces[0]!.name)) return pieces;
    this.spread();
    return undefined;
  }

  /** Rows by key, too. */
  spread(): this {
    for (const { name, bytes } of this.pieces.splice(0)) this.rows(name, null, bytes);
    return this;
  }

  keyed(name: string, key: string, value: StateValue): void {
    const entries = this.byKey.get(key);
    if (entries) entries.push(name, value);
    else this.byKey.set(key, [name, value]);
  }

  columns<T>(name: string, keys: readonly string[], values: readonly T[], plain?: (value: T) => StateValue): void {
    keys.forEach((key, i) => this.keyed(name, key, plain ? plain(values[i]!) : values[i]));
  }

  groups(name: string, of: StateValue, frozen: FrozenState): void {
    for (let piece = frozen.next(); piece; piece = frozen.next()) {
      const { bytes, keys, values } = piece;
      if (of === null && keys.length === 0) this.pieces.push({ name, bytes: Buffer.from(bytes) });
      else this.rows(name, of, bytes);
      keys.forEach((key, i) => this.keyed(beside(name), key, [of, values[i]]));
    }
    frozen.release();
  }

  private rows(name: string, of: StateValue, bytes: Uint8Array): void {
    for (const { key, value } of entriesOf({ name, of, bytes })) this.keyed(inKernel(name), key, value);
  }

  frozen(parts: FrozenParts): void {
    while (parts.next(this)) continue;
    parts.release();
  }

  /** State that is no key's stays where it is. */
  whole(): void {}
}

/** What was on disk when this was made, a part at a time. */
export class StoredParts implements FrozenParts {
  constructor(private readonly reader: StoreReader) {}

  next(to: StateWriter): boolean {
    const found = this.reader.next(slices.keys);
    handOver(found.map(({ key, value }) => readRecord(key.slice(2), value)), to);
    return found.length > 0;
  }

  release(): void {
    this.reader.close();
  }
}

type SavedRow = Parameters<RowGatherer['add']>[2];

/** Hands over what is kept of some keys. */
export function handOver(records: readonly KeyRecord[], to: StateWriter): void {
  const rows = new RowGatherer();
  for (const { key, entries } of records) {
    for (let i = 0; i < entries.length; i += 2) {
      const name = entries[i] as string;
      if (name.endsWith(inKernel(''))) rows.add(name.slice(0, -1), key, entries[i + 1] as SavedRow);
      else to.keyed(name, key, entries[i + 1]);
    }
  }
  for (const { name, of, bytes } of rows.pieces) to.groups(name, of, frozenPiece(bytes));
}

/** Takes what never goes to disk. Groups are empty: nobody needs to freeze them meanwhile. */
export function withoutGroups(to: StateWriter): StateWriter {
  return {
    keyed: (name, key, value) => to.keyed(name, key, value),
    columns: (name, keys, values, plain) => to.columns(name, keys, values, plain),
    groups: (_, __, frozen) => frozen.release(),
    frozen: (parts) => parts.release(),
    whole: (name, value) => to.whole(name, value),
  };
}

/** Gives back what never goes to disk. @param names of keyed state */
export function residentOf(from: StateReader, names: readonly string[]): StateReader {
  return { keyed: (name, take) => names.includes(name) && from.keyed(name, take), groups: () => {}, whole: (name) => from.whole(name) };
}

/** The others. */
export function* slicesBut(names: readonly string[], slices: Iterable<StateSlice>): Iterable<StateSlice> {
  for (const slice of slices) if (!names.includes(slice.name)) yield slice;
}

export const ALL = new Uint8Array(KEY_GROUPS).fill(1);

/** Gives an operator some keys back. */
export class RecordReader implements StateReader {
  readonly due: number;

  constructor(private readonly records: readonly KeyRecord[]) {
    this.due = records.reduce((least, { due }) => (due === '' ? least : Math.min(least, timeOf(due))), Number.POSITIVE_INFINITY);
  }

  keyed(name: string, take: (key: string, value: StateValue) => void): void {
    for (const { key, entries } of this.records) {
      for (let i = 0; i < entries.length; i += 2) if (entries[i] === name) take(key, entries[i + 1]);
    }
  }

  groups(name: string, take: (of: StateValue, bytes: Uint8Array, wanted: Uint8Array) => void, takeBeside: (of: StateValue, key: string, value: StateValue) => void): void {
    const rows = new RowGatherer();
    this.keyed(inKernel(name), (key, row) => rows.add(name, key, row as SavedRow));
    for (const { of, bytes } of rows.pieces) take(of, bytes, ALL);
    this.keyed(beside(name), (key, value) => {
      const [of, own] = value as [StateValue, StateValue];
      takeBeside(of, key, own);
    });
  }

  whole(): undefined {
    return undefined;
  }
}
