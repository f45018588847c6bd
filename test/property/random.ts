// in: a seed
// out: the same random choices each time

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed ^ 0x9e3779b9) >>> 0;
  }

  /** 0 ≤ x < 1 (mulberry32) */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** a whole number, both ends included */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!;
  }

  /** Some of the list, at least one, in its order. */
  some<T>(list: readonly T[], most: number): T[] {
    const wanted = this.int(1, Math.min(most, list.length));
    const left = [...list];
    while (left.length > wanted) left.splice(this.int(0, left.length - 1), 1);
    return left;
  }

  shuffle<T>(list: readonly T[]): T[] {
    const made = [...list];
    for (let i = made.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [made[i], made[j]] = [made[j]!, made[i]!];
    }
    return made;
  }
}
