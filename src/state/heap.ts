// in: items that have an order
// out: them again, first ones first

/** A binary heap. */
export class Heap<T> {
  private items: T[] = [];

  /** @param before whether a is to come out before b */
  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }

  /** The first item; undefined: there is none. */
  get first(): T | undefined {
    return this.items[0];
  }

  /** The items, in no order. */
  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }

  add(item: T): void {
    const { items, before } = this;
    let i = items.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(item, items[parent]!)) break;
      items[i] = items[parent]!;
      i = parent;
    }
    items[i] = item;
  }

  /** Takes out the first item; there must be one. */
  take(): T {
    const first = this.items[0]!;
    const last = this.items.pop()!;
    if (this.items.length > 0) this.sink(last);
    return first;
  }

  clear(): void {
    this.items = [];
  }

  /** Takes out all that are not wanted. */
  keep(isWanted: (item: T) => boolean): void {
    // A sorted array is a heap.
    this.items = this.items.filter(isWanted).sort((a, b) => (this.before(a, b) ? -1 : 1));
  }

  private sink(item: T): void {
    const { items, before } = this;
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
