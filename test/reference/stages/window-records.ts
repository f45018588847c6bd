// in: records with event time
// out: `window`: each record once for each window that it falls into, with the window's bounds

import type { Rec } from '../record.ts';
import { type Job, type Out, Stage } from '../stage.ts';
import { ownTime } from '../times.ts';
import type { Assign } from '../windows.ts';

export class WindowRecords extends Stage {
  constructor(
    job: Job,
    private readonly assign: Assign,
    private readonly lateness: number,
    private readonly lateFile: string | undefined,
  ) {
    super(job);
  }

  /** Windows for which the record is late are left out; late for all of them, it is a late record. */
  record(rec: Rec, out: Out): void {
    const spans = this.assign(rec.time!);
    const inTime = spans.filter(({ end }) => end - 1 + this.lateness > this.now);
    if (spans.length > 0 && inTime.length === 0) this.late(rec, this.lateFile);
    for (const span of inTime) {
      const how = this.job.timestamps;
      out.record(rec.set('window_start', ownTime(span.start, how)).set('window_end', ownTime(span.end, how)).with({ window: span }));
    }
  }
}
