// in: when keys had their first record in a window
// out: the multiples at which open windows print before their end

/** A key that began in a window at a multiple that the watermark had passed already: it prints there alone. */
interface Starter {
  /** the window's end */
  readonly end: number;
  readonly key: string;
  /** the multiple at which it prints next */
  due: number;
}

/**
 * A key prints in a window at each multiple of `every` (ms) behind its first record there, whether or not something has changed
 * (Flink: ContinuousEventTimeTrigger, which has a timer per key and window). All keys share the multiples that are still to come.
 */
export class EarlyTimes {
  /** the first multiple that the watermark has not reached; Infinity: no window is open */
  private common = Number.POSITIVE_INFINITY;
  private starters: Starter[] = [];

  constructor(private readonly every: number) {}

  /** The first multiple behind a time. */
  behind(time: number): number {
    return (Math.floor(time / this.every) + 1) * this.every;
  }

  /** The watermark at which something prints. */
  get next(): number {
    return this.starters.reduce((least, { due }) => Math.min(least, due), this.common);
  }

  /** A record of that time has come into an open window. */
  expect(time: number, watermark: number): void {
    this.common = Math.min(this.common, this.behind(Math.max(time, watermark)));
  }

  /** A key has begun in a window at a time whose multiple the watermark has passed. */
  start(end: number, key: string, time: number): void {
    this.goOn(end, key, this.behind(time));
  }

  /** The same of one that prints next at `due`. */
  goOn(end: number, key: string, due: number): void {
    this.starters.push({ end, key, due });
  }

  /** Keys that have begun so, and do not print together with the others yet. */
  get begun(): readonly Starter[] {
    return this.starters;
  }

  /** Nothing prints for all keys before the first multiple behind a time. */
  skipTo(time: number): void {
    this.common = Math.max(this.common, this.behind(time));
  }

  /** No window is open. */
  stop(): void {
    this.common = Number.POSITIVE_INFINITY;
  }

  /** Nothing is here any more. */
  clear(): void {
    this.stop();
    this.starters = [];
  }

  /** Goes on to the next multiple; returns the keys that print at this one, by the ends of their windows. undefined: all keys do. */
  pass(): Map<number, string[]> | undefined {
    const at = this.next;
    if (at === this.common) {
      this.common += this.every;
      return undefined;
    }
    const keys = new Map<number, string[]>();
    for (const starter of this.starters) {
      if (starter.due !== at) continue;
      keys.set(starter.end, [...(keys.get(starter.end) ?? []), starter.key]);
      starter.due += this.every;
    }
    this.starters = this.starters.filter(({ due }) => due < this.common);
    return keys;
  }
}
