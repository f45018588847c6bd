// in: numbers of rows of both inputs, with the watermark at which each is of no more use
// out: those whose watermark has come

import { BulkExpiry } from './bulk-expiry.ts';
import { Expiry } from './expiry.ts';

/** Of an interval, so much is the time that rows may stay longer than they are of use. */
const STEPS = 8;

/** Rows that wait to go: some at their time, others a little later. */
export class KeyedExpiry {
  private left = new Expiry();
  private right = new Expiry();
  private loose: BulkExpiry;

  /** @param span ms of the interval that rows are partners in */
  constructor(private readonly span: number) {
    this.loose = this.emptyLoose();
  }

  private emptyLoose(): BulkExpiry {
    return new BulkExpiry(Math.max(1, Math.floor(this.span / STEPS)));
  }

  /** @param due Infinity: never @param mayStay it is too old for all that comes then, and does not come out when it goes */
  add(due: number, row: number, isLeft: boolean, mayStay: boolean): void {
    if (due === Number.POSITIVE_INFINITY) return;
    if (mayStay) this.loose.add(due, row);
    else (isLeft ? this.left : this.right).add(due, row);
  }

  /** The first watermark that something waits for; Infinity: nothing waits. */
  get next(): number {
    return Math.min(this.loose.next, this.left.next, this.right.next);
  }

  /** Calls `work` with each row whose watermark has come. */
  takeUntil(watermark: number, work: (row: number) => void): void {
    while (isDue(this.loose.next, watermark)) this.loose.take().forEach(work);
    for (const expiry of [this.left, this.right]) while (isDue(expiry.next, watermark)) work(expiry.take());
  }

  clear(): void {
    [this.left, this.right, this.loose] = [new Expiry(), new Expiry(), this.emptyLoose()];
  }
}

function isDue(next: number, watermark: number): boolean {
  return next <= watermark && next < Number.POSITIVE_INFINITY;
}
