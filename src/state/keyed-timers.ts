// in: timers of keys
// out: them again by (time, key), and those that were deleted never

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

/** A binary heap of timers, where the first is always one that is set. */
export class KeyedTimers<K> {
  private items: KeyedTimer<K>[] = [];
  private stale = 0;

  /** The earliest time; Infinity: there is none. */
  get next(): number {
    return this.items.length > 0 ? this.items[0]!.time : Number.POSITIVE_INFINITY;
  }

  add(time: number, key: string, owner: K, generation = 0): KeyedTimer<K> {
    const timer = { time, key, owner, generation, isSet: true };
    this.raise(timer);
    return timer;
  }

  /** Takes out the first; there must be one. */
  take(): KeyedTimer<K> {
    const first = this.pop();
    first.isSet = false;
    this.dropStale();
    return first;
  }

  delete(timer: KeyedTimer<K>): void {
    timer.isSet = false;
    this.stale++;
    this.dropStale();
    if (this.stale > STALE_LIMIT && this.stale * 2 > this.items.length) this.rebuild();
  }

  private dropStale(): void {
    while (this.items.length > 0 && !this.items[0]!.isSet) {
      this.pop();
      this.stale--;
    }
  }

  private rebuild(): void {
    // A sorted array is a heap.
    this.items = this.items.filter((timer) => timer.isSet).sort((a, b) => (before(a, b) ? -1 : 1));
    this.stale = 0;
  }

  private raise(timer: KeyedTimer<K>): void {
    const { items } = this;
    let i = items.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(timer, items[parent]!)) break;
      items[i] = items[parent]!;
      i = parent;
    }
    items[i] = timer;
  }

  private pop(): KeyedTimer<K> {
    const { items } = this;
    const first = items[0]!;
    const last = items.pop()!;
    if (items.length > 0) this.sink(last);
    return first;
  }

  private sink(timer: KeyedTimer<K>): void {
    const { items } = this;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
      if (!before(items[child]!, timer)) break;
      items[i] = items[child]!;
      i = child;
    }
    items[i] = timer;
  }
}

function before<K>(a: KeyedTimer<K>, b: KeyedTimer<K>): boolean {
  return a.time < b.time || (a.time === b.time && a.key < b.key);
}
