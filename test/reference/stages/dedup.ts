// in: records
// out: `dedup`: one of each key

import type { Rec } from '../record.ts';
import { EndStage, type Job, type Keys, type Out, PassStage, Stage } from '../stage.ts';

interface Kept {
  rec: Rec;
  readonly key: string;
  /** the number of its arrival */
  number: number;
  /** event time at which the key is forgotten */
  until: number;
}

/** `--keep first`: at once. A key is forgotten by records `ttl` or more behind its first one, and when the watermark gets there. */
export class DedupFirst extends PassStage {
  private kept: Kept[] = [];

  constructor(
    job: Job,
    private readonly keys: Keys,
    private readonly ttl: number,
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    const key = this.keys.of(this.scope(rec)).text;
    const known = this.kept.find((k) => k.key === key);
    if (known && !((rec.time ?? 0) >= known.until)) return this.drop(rec, out);
    this.kept = this.kept.filter((k) => k !== known);
    this.kept.push({ rec, key, number: 0, until: (rec.time ?? 0) + this.ttl });
    out.record(rec);
  }

  override fire(watermark: number): void {
    this.kept = this.kept.filter((k) => k.until > watermark);
  }
}

/** `--keep last`, in order of input, and `--keep latest`, in order of time; both at the end. */
export class DedupLast extends EndStage {
  private kept: Kept[] = [];
  private arrived = 0;

  constructor(
    job: Job,
    private readonly keys: Keys,
    private readonly byTime: boolean,
  ) {
    super(job);
  }

  record(rec: Rec): void {
    const key = this.keys.of(this.scope(rec)).text;
    const known = this.kept.find((k) => k.key === key);
    this.arrived++;
    if (known && this.byTime && rec.time! < known.rec.time!) return;
    this.kept = this.kept.filter((k) => k !== known);
    this.kept.push({ rec, key, number: this.arrived, until: Number.POSITIVE_INFINITY });
  }

  finish(out: Out): void {
    const sorted = [...this.kept].sort((a, b) => (this.byTime ? a.rec.time! - b.rec.time! : 0) || a.number - b.number);
    for (const { rec } of sorted) out.record(rec);
  }
}

/** `--keep earliest`: when the watermark reaches its time, so that nothing earlier can come; in order of (time, arrival). */
export class DedupEarliest extends Stage {
  private waiting: Kept[] = [];
  private readonly done = new Set<string>();
  private arrived = 0;

  constructor(
    job: Job,
    private readonly keys: Keys,
  ) {
    super(job);
  }

  record(rec: Rec): void {
    const key = this.keys.of(this.scope(rec)).text;
    const known = this.waiting.find((k) => k.key === key);
    const number = this.arrived++;
    if (this.done.has(key) || (known && rec.time! >= known.rec.time!)) return;
    this.waiting = this.waiting.filter((k) => k !== known);
    this.waiting.push({ rec, key, number, until: Number.POSITIVE_INFINITY });
  }

  override fire(watermark: number, out: Out): void {
    const due = this.waiting.filter((k) => k.rec.time! <= watermark);
    this.waiting = this.waiting.filter((k) => !due.includes(k));
    for (const { rec, key } of due.sort((a, b) => a.rec.time! - b.rec.time! || a.number - b.number)) {
      this.done.add(key);
      out.record(rec);
    }
  }
}
