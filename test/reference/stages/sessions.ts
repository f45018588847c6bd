// in: records with event time
// out: session windows as they merge; `session`, and `window session:GAP`

import type { Expression } from 'acorn';
import { evaluatePlain, type Scope } from '../evaluate.ts';
import { BadRecord } from '../failure.ts';
import type { Rec, Span } from '../record.ts';
import { type Job, type Keys, type Out, Stage } from '../stage.ts';
import { ownTime } from '../times.ts';
import { firstEarly, type OpenWindow, printDue, windowRow } from './open-window.ts';
import type { WindowOptions } from './window-aggs.ts';

/** ms, the same for all records or an expression over each. */
export type Gap = number | Expression;

interface SessionOptions {
  readonly keys: Keys;
  readonly lateness: number;
  readonly lateFile: string | undefined;
  readonly early?: number | undefined;
}

/** A record of a session, with the number of its arrival. */
interface Arrival {
  readonly scope: Scope;
  readonly rec: Rec;
  readonly number: number;
}

interface OpenSession extends OpenWindow {
  arrivals: Arrival[];
}

abstract class Sessions extends Stage {
  private open: OpenSession[] = [];
  private arrived = 0;

  constructor(
    job: Job,
    private readonly gap: Gap,
    protected readonly sessionOptions: SessionOptions,
  ) {
    super(job);
  }

  protected abstract print(session: OpenSession, out: Out): void;

  record(rec: Rec, out: Out): void {
    const span = { start: rec.time!, end: rec.time! + this.gapOf(rec) };
    const key = this.sessionOptions.keys.of(this.scope(rec));
    const touched = this.open.filter((s) => s.key.text === key.text && s.span.start <= span.end && span.start <= s.span.end);
    const whole = [span, ...touched.map((s) => s.span)].reduce(join);
    if (whole.end - 1 + this.sessionOptions.lateness <= this.now) return this.late(rec, this.sessionOptions.lateFile);
    const arrivals = [...touched.flatMap((s) => s.arrivals), { scope: this.scope(rec), rec, number: this.arrived++ }].sort((a, b) => a.number - b.number);
    // What prints at once because it is late waits for no multiple (Flink: ContinuousEventTimeTrigger.onElement).
    const begun = Math.min(...touched.map((s) => s.early));
    const early = begun < Number.POSITIVE_INFINITY || whole.end - 1 <= this.now ? begun : firstEarly(rec.time!, this.sessionOptions.early);
    const session = { span: whole, key, records: arrivals.map((a) => a.scope), arrivals, fired: whole.end - 1 <= this.now, early };
    this.open = [...this.open.filter((s) => !touched.includes(s)), session];
    if (session.fired) this.print(session, out);
  }

  private gapOf(rec: Rec): number {
    if (typeof this.gap === 'number') return this.gap;
    const gap = evaluatePlain(this.gap, this.scope(rec));
    if (typeof gap !== 'number' || !(gap > 0)) throw new BadRecord(`no usable gap: ${rec.text}`);
    return Math.floor(gap);
  }

  override fire(watermark: number, out: Out): void {
    printDue(this.open, watermark, this.sessionOptions.early, (session) => this.print(session as OpenSession, out));
    this.open = this.open.filter(({ span }) => span.end - 1 + this.sessionOptions.lateness > watermark);
  }
}

function join(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

/** The stage `session`: a row per session and key. */
export class SessionAggs extends Sessions {
  constructor(
    job: Job,
    gap: Gap,
    private readonly options: WindowOptions,
  ) {
    super(job, gap, options);
  }

  protected print(session: OpenSession, out: Out): void {
    out.record(windowRow(this.job, session, this.options.keys, this.options.aggs));
  }
}

/** The stage `window` with a session: each record comes out when its session is known. */
export class SessionRecords extends Sessions {
  protected print({ span, arrivals }: OpenSession, out: Out): void {
    for (const { rec } of arrivals) {
      const { start, end } = span;
      out.record(rec.set('window_start', ownTime(start, this.job.timestamps)).set('window_end', ownTime(end, this.job.timestamps)).with({ window: span }));
    }
  }
}
