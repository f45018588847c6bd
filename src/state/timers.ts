// in: items with a time
// out: them again, earliest first; of equal times the first to come

import { Heap } from './heap.ts';

interface Item<T> {
  readonly time: number;
  readonly order: number;
  readonly value: T;
}

/** Timers by time. */
export class TimerQueue<T> {
  private readonly items = new Heap<Item<T>>((a, b) => a.time < b.time || (a.time === b.time && a.order < b.order));
  private added = 0;

  get size(): number {
    return this.items.size;
  }

  /** The earliest time; Infinity: there is none. */
  get next(): number {
    return this.items.first?.time ?? Number.POSITIVE_INFINITY;
  }

  /** @param order decides between equal times; not given: the first to be added is first */
  add(time: number, value: T, order = this.added++): void {
    this.items.add({ time, order, value });
  }

  /** The items, in no order. */
  *[Symbol.iterator](): Iterator<T> {
    for (const { value } of this.items) yield value;
  }

  /** Takes out the earliest item; there must be one. */
  take(): T {
    return this.items.take().value;
  }

  clear(): void {
    this.items.clear();
  }
}
