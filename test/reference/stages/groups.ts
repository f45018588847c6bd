// in: records
// out: `agg` and `count-window`: aggregates of groups that no time bounds

import type { Aggs } from '../aggs.ts';
import type { Scope } from '../evaluate.ts';
import { compareLists } from '../order.ts';
import { type Rec, recordOf } from '../record.ts';
import { EndStage, type Job, type Key, type Keys, type Out, Stage } from '../stage.ts';

interface Group {
  readonly key: Key;
  records: Scope[];
  /** the latest event time among them */
  time: number | undefined;
  /** a record has come since the group was last printed */
  changed: boolean;
}

/** Groups by key. */
class Groups {
  readonly all: Group[] = [];

  constructor(
    private readonly job: Job,
    private readonly keys: Keys,
    private readonly aggs: Aggs,
  ) {}

  add(rec: Rec, scope: Scope): Group {
    const key = this.keys.of(scope);
    let group = this.all.find((g) => g.key.text === key.text);
    if (!group) this.all.push((group = this.empty(key)));
    group.records.push(scope);
    group.changed = true;
    if (rec.time !== undefined) group.time = Math.max(rec.time, group.time ?? rec.time);
    return group;
  }

  empty(key: Key): Group {
    return { key, records: [], time: undefined, changed: false };
  }

  row({ key, records, time }: Group): Rec {
    const fields = this.keys.fields(key);
    return recordOf([...fields, ...this.aggs.fields(records, fields, this.job.zone)], { time });
  }

  sorted(): Group[] {
    return [...this.all].sort((a, b) => compareLists(a.key.parts, b.key.parts));
  }
}

/** `agg` that prints each key once, when input ends. */
export class AggAtEnd extends EndStage {
  private readonly groups: Groups;

  constructor(
    job: Job,
    private readonly keys: Keys,
    aggs: Aggs,
  ) {
    super(job);
    this.groups = new Groups(job, keys, aggs);
  }

  record(rec: Rec): void {
    this.groups.add(rec, this.scope(rec));
  }

  finish(out: Out): void {
    for (const group of this.groups.sorted()) out.record(this.groups.row(group));
    const none = this.keys.items.length === 0 && this.groups.all.length === 0;
    if (none) out.record(this.groups.row(this.groups.empty({ text: '[]', parts: [], values: [] })));
  }
}

/** `agg --emit change`: the new row at each record, which gives it its time. */
export class AggAtChange extends Stage {
  private readonly groups: Groups;

  constructor(job: Job, keys: Keys, aggs: Aggs) {
    super(job);
    this.groups = new Groups(job, keys, aggs);
  }

  record(rec: Rec, out: Out): void {
    out.record(this.groups.row({ ...this.groups.add(rec, this.scope(rec)), time: rec.time }));
  }
}

/**
 * `agg --emit DUR`: the rows that changed, in key order, when the watermark passes a multiple of DUR. The first multiple is the one behind
 * the time of the first record; several that one step passes print once; what has changed since then prints at the end.
 */
export class AggAtTimes extends Stage {
  private readonly groups: Groups;
  private next = Number.NaN;

  constructor(
    job: Job,
    keys: Keys,
    aggs: Aggs,
    private readonly every: number,
  ) {
    super(job);
    this.groups = new Groups(job, keys, aggs);
  }

  private behind(time: number): number {
    return Math.floor(time / this.every) * this.every + this.every;
  }

  record(rec: Rec): void {
    if (Number.isNaN(this.next)) this.next = this.behind(rec.time!);
    this.groups.add(rec, this.scope(rec));
  }

  override fire(watermark: number, out: Out): void {
    if (!(watermark >= this.next)) return;
    this.next = this.behind(watermark);
    for (const group of this.groups.sorted().filter((g) => g.changed)) {
      group.changed = false;
      out.record(this.groups.row(group));
    }
  }
}

/** `count-window N --every M`: at each M-th record of a key, which gives the row its time, the last N of them. */
export class CountWindow extends Stage {
  private readonly groups: Groups;

  constructor(
    job: Job,
    private readonly size: number,
    private readonly every: number,
    keys: Keys,
    aggs: Aggs,
  ) {
    super(job);
    this.groups = new Groups(job, keys, aggs);
  }

  record(rec: Rec, out: Out): void {
    const group = this.groups.add(rec, this.scope(rec));
    if (group.records.length % this.every !== 0) return;
    out.record(this.groups.row({ ...group, records: group.records.slice(-this.size), time: rec.time }));
  }
}
