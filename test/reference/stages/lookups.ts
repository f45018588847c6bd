// in: records of two sides
// out: joins that answer each left record in its turn: `--as-of`, `--lookup`

import type { Rec } from '../record.ts';
import type { Right } from '../right.ts';
import type { Job, Out } from '../stage.ts';
import { isMatch, isOuter, joinBoth, joinKey, joinOne, type JoinRules } from './joined.ts';
import { type Side, TwoInputs } from './two-inputs.ts';

interface Entry {
  readonly rec: Rec;
  readonly key: string | undefined;
  isMatched: boolean;
}

const isSame = (a: Entry, b: Entry) => a.key !== undefined && a.key === b.key;

/** `--as-of`: the newest version at or before the left record, when the watermark is there. */
export class AsOfJoin extends TwoInputs {
  private waiting: Entry[] = [];
  private readonly versions: Entry[] = [];

  constructor(
    job: Job,
    right: Right,
    private readonly rules: JoinRules,
  ) {
    super(job, right, 'time');
  }

  protected take(side: Side, rec: Rec): void {
    const entry = { rec, key: joinKey(rec, side, this.rules, this.job), isMatched: false };
    if (side === 'right') this.versions.push(entry);
    else if (this.isOvertaken(entry)) this.late(rec, this.rules.lateFile);
    else this.waiting.push(entry);
  }

  /** A record behind the watermark can be answered as long as no newer version has taken effect. */
  private isOvertaken(left: Entry): boolean {
    return this.versions.some((v) => isSame(v, left) && v.rec.time! > left.rec.time! && v.rec.time! <= this.now);
  }

  /** In order of (time, arrival). */
  override fire(watermark: number, out: Out): void {
    const due = this.waiting.filter(({ rec }) => rec.time! <= watermark);
    this.waiting = this.waiting.filter((w) => !due.includes(w));
    for (const left of due.sort((a, b) => a.rec.time! - b.rec.time!)) this.answer(left, out);
  }

  /** Of versions of equal time the last to come. */
  private versionOf(left: Entry): Rec | undefined {
    const candidates = this.versions.filter((v) => isSame(v, left) && v.rec.time! <= left.rec.time!);
    const newest = Math.max(...candidates.map((v) => v.rec.time!));
    return candidates.findLast((v) => v.rec.time === newest)?.rec;
  }

  private answer(left: Entry, out: Out): void {
    const { beside } = left.rec;
    const version = this.versionOf(left);
    const both = version && joinBoth(left.rec, version, this.rules, this.job, {});
    if (both && isMatch(both.with(beside), this.rules, this.now, this.job)) out.record(both.with(beside));
    else if (isOuter(this.rules.type, 'left')) out.record(left.rec);
  }
}

/** `--lookup`: RIGHT is read whole first. */
export class LookupJoin extends TwoInputs {
  private readonly table: Entry[] = [];

  /** `timed`: what comes of it has a time */
  constructor(
    job: Job,
    right: Right,
    private readonly rules: JoinRules,
    private readonly timed: boolean,
  ) {
    super(job, right, 'right');
  }

  protected override watermark(): number {
    return this.watermarks.left;
  }

  /** Right records may come out at the end, whatever their time. */
  protected override held(watermark: number): number {
    return isOuter(this.rules.type, 'right') && watermark !== Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : watermark;
  }

  protected take(side: Side, rec: Rec, out: Out): void {
    const entry = { rec, key: joinKey(rec, side, this.rules, this.job), isMatched: false };
    if (side === 'right') this.table.push(entry);
    else this.answer(entry, out);
  }

  private answer(left: Entry, out: Out): void {
    const { type } = this.rules;
    const rec = left.rec.with({ time: this.timed ? left.rec.time : undefined });
    for (const entry of this.table.filter((e) => isSame(e, left))) {
      const both = joinBoth(left.rec, entry.rec, this.rules, this.job, {}).with(rec.beside);
      if (!isMatch(both, this.rules, this.now, this.job)) continue;
      entry.isMatched = true;
      left.isMatched = true;
      if (type !== 'semi' && type !== 'anti') out.record(both);
    }
    if (left.isMatched ? type === 'semi' : isOuter(type, 'left')) out.record(rec);
  }

  override fire(watermark: number, out: Out): void {
    if (watermark !== Number.POSITIVE_INFINITY || !isOuter(this.rules.type, 'right')) return;
    for (const { rec, isMatched } of this.table) {
      if (!isMatched) out.record(joinOne(rec, 'right', this.rules, this.job, { time: this.timed ? rec.time : undefined }));
    }
  }
}
