// in: the keys that an operator needs, one batch after the other
// out: their state in its memory; the rest on disk, from where it comes back when it is due

import type { Batch } from '../model/batch.ts';
import type { Evictable, Evicted, HeldState, StateValue, StateWriter, TakeEntry } from '../model/state.ts';
import { ValueWriter } from '../snapshot/values.ts';
import { KeyFilter } from '../state/key-filter.ts';
import { entriesIn, type LevelStore } from '../state/level/store.ts';
import { memory } from '../wasm/memory.ts';
import { CacheBudget } from './cache-budget.ts';
import { RowRecords } from './row-records.ts';
import { SortedOnDisk } from './sorted-on-disk.ts';
import { after, behind, END, EntryGatherer, groupsIn, inKernel, NOTHING, readRecord, RecordReader, StoredParts, TIME, timeOf, type WhenDue } from './state-records.ts';

export class StateCache implements Evicted {
  nextDue = Number.POSITIVE_INFINITY;
  /** keys whose state is in memory, if they have any; the due that the disk has of them, undefined: they are not there */
  private readonly resident = new Map<string, string | undefined>();
  /** keys of the batch at hand; some of them several times */
  private needed: readonly string[] = [];
  /** nothing on disk is due before that */
  private firstDue = END;
  /** keys that have gone to disk; undefined: none has */
  private spilled: KeyFilter | undefined;
  /** groups of records on disk that are not in memory, too */
  private stored = 0;
  private readonly budget = new CacheBudget();
  private readonly writer = new ValueWriter();
  /** how the keys lie on disk of which nothing but a row is kept; undefined: there are none */
  private rows: RowRecords | undefined;
  /** keys that were put out of memory last: they may be on their way to the disk */
  private leaving = new Set<string>();
  /** keys in memory that are on disk, too */
  private loaded = 0;
  readonly sorted: SortedOnDisk;

  /** @param place one char that tells this operator's keys in the store from those of others */
  constructor(
    private readonly operator: Evictable,
    private readonly open: () => LevelStore,
    private readonly place: string,
  ) {
    this.sorted = new SortedOnDisk(open, place);
  }

  /** A batch is about to be taken: what its rows need comes into memory, and what is due while they are taken, if it is not too much. */
  admit(batch: Batch): void {
    this.needed = this.keysOf(batch);
    this.fetch(this.needed);
    if (batch.rows > 0) this.fetchDue(batch.watermark[batch.rows - 1]!);
    if (batch.after < Number.POSITIVE_INFINITY) this.fetchDue(batch.after);
    this.budget.took(batch.count);
  }

  /** The batch has been taken. */
  trim(): void {
    this.needed = [];
    if (this.budget.isOver(this.resident.size)) this.spill();
  }

  private get store(): LevelStore {
    return this.open();
  }

  need(key: string, soon: () => readonly string[]): void {
    this.budget.took(1);
    if (this.resident.has(key)) return;
    this.trim();
    this.fetch([key, ...soon()]);
  }

  needAll(keys: readonly string[]): void {
    this.budget.took(keys.length);
    this.trim();
    this.fetch(keys);
  }

  private keysOf(batch: Batch): string[] {
    const { keys } = this.operator;
    if (batch.count === 0 || !keys) return [];
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    keys.encode(batch);
    const texts = new Array<string>(batch.count);
    for (let k = 0; k < batch.count; k++) texts[k] = keys.text(batch.sel[k]!);
    kernels.scratchSet(mark);
    return texts;
  }

  /** Takes in what is kept of some keys. */
  private fetch(keys: readonly string[]): void {
    const missing: string[] = [];
    for (const key of keys) {
      if (this.resident.has(key)) continue;
      this.resident.set(key, undefined);
      if (this.spilled?.has(key)) missing.push(key);
    }
    if (missing.length === 0) return;
    // Neighbours lie in one file.
    missing.sort();
    const isFree = !missing.some((key) => this.leaving.has(key));
    const found = this.store.get(missing.map((key) => `${this.place}r${key}`), isFree);
    const there = missing.filter((_, i) => found[i]);
    if (there.length > 0) this.load(there, found.filter((value) => value !== undefined));
  }

  /** Takes in the records of some keys. */
  private load(keys: readonly string[], values: readonly Buffer[]): void {
    this.loaded += keys.length;
    const reader = this.rows?.reader(keys, values);
    if (!reader) return this.loadRecords(keys, values);
    for (const key of keys) this.resident.set(key, '');
    this.stored -= keys.length;
    this.operator.load(reader);
  }

  private loadRecords(keys: readonly string[], values: readonly Buffer[]): void {
    const records = keys.map((key, i) => readRecord(key, values[i]!));
    for (const { key, due, entries } of records) {
      this.resident.set(key, due);
      this.stored -= groupsIn(entries);
    }
    this.operator.load(new RecordReader(records));
  }

  /** Takes in some of what is due up to a time. */
  private fetchDue(time: number): void {
    if (this.nextDue > time) return;
    const found = this.dueKeys(this.firstDue, after(time), this.budget.part);
    this.fetch(found.map(({ key }) => key));
    this.passed(found.length < this.budget.part ? after(time) : behind(found.at(-1)!));
  }

  /** All that is due before that is in memory, or gone. */
  private passed(due: string): void {
    this.firstDue = due;
    const [first] = this.dueKeys(due, END, 1);
    this.nextDue = first ? timeOf(first.due) : Number.POSITIVE_INFINITY;
  }

  /** Keys by when they are due, in order; some of those that are in memory may be due at another time by now. */
  private dueKeys(from: string, to: string, limit: number): WhenDue[] {
    if (from >= to || !this.dueLength) return [];
    const at = 2 + this.dueLength;
    return this.store.range(`${this.place}d${from}`, `${this.place}d${to}`, limit).map(({ key }) => ({ due: key.slice(2, at), key: key.slice(at) }));
  }

  private dueLength = 0;

  fire(watermark: number, fire: (until: number) => void): void {
    if (this.nextDue > watermark) return fire(watermark);
    // What is due next is brought along.
    const found = this.dueKeys(this.firstDue, END, this.budget.part);
    if (found.length < this.budget.part || timeOf(found.at(-1)!.due) > watermark) {
      this.fetch(found.map(({ key }) => key));
      this.passed(found.length < this.budget.part ? END : behind(found.at(-1)!));
      return fire(watermark);
    }
    const { needed } = this;
    this.spill();
    this.inParts(after(watermark), (time) => {
      fire(time);
      this.spill();
    });
    fire(watermark);
    this.passed(after(watermark));
    this.fetch(needed);
  }

  drain(print: () => void): void {
    if (this.operator.due) this.last(print, (show) => this.inParts(END, show));
    else this.each(print);
  }

  each(show: () => void): void {
    this.last(show, (next) => this.inKeyOrder(next));
  }

  private last(show: () => void, inParts: (show: () => void) => void): void {
    if (!this.spilled) return show();
    this.spill();
    inParts(() => {
      show();
      this.operator.evict();
      this.forget();
    });
    this.spilled = undefined;
  }

  /** What is due before `end`, in order, a part of it in memory at a time. `show` is told the time up to which it is, and puts it out of memory again. */
  private inParts(end: string, show: (time: number) => void): void {
    for (let from = this.firstDue; ; ) {
      const found = this.dueKeys(from, end, this.budget.part);
      if (found.length === 0) return;
      const part = found.length < this.budget.part ? found : this.wholeTimes(from, found);
      const last = part.at(-1)!;
      this.fetch(part.map(({ key }) => key));
      show(timeOf(last.due));
      from = behind(last);
    }
  }

  /** All that is due at some times, so that what comes out of it comes in order; of a single time, as much as there is room for if its keys have nothing to do with one another. */
  private wholeTimes(from: string, found: WhenDue[]): WhenDue[] {
    const last = found.at(-1)!.due.slice(0, TIME);
    const whole = found.filter(({ due }) => due.slice(0, TIME) < last);
    if (whole.length > 0) return whole;
    return this.operator.isDueTogether ? this.dueKeys(from, after(timeOf(last)), Number.MAX_SAFE_INTEGER) : found;
  }

  private inKeyOrder(show: () => void): void {
    const reader = this.store.reader(`${this.place}r`, `${this.place}s`, true);
    const { part } = this.budget;
    for (let bytes = reader.nextBytes(part); bytes.length > 0; bytes = reader.nextBytes(part)) {
      this.loadBytes(bytes);
      show();
    }
    reader.close();
  }

  private loadBytes(bytes: Uint8Array): void {
    const rows = this.rows?.entriesReader(bytes, this.place.length + 1);
    if (rows) {
      this.stored -= rows.count;
      this.operator.load(rows.reader);
    } else {
      const found = entriesIn(bytes);
      this.load(found.map(({ key }) => key.slice(2)), found.map(({ value }) => value));
    }
  }

  /** Nothing is in memory any more. */
  private forget(): void {
    this.resident.clear();
    this.loaded = 0;
  }

  /** All that is in memory goes to disk. */
  spill(): void {
    const entries = new EntryGatherer();
    this.operator.save(entries);
    this.operator.evict();
    if (this.spilled) this.store.settle();
    this.leaving = new Set();
    const pieces = this.operator.due ? undefined : entries.onlyRows();
    if (pieces) this.writeRows(pieces);
    else this.writeRecords(entries.spread().byKey);
    if (this.loaded > 0) for (const [key, due] of this.resident) if (due !== undefined && !this.leaving.has(key)) this.remove(key, due);
    this.forget();
  }

  /** Takes over the state of a snapshot, of which only some is in memory at a time. @param entries hands over all of it */
  restore(entries: (take: TakeEntry) => void): void {
    let gathered = new EntryGatherer();
    entries((name, key, value, isGroup) => {
      gathered.keyed(isGroup ? inKernel(name) : name, key, value);
      if (!this.budget.isOver(gathered.byKey.size)) return;
      this.merge(gathered.byKey);
      gathered = new EntryGatherer();
    });
    this.merge(gathered.byKey);
  }

  /** Adds entries to the records of their keys. */
  private merge(byKey: Map<string, StateValue[]>): void {
    if (byKey.size === 0) return;
    // What an operator begins with is part of what it has saved.
    if (!this.spilled) this.operator.evict();
    this.store.settle();
    this.leaving = new Set();
    const known = [...byKey.keys()].filter((key) => this.spilled?.has(key)).sort();
    this.store.get(known.map((key) => `${this.place}r${key}`)).forEach((value, i) => {
      if (!value) return;
      const { key, due, entries } = readRecord(known[i]!, value);
      this.resident.set(key, due);
      this.stored -= groupsIn(entries);
      byKey.set(key, [...entries, ...byKey.get(key)!]);
    });
    this.writeRecords(byKey);
    this.forget();
  }

  private writeRows(pieces: readonly { readonly name: string; readonly bytes: Buffer }[]): void {
    let count = 0;
    for (const { name, bytes } of pieces) {
      const width = bytes.readUInt32LE(4);
      if (this.rows?.name !== name || this.rows.width !== width) this.rows = new RowRecords(name, width);
      const keys = this.rows.write(this.store, `${this.place}r`, bytes);
      for (const key of keys) this.left(key);
      count += keys.length;
    }
    this.stored += count;
    this.budget.spilled(count, count * this.rows!.bytes);
  }

  private writeRecords(byKey: ReadonlyMap<string, readonly StateValue[]>): void {
    let bytes = 0;
    for (const [key, own] of byKey) {
      bytes += this.write(key, own);
      this.stored += groupsIn(own);
    }
    this.budget.spilled(byKey.size, bytes);
  }

  private write(key: string, entries: readonly StateValue[]): number {
    const [due, before] = [this.dueOf(entries), this.resident.get(key)];
    this.left(key);
    if (before && before !== due) this.store.put(`${this.place}d${before}${key}`, undefined);
    if (due !== '' && before !== due) this.store.put(`${this.place}d${due}${key}`, NOTHING);
    if (due !== '') this.noteDue(due);
    this.writer.clear();
    this.writer.value(due);
    for (let i = 0; i < entries.length; i++) this.writer.value(entries[i]);
    const bytes = this.writer.written;
    this.store.put(`${this.place}r${key}`, bytes);
    return bytes.length;
  }

  private left(key: string): void {
    (this.spilled ??= new KeyFilter()).add(key);
    this.leaving.add(key);
  }

  private noteDue(due: string): void {
    this.dueLength = due.length;
    if (due < this.firstDue) this.firstDue = due;
    this.nextDue = Math.min(this.nextDue, timeOf(due));
  }

  private remove(key: string, due: string): void {
    this.leaving.add(key);
    this.store.put(`${this.place}r${key}`, undefined);
    if (due !== '') this.store.put(`${this.place}d${due}${key}`, undefined);
  }

  /** When the first of a key's entries is due; '': none ever is. */
  private dueOf(entries: readonly StateValue[]): string {
    const { operator } = this;
    let first = '';
    for (let i = 0; operator.due && i < entries.length; i += 2) {
      const due = operator.due(entries[i] as string, entries[i + 1]);
      if (due !== undefined && (first === '' || due < first)) first = due;
    }
    return first;
  }

  /** Hands over all keyed state, as it is now. */
  save(to: StateWriter): void {
    this.spill();
    if (this.spilled) to.frozen(new StoredParts(this.store.reader(`${this.place}r`, `${this.place}s`)));
  }

  /** What is not in memory, and what memory that takes. */
  held(): HeldState {
    return { keys: this.stored, bytes: this.spilled?.bytes ?? 0 };
  }
}
