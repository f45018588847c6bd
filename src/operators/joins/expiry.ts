// in: numbers of rows with the watermark at which each is of no more use
// out: those whose watermark has come

import { TimerQueue } from '../../state/timers.ts';

/** Taken entries in front of a queue that may pile up. */
const SLACK = 4096;

/** The rows of one input: most come in order, and wait in a plain queue; the others in a heap. */
export class Expiry {
  private times: number[] = [];
  private rows: number[] = [];
  private head = 0;
  private readonly others = new TimerQueue<number>();

  add(time: number, row: number): void {
    const n = this.times.length;
    if (n > this.head && time < this.times[n - 1]!) this.others.add(time, row);
    else {
      this.times.push(time);
      this.rows.push(row);
    }
  }

  /** The first watermark that something waits for; Infinity: nothing waits. */
  get next(): number {
    const first = this.head < this.times.length ? this.times[this.head]! : Number.POSITIVE_INFINITY;
    return Math.min(first, this.others.next);
  }

  /** Takes out a row that waits for the first watermark; there must be one. */
  take(): number {
    if (this.head === this.times.length || this.others.next < this.times[this.head]!) return this.others.take();
    const row = this.rows[this.head++]!;
    if (this.head > SLACK && this.head * 2 > this.rows.length) {
      this.times = this.times.slice(this.head);
      this.rows = this.rows.slice(this.head);
      this.head = 0;
    }
    return row;
  }
}
