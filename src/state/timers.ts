// in: items with a time
// out: them again, earliest first; of equal times the first to come

interface Item<T> {
  readonly time: number;
  readonly order: number;
  readonly value: T;
}

/** A binary heap of timers. */
export class TimerQueue<T> {
  private readonly items: Item<T>[] = [];
  private added = 0;

  get size(): number {
    return this.items.length;
  }

  /** The earliest time; Infinity: there is none. */
  get next(): number {
    return this.items.length > 0 ? this.items[0]!.time : Number.POSITIVE_INFINITY;
  }

  add(time: number, value: T): void {
    const item = { time, order: this.added++, value };
    let i = this.items.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(item, this.items[parent]!)) break;
      this.items[i] = this.items[parent]!;
      i = parent;
    }
    this.items[i] = item;
  }

  /** The items, in no order. */
  *[Symbol.iterator](): Iterator<T> {
    for (const { value } of this.items) yield value;
  }

  /** Takes out the earliest item; there must be one. */
  take(): T {
    const first = this.items[0]!;
    const last = this.items.pop()!;
    if (this.items.length > 0) this.sink(last);
    return first.value;
  }

  private sink(item: Item<T>): void {
    const { items } = this;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
      if (!before(items[child]!, item)) break;
      items[i] = items[child]!;
      i = child;
    }
    items[i] = item;
  }
}

function before<T>(a: Item<T>, b: Item<T>): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
