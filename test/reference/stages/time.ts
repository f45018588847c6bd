// in: records
// out: the same records with an event time, and a watermark after each

import type { Expression } from 'acorn';
import { evaluate } from '../evaluate.ts';
import { BadRecord } from '../failure.ts';
import type { Rec } from '../record.ts';
import { type Job, type Out, Stage } from '../stage.ts';
import { eventTime } from '../times.ts';

/** `--time`, and the stage `time`. */
export class Time extends Stage {
  private latest = Number.NEGATIVE_INFINITY;

  constructor(
    job: Job,
    private readonly expression: Expression,
    private readonly delay: number,
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    const time = eventTime(evaluate(this.expression, this.scope(rec)), this.job.unit, this.job.zone);
    if (Number.isNaN(time)) {
      if (this.job.skipErrors) return;
      throw new BadRecord(`no usable time: ${rec.text}`);
    }
    out.record(rec.with({ time }));
    this.latest = Math.max(this.latest, time);
    this.now = this.latest - this.delay - 1;
    out.watermark(this.now);
  }

  /** The watermark of the stages before ends here, but for the end of input. */
  override advance(watermark: number, out: Out): void {
    if (watermark === Number.POSITIVE_INFINITY) out.watermark(watermark);
  }
}
