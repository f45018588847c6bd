// in: items with a time
// out: them again, earliest first; of equal times the first to come

const LEAST_ROOM = 64;

/** Timers by time: a binary heap whose times lie in arrays of their own, so that comparing two is to compare numbers. */
export class TimerQueue<T> {
  private times = new Float64Array(LEAST_ROOM);
  private orders = new Float64Array(LEAST_ROOM);
  private values: T[] = [];
  private added = 0;

  get size(): number {
    return this.values.length;
  }

  /** The earliest time; Infinity: there is none. */
  get next(): number {
    return this.values.length > 0 ? this.times[0]! : Number.POSITIVE_INFINITY;
  }

  /** @param order decides between equal times; not given: the first to be added is first */
  add(time: number, value: T, order = this.added++): void {
    const { values } = this;
    if (values.length === this.times.length) this.makeRoom(values.length * 2);
    values.push(value);
    this.rise(values.length - 1, time, order, value);
  }

  /** The items, in no order. */
  [Symbol.iterator](): Iterator<T> {
    return this.values[Symbol.iterator]();
  }

  /** The items as they are now, in no order. */
  items(): T[] {
    return this.values.slice();
  }

  /** Takes out the earliest item; there must be one. */
  take(): T {
    const first = this.values[0]!;
    const n = this.values.length - 1;
    const last = this.values.pop()!;
    if (n > 0) this.sink(this.times[n]!, this.orders[n]!, last);
    return first;
  }

  clear(): void {
    this.values = [];
    this.times = new Float64Array(LEAST_ROOM);
    this.orders = new Float64Array(LEAST_ROOM);
  }

  private makeRoom(room: number): void {
    const { times, orders } = this;
    this.times = new Float64Array(room);
    this.orders = new Float64Array(room);
    this.times.set(times);
    this.orders.set(orders);
  }

  /** Puts an item at place `i`, or at one nearer to the first. */
  private rise(from: number, time: number, order: number, value: T): void {
    const { times, orders, values } = this;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const other = times[parent]!;
      if (other < time || (other === time && orders[parent]! <= order)) break;
      this.move(parent, i);
      i = parent;
    }
    times[i] = time;
    orders[i] = order;
    values[i] = value;
  }

  /** Puts an item in the place of the first, or behind those that are before it. */
  private sink(time: number, order: number, value: T): void {
    const { times, orders, values } = this;
    const { length } = values;
    let i = 0;
    for (let child = 1; child < length; child = 2 * i + 1) {
      if (child + 1 < length && this.isBefore(child + 1, child)) child++;
      const other = times[child]!;
      if (time < other || (time === other && order <= orders[child]!)) break;
      this.move(child, i);
      i = child;
    }
    times[i] = time;
    orders[i] = order;
    values[i] = value;
  }

  private isBefore(a: number, b: number): boolean {
    const { times, orders } = this;
    return times[a]! < times[b]! || (times[a] === times[b] && orders[a]! < orders[b]!);
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from]!;
    this.orders[to] = this.orders[from]!;
    this.values[to] = this.values[from]!;
  }
}
