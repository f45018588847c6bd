// in: records with event time
// out: tumble, hop, cumulate: a row per window and key

import type { Aggs } from '../aggs.ts';
import type { Rec, Span } from '../record.ts';
import { type Job, type Key, type Keys, type Out, Stage } from '../stage.ts';
import type { Assign } from '../windows.ts';
import { compareWindows, firstEarly, type OpenWindow, printDue, windowRow } from './open-window.ts';

export interface WindowOptions {
  readonly keys: Keys;
  readonly aggs: Aggs;
  /** ms that a window is kept behind its end */
  readonly lateness: number;
  readonly lateFile: string | undefined;
  readonly early: number | undefined;
}

export class WindowAggs extends Stage {
  private open: OpenWindow[] = [];

  constructor(
    job: Job,
    private readonly assign: Assign,
    private readonly options: WindowOptions,
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    const spans = this.assign(rec.time!);
    const inTime = spans.filter(({ end }) => end - 1 + this.options.lateness > this.now);
    if (spans.length > 0 && inTime.length === 0) this.late(rec, this.options.lateFile);
    const key = this.options.keys.of(this.scope(rec));
    for (const window of inTime.map((span) => this.take(rec, span, key)).sort(compareWindows)) {
      if (window.span.end - 1 <= this.now) this.print(window, out);
    }
  }

  /** Puts the record into a window. */
  private take(rec: Rec, span: Span, key: Key): OpenWindow {
    let window = this.open.find((w) => w.span.start === span.start && w.span.end === span.end && w.key.text === key.text);
    if (!window) {
      window = { span, key, records: [], fired: span.end - 1 <= this.now, early: span.end - 1 <= this.now ? Number.POSITIVE_INFINITY : firstEarly(rec.time!, this.options.early) };
      this.open.push(window);
    }
    window.records.push(this.scope(rec));
    return window;
  }

  private print(window: OpenWindow, out: Out): void {
    out.record(windowRow(this.job, window, this.options.keys, this.options.aggs));
  }

  override fire(watermark: number, out: Out): void {
    printDue(this.open, watermark, this.options.early, (window) => this.print(window, out));
    this.open = this.open.filter(({ span }) => span.end - 1 + this.options.lateness > watermark);
  }
}
