// in: records that belong to windows
// out: `per-window`: aggregates of the rows of each window and key

import type { Aggs } from '../aggs.ts';
import type { Rec } from '../record.ts';
import { type Job, type Keys, type Out, Stage } from '../stage.ts';
import { type OpenWindow, printDue, windowRow } from './open-window.ts';

export class PerWindow extends Stage {
  private open: OpenWindow[] = [];

  constructor(
    job: Job,
    private readonly keys: Keys,
    private readonly aggs: Aggs,
  ) {
    super(job);
  }

  record(rec: Rec): void {
    const span = rec.window!;
    if (span.end - 1 <= this.now) return this.late(rec, undefined);
    const key = this.keys.of(this.scope(rec));
    let window = this.open.find((w) => w.span.start === span.start && w.span.end === span.end && w.key.text === key.text);
    if (!window) this.open.push((window = { span, key, records: [], fired: false, early: Number.POSITIVE_INFINITY }));
    window.records.push(this.scope(rec));
  }

  override fire(watermark: number, out: Out): void {
    printDue(this.open, watermark, undefined, (window) => out.record(windowRow(this.job, window, this.keys, this.aggs)));
    this.open = this.open.filter((w) => !w.fired);
  }
}
