// in: timers of keys
// out: them again by (time, key), and those that were deleted never

import { Heap } from './heap.ts';

/** A timer that is set, or was. */
export interface KeyedTimer<K> {
  readonly time: number;
  /** the key's encoded bytes, one char a byte: their order is the order of keys */
  readonly key: string;
  readonly owner: K;
  /** how many timers of the drain led to it, each setting the next */
  readonly generation: number;
  isSet: boolean;
}

/** Deleted timers stay in the heap until there are this many and they are most of it. */
const STALE_LIMIT = 1024;

/** Timers, where the first is always one that is set. */
export class KeyedTimers<K> {
  private readonly items = new Heap<KeyedTimer<K>>((a, b) => a.time < b.time || (a.time === b.time && a.key < b.key));
  private stale = 0;

  /** The earliest time; Infinity: there is none. */
  get next(): number {
    return this.items.first?.time ?? Number.POSITIVE_INFINITY;
  }

  /** The key of the first; there must be one. */
  get nextKey(): string {
    return this.items.first!.key;
  }

  add(time: number, key: string, owner: K, generation = 0): KeyedTimer<K> {
    const timer = { time, key, owner, generation, isSet: true };
    this.items.add(timer);
    return timer;
  }

  /** Takes out the first; there must be one. */
  take(): KeyedTimer<K> {
    const first = this.items.take();
    first.isSet = false;
    this.dropStale();
    return first;
  }

  delete(timer: KeyedTimer<K>): void {
    timer.isSet = false;
    this.stale++;
    this.dropStale();
    if (this.stale > STALE_LIMIT && this.stale * 2 > this.items.size) {
      this.items.keep(({ isSet }) => isSet);
      this.stale = 0;
    }
  }

  clear(): void {
    this.items.clear();
    this.stale = 0;
  }

  private dropStale(): void {
    while (this.items.first?.isSet === false) {
      this.items.take();
      this.stale--;
    }
  }
}
