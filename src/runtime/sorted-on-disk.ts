// in: values of an operator, each with its order
// out: the same in order; what is more than a few of them waits on disk

import { SortedInMemory, type SortedValues, type StateValue } from '../model/state.ts';
import { ValueReader, ValueWriter } from '../snapshot/values.ts';
import type { LevelStore, StoredEntry } from '../state/level/store.ts';
import { sizes } from './sizes.ts';

/** Values in memory, and those that are read at a time. */
const MOST = 1 << 14;

export class SortedOnDisk implements SortedValues {
  private readonly most = sizes.stateCache ?? MOST;
  private readonly fresh = new SortedInMemory();
  private readonly writer = new ValueWriter();
  private isOnDisk = false;

  /** @param place one char that tells this operator's keys in the store from those of others; behind it, `o` is for these */
  constructor(
    private readonly open: () => LevelStore,
    private readonly place: string,
  ) {}

  add(order: string, value: StateValue): void {
    this.fresh.add(order, value);
    if (this.fresh.size >= this.most) this.spill();
  }

  private spill(): void {
    const store = this.open();
    this.fresh.take((value, order) => {
      this.writer.clear();
      this.writer.value(value);
      store.put(`${this.place}o${order}`, this.writer.written);
    });
    this.isOnDisk = true;
  }

  take(give: (value: StateValue) => void): void {
    if (!this.isOnDisk) return this.fresh.take(give);
    this.spill();
    this.isOnDisk = false;
    for (const { key, value } of this.stored()) {
      give(new ValueReader(value).value());
      this.open().put(key, undefined);
    }
  }

  private *stored(): Iterable<StoredEntry> {
    const reader = this.open().reader(`${this.place}o`, `${this.place}p`, true);
    for (let found = reader.next(this.most); found.length > 0; found = reader.next(this.most)) yield* found;
    reader.close();
  }
}
