// in: what is kept of keys that go out of memory
// out: their records on disk, and back

import type { StateReader, StateValue } from '../model/state.ts';
import { ValueWriter } from '../snapshot/values.ts';
import { KeyFilter } from '../state/key-filter.ts';
import { entriesIn, type LevelStore, type StoreReader } from '../state/level/store.ts';
import { DueKeys } from './due-keys.ts';
import { RowRecords } from './row-records.ts';
import { groupsIn, type KeyRecord, readRecord, RecordReader, type RowPiece } from './state-records.ts';

/** Keys on disk that come into memory. */
export interface Loaded {
  readonly keys: readonly string[];
  /** when each is due on disk; '': never */
  readonly dues: readonly string[];
  readonly reader: StateReader;
}

/** Records of an operator's keys in the store. */
export class StoredKeys {
  readonly due: DueKeys;
  /** groups of records that are not in memory, too */
  groups = 0;
  /** keys that have ever been written; undefined: none has */
  private written: KeyFilter | undefined;
  /** keys that were written or removed last: that may be on its way to the disk */
  private leaving = new Set<string>();
  private readonly writer = new ValueWriter();
  /** how the keys lie there of which nothing but a row is kept; undefined: there are none */
  private rows: RowRecords | undefined;

  /**
   * @param place one char that tells this operator's keys in the store from those of others
   * @param dueOf when the first of a key's entries is due; '': none ever is
   * @param went is told of each entry that is put
   */
  constructor(
    private readonly open: () => LevelStore,
    private readonly place: string,
    private readonly dueOf: (entries: readonly StateValue[]) => string,
    private readonly went: ((name: string, key: string, value: StateValue) => void) | undefined,
  ) {
    this.due = new DueKeys(open, place);
  }

  get isEmpty(): boolean {
    return this.written === undefined;
  }

  /** Bytes of memory that it takes to know what is there. */
  get bytes(): number {
    return this.written?.bytes ?? 0;
  }

  /** Whether a key may be there. */
  mayHave(key: string): boolean {
    return this.written?.has(key) === true;
  }

  /** Reads some keys. */
  load(keys: readonly string[]): Loaded | undefined {
    // Neighbours lie in one file.
    const sorted = [...keys].sort();
    const isFree = !sorted.some((key) => this.leaving.has(key));
    const values = this.open().get(sorted.map((key) => `${this.place}r${key}`), isFree);
    const there = sorted.filter((_, i) => values[i]);
    return there.length > 0 ? this.loaded(there, values.filter((value) => value !== undefined)) : undefined;
  }

  private loaded(keys: readonly string[], values: readonly Buffer[]): Loaded {
    const reader = this.rows?.reader(keys, values);
    if (reader) {
      this.groups -= keys.length;
      return { keys, dues: keys.map(() => ''), reader };
    }
    const records = keys.map((key, i) => readRecord(key, values[i]!));
    this.took(records);
    return { keys, dues: records.map(({ due }) => due), reader: new RecordReader(records) };
  }

  private took(records: readonly KeyRecord[]): void {
    for (const { entries } of records) this.groups -= groupsIn(entries);
  }

  /** What was put before is there; more is about to be put. */
  begin(): void {
    if (this.written) this.open().settle();
    this.leaving = new Set();
  }

  /** Puts keys that have nothing but a row each. Gives how many they are, and their bytes. */
  putRows(pieces: readonly RowPiece[]): [count: number, bytes: number] {
    let count = 0;
    for (const { name, bytes } of pieces) {
      const width = bytes.readUInt32LE(4);
      if (this.rows?.name !== name || this.rows.width !== width) this.rows = new RowRecords(name, width);
      const keys = this.rows.write(this.open(), `${this.place}r`, bytes);
      for (const key of keys) this.wrote(key);
      count += keys.length;
    }
    this.groups += count;
    return [count, count * this.rows!.bytes];
  }

  /** Puts keys with all their entries. @param dueBefore when a key is due on disk, if it is there. Gives how many they are, and their bytes. */
  put(byKey: ReadonlyMap<string, readonly StateValue[]>, dueBefore: (key: string) => string | undefined): [count: number, bytes: number] {
    let bytes = 0;
    for (const [key, entries] of byKey) {
      bytes += this.putRecord(key, entries, dueBefore(key) ?? '');
      this.groups += groupsIn(entries);
    }
    return [byKey.size, bytes];
  }

  private putRecord(key: string, entries: readonly StateValue[], dueBefore: string): number {
    const due = this.dueOf(entries);
    this.wrote(key);
    this.due.put(key, due, dueBefore);
    for (let i = 0; this.went && i < entries.length; i += 2) this.went(entries[i] as string, key, entries[i + 1]);
    this.writer.clear();
    this.writer.value(due);
    for (let i = 0; i < entries.length; i++) this.writer.value(entries[i]);
    const bytes = this.writer.written;
    this.open().put(`${this.place}r${key}`, bytes);
    return bytes.length;
  }

  private wrote(key: string): void {
    (this.written ??= new KeyFilter()).add(key);
    this.leaving.add(key);
  }

  /** Adds entries to what is there of their keys. */
  merge(byKey: Map<string, StateValue[]>): [count: number, bytes: number] {
    this.begin();
    const dues = new Map<string, string>();
    const known = [...byKey.keys()].filter((key) => this.mayHave(key)).sort();
    this.open().get(known.map((key) => `${this.place}r${key}`)).forEach((value, i) => {
      if (!value) return;
      const record = readRecord(known[i]!, value);
      dues.set(record.key, record.due);
      this.took([record]);
      byKey.set(record.key, [...record.entries, ...byKey.get(record.key)!]);
    });
    return this.put(byKey, (key) => dues.get(key));
  }

  /** Nothing is kept of a key any more, unless it has been put since `begin`. */
  removeOld(key: string, due: string): void {
    if (this.leaving.has(key)) return;
    this.leaving.add(key);
    this.open().put(`${this.place}r${key}`, undefined);
    this.due.remove(key, due);
  }

  /** All keys, in order, so many at a time. */
  *inKeyOrder(part: number): Iterable<StateReader> {
    const reader = this.open().reader(`${this.place}r`, `${this.place}s`, true);
    for (let bytes = reader.nextBytes(part); bytes.length > 0; bytes = reader.nextBytes(part)) yield this.read(bytes);
    reader.close();
  }

  private read(bytes: Uint8Array): StateReader {
    const rows = this.rows?.entriesReader(bytes, this.place.length + 1);
    if (rows) {
      this.groups -= rows.count;
      return rows.reader;
    }
    const found = entriesIn(bytes);
    return this.loaded(found.map(({ key }) => key.slice(2)), found.map(({ value }) => value)).reader;
  }

  /** All records as they are now. */
  reader(): StoreReader {
    return this.open().reader(`${this.place}r`, `${this.place}s`);
  }

  /** All has come out: what lies there is of no use any more. */
  forget(): void {
    this.written = undefined;
  }
}
