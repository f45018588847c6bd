// in: when blocks come
// out: when an input has been silent for so long that somebody wants to know (--idle)

/** Processing time, and so exempt from the promise that output does not depend on how input arrives. */
export class Silence {
  private since = performance.now();
  /** how many of the durations this silence has lasted */
  private passed = 0;

  /** @param durations ms, ascending */
  constructor(private readonly durations: readonly number[]) {}

  /** Something has come. */
  broken(): void {
    this.passed = 0;
  }

  /** From now on something is waited for. */
  begins(): void {
    this.since = performance.now();
  }

  /** ms until the silence is long enough for the next of the durations; undefined: there is none */
  get left(): number | undefined {
    const next = this.durations[this.passed];
    return next === undefined ? undefined : Math.max(0, this.since + next - performance.now());
  }

  /** The time that `left` gave is over. */
  lasts(): void {
    this.passed++;
  }

  /** It has lasted for the shortest of the durations. */
  get isIdle(): boolean {
    return this.passed > 0;
  }
}
