// in: a seed
// out: the same numbers on every machine and in every run

/** mulberry32: small, quick, and good enough for samples. */
export class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** From 0 (included) to 1 (not). */
  unit(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 to n - 1. */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** One of the values, the first ones far more often. */
  early<T>(values: readonly T[]): T {
    const u = this.unit();
    return values[Math.floor(u * u * u * values.length)]!;
  }
}

/** Seconds that are remembered, a power of two. */
const SECONDS = 16;

/** ms → ISO-8601 with ms, in UTC. Neighbours mostly share their second, which is what costs time. */
export class IsoClock {
  private readonly seconds = new Array<number>(SECONDS).fill(Number.NaN);
  private readonly prefixes = new Array<string>(SECONDS).fill('');

  format(ms: number): string {
    const second = Math.floor(ms / 1000);
    const slot = second & (SECONDS - 1);
    if (second !== this.seconds[slot]) {
      this.seconds[slot] = second;
      this.prefixes[slot] = new Date(second * 1000).toISOString().slice(0, 20);
    }
    return this.prefixes[slot]! + MILLIS[ms - second * 1000]!;
  }
}

const MILLIS = Array.from({ length: 1000 }, (_, i) => `${String(i).padStart(3, '0')}Z`);
