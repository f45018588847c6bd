// in: windows by start and end
// out: what is kept for each, and those that are over, in order of (end, start)

/** A window and what belongs to it. */
export interface OwnWindow<T> {
  readonly start: number;
  readonly end: number;
  readonly content: T;
}

/** Windows that have not fired yet. */
export class OpenWindows<T> {
  /** by end, then start, ascending */
  private readonly windows: OwnWindow<T>[] = [];
  private last: OwnWindow<T> | undefined;

  constructor(private readonly make: (start: number, end: number) => T) {}

  /** The end of the first one to fire; Infinity: there is none. */
  get nextEnd(): number {
    return this.windows.length > 0 ? this.windows[0]!.end : Number.POSITIVE_INFINITY;
  }

  get(start: number, end: number): OwnWindow<T> {
    if (this.last?.start === start && this.last.end === end) return this.last;
    const i = this.lowerBound(start, end);
    const found = this.windows[i];
    if (found?.start === start && found.end === end) return (this.last = found);
    const made = { start, end, content: this.make(start, end) };
    this.windows.splice(i, 0, made);
    return (this.last = made);
  }

  /** All windows, in order. */
  all(): readonly OwnWindow<T>[] {
    return this.windows;
  }

  /** Takes out all windows that end at or before `bound`, in order. */
  takeUntil(bound: number): OwnWindow<T>[] {
    this.last = undefined;
    let n = 0;
    while (n < this.windows.length && this.windows[n]!.end <= bound) n++;
    return this.windows.splice(0, n);
  }

  private lowerBound(start: number, end: number): number {
    let low = 0;
    let high = this.windows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const w = this.windows[middle]!;
      if (w.end < end || (w.end === end && w.start < start)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
