// in: records with event time
// out: `window`: each record once for each window that it falls into, with the window's bounds

import type { Rec } from '../record.ts';
import { type Job, type Out, Stage } from '../stage.ts';
import { ownTime } from '../times.ts';
import type { Assign } from '../windows.ts';

/** It only tells windows, so no record is late for it; stages behind it that work per window drop those that are. */
export class WindowRecords extends Stage {
  constructor(
    job: Job,
    private readonly assign: Assign,
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    const how = this.job.timestamps;
    for (const span of this.assign(rec.time!)) {
      out.record(rec.set('window_start', ownTime(span.start, how)).set('window_end', ownTime(span.end, how)).with({ window: span }));
    }
  }
}
