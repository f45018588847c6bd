// in: the keys that an operator needs, one batch after the other
// out: their state in its memory; the rest on disk, from where it comes back when it is due

import type { Batch } from '../model/batch.ts';
import type { Evictable, Evicted, HeldState, StateSlice, StateValue, StateWriter } from '../model/state.ts';
import { entriesOf } from '../snapshot/sections.ts';
import type { LevelStore } from '../state/level/store.ts';
import { memory } from '../wasm/memory.ts';
import { CacheBudget } from './cache-budget.ts';
import { DueKeys } from './due-keys.ts';
import { SortedOnDisk } from './sorted-on-disk.ts';
import { after, behind, END, EntryGatherer, inKernel, StoredParts, TIME, timeOf, type WhenDue } from './state-records.ts';
import { StoredKeys } from './stored-keys.ts';

export class StateCache implements Evicted {
  readonly sorted: SortedOnDisk;
  private readonly stored: StoredKeys;
  /** keys whose state is in memory, if they have any; the due that the disk has of them, undefined: they are not there */
  private readonly resident = new Map<string, string | undefined>();
  /** keys in memory that are on disk, too */
  private loaded = 0;
  /** keys of the batch at hand; some of them several times */
  private needed: readonly string[] = [];
  private readonly budget = new CacheBudget();

  /** @param place one char that tells this operator's keys in the store from those of others */
  constructor(
    private readonly operator: Evictable,
    open: () => LevelStore,
    place: string,
  ) {
    this.stored = new StoredKeys(open, place, (entries) => this.dueOf(entries), operator.went && ((...entry) => operator.went!(...entry)));
    this.sorted = new SortedOnDisk(open, place);
  }

  get nextDue(): number {
    return this.stored.due.next;
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
      if (this.stored.mayHave(key)) missing.push(key);
    }
    const found = missing.length > 0 ? this.stored.load(missing) : undefined;
    if (!found) return;
    found.keys.forEach((key, i) => this.resident.set(key, found.dues[i]));
    this.loaded += found.keys.length;
    this.operator.load(found.reader);
  }

  private fetchAll(found: readonly WhenDue[]): void {
    this.fetch(found.map(({ key }) => key));
  }

  /** Takes in some of what is due up to a time. */
  private fetchDue(time: number): void {
    const { due } = this.stored;
    if (due.next > time) return;
    const { part } = this.budget;
    const found = due.between(due.first, after(time), part);
    this.fetchAll(found);
    due.passed(DueKeys.behind(found, part, after(time)));
  }

  fire(watermark: number, fire: (until: number) => void): void {
    const { due } = this.stored;
    if (due.next > watermark) return fire(watermark);
    // What is due next is brought along.
    const { part } = this.budget;
    const found = due.between(due.first, END, part);
    if (found.length < part || timeOf(found.at(-1)!.due) > watermark) {
      this.fetchAll(found);
      due.passed(DueKeys.behind(found, part, END));
      return fire(watermark);
    }
    const { needed } = this;
    this.spill();
    this.inParts(after(watermark), (time) => {
      fire(time);
      this.spill();
    });
    fire(watermark);
    due.passed(after(watermark));
    this.fetch(needed);
  }

  drain(print: () => void): void {
    if (this.operator.due) this.last(print, (show) => this.inParts(END, show));
    else this.each(print);
  }

  each(show: () => void): void {
    this.last(show, (next) => {
      for (const part of this.stored.inKeyOrder(this.budget.part)) {
        this.operator.load(part);
        next();
      }
    });
  }

  private last(show: () => void, inParts: (show: () => void) => void): void {
    if (this.stored.isEmpty) return show();
    this.spill();
    inParts(() => {
      show();
      this.operator.evict();
      this.forget();
    });
    this.stored.forget();
  }

  /** What is due before `end`, in order, a part of it in memory at a time. `show` is told the time up to which it is, and puts it out of memory again. */
  private inParts(end: string, show: (time: number) => void): void {
    const { due } = this.stored;
    for (let from = due.first; ; ) {
      const found = due.between(from, end, this.budget.part);
      if (found.length === 0) return;
      const part = found.length < this.budget.part ? found : this.wholeTimes(from, found);
      const last = part.at(-1)!;
      this.fetchAll(part);
      show(timeOf(last.due));
      from = behind(last);
    }
  }

  /** All that is due at some times, so that what comes out of it comes in order; of a single time, as much as there is room for if its keys have nothing to do with one another. */
  private wholeTimes(from: string, found: WhenDue[]): WhenDue[] {
    const last = found.at(-1)!.due.slice(0, TIME);
    const whole = found.filter(({ due }) => due.slice(0, TIME) < last);
    if (whole.length > 0) return whole;
    return this.operator.isDueTogether ? this.stored.due.between(from, after(timeOf(last)), Number.MAX_SAFE_INTEGER) : found;
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
    const { stored, resident } = this;
    stored.begin();
    const pieces = this.operator.due ? undefined : entries.onlyRows();
    this.budget.spilled(...(pieces ? stored.putRows(pieces) : stored.put(entries.spread().byKey, (key) => resident.get(key))));
    if (this.loaded > 0) for (const [key, due] of resident) if (due !== undefined) stored.removeOld(key, due);
    this.forget();
  }

  /** Takes over the state of a snapshot, of which only some is in memory at a time. */
  restore(slices: Iterable<StateSlice>): void {
    let gathered = new EntryGatherer();
    for (const slice of slices) {
      const name = 'bytes' in slice ? inKernel(slice.name) : slice.name;
      for (const { key, value } of entriesOf(slice)) gathered.keyed(name, key, value);
      if (!this.budget.isOver(gathered.byKey.size)) continue;
      this.merge(gathered.byKey);
      gathered = new EntryGatherer();
    }
    this.merge(gathered.byKey);
  }

  private merge(byKey: Map<string, StateValue[]>): void {
    if (byKey.size === 0) return;
    // What an operator begins with is part of what it has saved.
    if (this.stored.isEmpty) this.operator.evict();
    this.budget.spilled(...this.stored.merge(byKey));
  }

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
    if (!this.stored.isEmpty) to.frozen(new StoredParts(this.stored.reader()));
  }

  /** What is not in memory, and what memory that takes. */
  held(): HeldState {
    return { keys: this.stored.groups, bytes: this.stored.bytes };
  }
}
