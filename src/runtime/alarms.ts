// in: what operators want done when the clock reaches a time
// out: it, done between two blocks

import type { Clock } from '../model/stage.ts';

interface Alarm {
  time: number;
  work: () => void;
}

/** The alarms of a job's operators. One ring is one call of each that is due, earliest first. */
export class Alarms {
  private readonly all = new Set<Alarm>();

  /**
   * @param areLive whether they ring at all: not in a job that only reads files to their end, where the clock would make the output another one at each run
   * @param now ms since 1970
   */
  constructor(
    private readonly areLive: boolean,
    private readonly now: () => number = Date.now,
  ) {}

  /** The clock of one operator. */
  clock(): Clock {
    const alarm: Alarm = { time: Number.POSITIVE_INFINITY, work: () => {} };
    this.all.add(alarm);
    return { now: this.now, alarm: (time, work) => void Object.assign(alarm, { time, work }) };
  }

  /** ms until the next one is due; undefined: none is set */
  get left(): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    if (this.areLive) for (const { time } of this.all) next = Math.min(next, time);
    return next === Number.POSITIVE_INFINITY ? undefined : Math.max(0, next - this.now());
  }

  ring(): void {
    const now = this.now();
    const due = [...this.all].filter(({ time }) => time <= now).sort((a, b) => a.time - b.time);
    for (const alarm of due) {
      alarm.time = Number.POSITIVE_INFINITY;
      alarm.work();
    }
  }
}
