// in: numbers of rows with the watermark at which each is of no more use
// out: those whose watermark has come, many at a time, and no more than a step later than they might

import { TimerQueue } from '../../state/timers.ts';

/** Rows of which nothing comes when they go, so that it does not matter when. */
export class BulkExpiry {
  private readonly lists = new Map<number, number[]>();
  private readonly queue = new TimerQueue<number>();
  private last: number[] = [];
  private lastTime = Number.NaN;

  /** @param step ms between two watermarks at which rows go */
  constructor(private readonly step: number) {}

  add(time: number, row: number): void {
    const at = Math.ceil(time / this.step) * this.step;
    if (at !== this.lastTime) this.turnTo(at);
    this.last.push(row);
  }

  private turnTo(time: number): void {
    let list = this.lists.get(time);
    if (!list) {
      this.lists.set(time, (list = []));
      this.queue.add(time, time);
    }
    this.last = list;
    this.lastTime = time;
  }

  /** The first watermark that something waits for; Infinity: nothing waits. */
  get next(): number {
    return this.queue.next;
  }

  /** Takes out the rows that wait for the first watermark; there must be some. */
  take(): readonly number[] {
    const time = this.queue.take();
    const rows = this.lists.get(time)!;
    this.lists.delete(time);
    this.lastTime = Number.NaN;
    return rows;
  }
}
