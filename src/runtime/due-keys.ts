// in: keys on disk, and when each is due
// out: those that are due next, in order

import type { LevelStore } from '../state/level/store.ts';
import { behind, END, NOTHING, timeOf, type WhenDue } from './state-records.ts';

/** The keys of an operator by when they are due; how they lie on disk: state-records.ts. */
export class DueKeys {
  /** the watermark at which the first of them is due; Infinity: none is */
  next = Number.POSITIVE_INFINITY;
  /** nothing is due before that */
  first = END;
  /** chars of a due: all have as many numbers */
  private length = 0;

  /** @param place one char that tells this operator's keys in the store from those of others */
  constructor(
    private readonly open: () => LevelStore,
    private readonly place: string,
  ) {}

  /** A key goes to disk. @param before when it is due there, if it is; '': never, now or before */
  put(key: string, due: string, before: string): void {
    if (due === '' && before === '') return;
    if (before !== due) this.remove(key, before);
    if (due === '') return;
    if (before !== due) this.open().put(`${this.place}d${due}${key}`, NOTHING);
    this.length = due.length;
    if (due < this.first) this.first = due;
    this.next = Math.min(this.next, timeOf(due));
  }

  remove(key: string, due: string): void {
    if (due !== '') this.open().put(`${this.place}d${due}${key}`, undefined);
  }

  /** Keys with from <= due < to, in order, so many at most; some of those that are in memory may be due at another time by now. */
  between(from: string, to: string, limit: number): WhenDue[] {
    if (from >= to || this.length === 0) return [];
    const at = 2 + this.length;
    return this.open().range(`${this.place}d${from}`, `${this.place}d${to}`, limit).map(({ key }) => ({ due: key.slice(2, at), key: key.slice(at) }));
  }

  /** All that is due before that is in memory, or gone. */
  passed(due: string): void {
    this.first = due;
    const [first] = this.between(due, END, 1);
    this.next = first ? timeOf(first.due) : Number.POSITIVE_INFINITY;
  }

  /** Where the next ones begin. @param most how many could have been found */
  static behind(found: readonly WhenDue[], most: number, end: string): string {
    return found.length < most ? end : behind(found.at(-1)!);
  }
}
