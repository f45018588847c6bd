// in: keys that went out of memory, and when the clock is to call them
// out: the key that it calls first

import { Heap } from '../../state/heap.ts';

/** Calls that hold no more, before they are thrown away. */
const FEW = 1024;

interface Call {
  readonly time: number;
  readonly key: string;
}

const isBefore = (a: Call, b: Call) => a.time < b.time || (a.time === b.time && a.key < b.key);

/** Keys whose timers of processing time are on disk, with the first time of each. */
export class SleepingKeys {
  private readonly times = new Map<string, number>();
  private readonly calls = new Heap<Call>(isBefore);

  /** The first of them, by time, then by key; undefined: there is none. */
  private get first(): Call | undefined {
    const { calls } = this;
    while (calls.size > 0 && !this.holds(calls.first!)) calls.take();
    return calls.first;
  }

  private readonly holds = ({ time, key }: Call): boolean => this.times.get(key) === time;

  /** When the clock calls the first of them; Infinity: there is none. */
  get next(): number {
    return this.first?.time ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the first of them is called before this key at this time. */
  isBefore(time: number, key: () => string): boolean {
    const { first } = this;
    return first !== undefined && (first.time < time || (first.time === time && first.key < key()));
  }

  put(key: string, time: number): void {
    if (this.times.get(key) === time) return;
    this.times.set(key, time);
    this.calls.add({ time, key });
    if (this.calls.size > 2 * this.times.size + FEW) this.calls.keep(this.holds);
  }

  /** The key is in memory, or has nothing to wait for. */
  remove(key: string): void {
    this.times.delete(key);
  }

  /** Takes out the first key; there must be one. */
  take(): string {
    const { key } = this.first!;
    this.times.delete(key);
    return key;
  }
}
