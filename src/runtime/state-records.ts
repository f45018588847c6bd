// in: state of keys
// out: how it lies on disk
//
// An operator has two runs of keys there: `r` + key holds the record of a key (when it is due, then name and value of each entry),
// `d` + due + key says when a key is due, in the order in which what comes of it comes out.

import { orderText } from '../model/order.ts';
import type { StateReader, StateValue, StateWriter } from '../model/state.ts';
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

/** Entries by key: name and value, one after the other. */
export class EntryGatherer implements StateWriter {
  readonly byKey = new Map<string, StateValue[]>();

  keyed(name: string, key: string, value: StateValue): void {
    const entries = this.byKey.get(key);
    if (entries) entries.push(name, value);
    else this.byKey.set(key, [name, value]);
  }

  /** State that is no key's stays where it is. */
  whole(): void {}
}

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

  whole(): undefined {
    return undefined;
  }
}
