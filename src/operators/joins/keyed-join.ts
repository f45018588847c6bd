// in: rows of two inputs
// out: pairs of equal key whose times lie within an interval of each other, or of all times

import type { OperatorContext } from '../../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { heldByKey, heldList, sumHeld } from '../../state/held.ts';
import { orderText } from '../../model/order.ts';
import { Expiry } from './expiry.ts';
import type { InputRows } from './input-rows.ts';
import type { LateRows } from './late-rows.ts';
import { Meeting } from './meeting.ts';
import type { MergePlan } from './branch-merge.ts';
import { Merge } from './merge.ts';
import type { JoinResults, Place } from './results.ts';
import { bySide, KeyTable, type KeyRows, loadRow, loadRows, type Row, type SavedRow, type SavedRows, saveRow, saveRows } from './row.ts';
import type { JoinRules } from './types.ts';

/** Rows of each input whose keys are looked up together. */
const AHEAD = 2048;

/** Which records are partners, and how long they are kept. */
export interface KeyedPlan {
  readonly rules: JoinRules;
  /** bounds of right.time − left.time, ms; undefined: times do not matter, and no record is late */
  readonly within: readonly [lower: number, upper: number] | undefined;
  /** ms behind its time at which a left and a right record are dropped; Infinity: kept to the end */
  readonly keepLeft: number;
  readonly keepRight: number;
  /** whether the sides have event time */
  readonly timed: { readonly left: boolean; readonly right: boolean };
  /** ms that the watermark is held back behind the join; Infinity: to the end */
  readonly hold: number;
}

/**
 * Everything is kept until no partner can come (Flink: IntervalJoinOperator, RowTimeIntervalJoin; without an interval: StreamingJoinOperator).
 */
export class KeyedJoin extends Merge implements Evictable {
  readonly evictable = this;
  readonly isDueTogether = true;
  private readonly table = new KeyTable();
  private leftExpiry = new Expiry();
  private rightExpiry = new Expiry();
  /** rows without a key, which come out alone */
  private readonly keyless = new Set<Row>();
  private readonly meeting: Meeting;
  /** whether rows without a partner come out */
  private readonly comeAlone: boolean;

  constructor(
    context: OperatorContext,
    merge: MergePlan,
    private readonly join: KeyedPlan,
    left: InputRows,
    right: InputRows,
    private readonly results: JoinResults,
    private readonly late: LateRows,
  ) {
    super(context, merge, left, right);
    this.meeting = new Meeting(join.rules, results);
    this.comeAlone = join.rules.leftAlone || join.rules.rightAlone;
  }

  protected take(row: Row): void {
    if (this.join.within && row.time < this.now) {
      this.late.add(row, this.now, row.time);
      return;
    }
    if (row.key !== undefined) this.context.evicted.need(row.key, this.soon);
    const group = this.table.find(row.key);
    const others = group ? this.fitting(row, row.isLeft ? group.right : group.left) : [];
    if (this.meeting.meet(row, others, this.table, this.pairPlace, this.placeOf)) this.keep(row, this.join.rules.pairs ? group : undefined);
  }

  private readonly soon = () => [...this.leftRows.keysAhead(AHEAD), ...this.rightRows.keysAhead(AHEAD)];

  /** Rows that are kept and lie within the bounds. */
  private fitting(row: Row, others: readonly Row[]): readonly Row[] {
    const { within } = this.join;
    if (!within) return others.some((other) => other.isGone) ? others.filter((other) => !other.isGone) : others;
    const from = row.isLeft ? row.time + within[0] : row.time - within[1];
    const to = row.isLeft ? row.time + within[1] : row.time - within[0];
    return others.filter((other) => !other.isGone && other.time >= from && other.time <= to);
  }

  private keep(row: Row, group: KeyRows | undefined): void {
    const due = this.endOf(row);
    if (due <= this.now) {
      this.meeting.alone(row, this.placeOf(row));
      return;
    }
    const isNeeded = !(row.isLeft ? this.rightRows : this.leftRows).hasGone;
    const comesAlone = this.meeting.comesAlone(row);
    if (row.key !== undefined && (isNeeded || comesAlone)) this.table.keep(row, group);
    else if (comesAlone) this.keyless.add(row);
    else return;
    if (due < Number.POSITIVE_INFINITY) (row.isLeft ? this.leftExpiry : this.rightExpiry).add(due, row);
  }

  /** The watermark at which a row is of no more use. */
  private endOf({ time, isLeft }: Pick<Row, 'time' | 'isLeft'>): number {
    return time + (isLeft ? this.join.keepLeft : this.join.keepRight);
  }

  protected step(watermark: number): void {
    const { evicted } = this.context;
    // At the end, rows that nobody will see need not come from anywhere.
    const first = Math.min(this.leftExpiry.next, this.rightExpiry.next, this.comeAlone || watermark < Number.POSITIVE_INFINITY ? evicted.nextDue : Number.POSITIVE_INFINITY);
    if (first <= watermark && first < Number.POSITIVE_INFINITY) evicted.fire(watermark, (until) => this.expire(until));
    if (watermark === Number.POSITIVE_INFINITY) this.finish();
    this.results.watermark = watermark === Number.POSITIVE_INFINITY ? watermark : watermark - this.join.hold;
  }

  private expire(watermark: number): void {
    const alone: Row[] = [];
    for (const expiry of [this.leftExpiry, this.rightExpiry]) {
      while (expiry.next <= watermark && expiry.next < Number.POSITIVE_INFINITY) {
        const row = expiry.take();
        if (row.isGone) continue;
        this.drop(row);
        if (this.meeting.comesAlone(row)) alone.push(row);
      }
    }
    if (alone.length > 1) alone.sort((a, b) => a.time - b.time || bySide(a, b));
    for (const row of alone) this.meeting.alone(row, this.placeOf(row));
  }

  private drop(row: Row): void {
    this.table.drop(row);
    this.keyless.delete(row);
  }

  /** What is kept to the end comes out: left ones first. */
  private finish(): void {
    const alone = [...this.keyless];
    for (const row of this.table.rows()) if (this.meeting.comesAlone(row)) alone.push(row);
    alone.sort(bySide);
    for (const row of alone) this.meeting.alone(row, this.placeOf(row));
    this.table.keys.clear();
    this.keyless.clear();
  }

  protected flush(): void {
    this.results.flush();
  }

  /** The later of the times that there are. */
  private readonly pairPlace = (left: Row, right: Row): Place => {
    const { timed } = this.join;
    return { time: timed.left && timed.right ? Math.max(left.time, right.time) : timed.left ? left.time : right.time, window: undefined };
  };

  /** A left record that comes out as it is keeps its window. */
  private readonly placeOf = (row: Row): Place => ({ time: row.time, window: this.join.rules.pairs ? undefined : row.window });

  protected heldRows(): HeldState {
    return sumHeld([heldByKey(this.table.keys), heldList(this.keyless, this.keyless.size)]);
  }

  save(to: StateWriter): void {
    for (const [key, rows] of this.table.keys) to.keyed('rows', key, saveRows(rows));
    to.whole('rest', { keyless: [...this.keyless].map((row) => [row.isLeft, saveRow(row)]), watermark: this.results.watermark });
  }

  load(from: StateReader): void {
    const rows: Row[] = [];
    from.keyed('rows', (_, saved) => rows.push(...loadRows(saved as SavedRows)));
    for (const row of rows.sort((a, b) => a.arrival - b.arrival)) this.restore(row);
    const rest = from.whole('rest') as { keyless: [boolean, SavedRow][]; watermark: number } | undefined;
    for (const [isLeft, row] of rest?.keyless ?? []) this.restore(loadRow(row, isLeft));
    this.results.watermark = rest?.watermark ?? this.results.watermark;
  }

  /** Rows of a key lie on disk together, and are due when the first of them is. */
  due(_: string, saved: StateValue): string | undefined {
    const { left, right } = saved as SavedRows;
    const ends = [...left.map(([, , time]) => this.endOf({ time, isLeft: true })), ...right.map(([, , time]) => this.endOf({ time, isLeft: false }))];
    const first = ends.reduce((least, end) => Math.min(least, end), Number.POSITIVE_INFINITY);
    return first < Number.POSITIVE_INFINITY ? orderText(first) : undefined;
  }

  evict(): void {
    this.table.keys.clear();
    [this.leftExpiry, this.rightExpiry] = [new Expiry(), new Expiry()];
    for (const row of this.keyless) this.expect(row);
  }

  private restore(row: Row): void {
    if (row.key === undefined) this.keyless.add(row);
    else this.table.keep(row);
    this.expect(row);
  }

  private expect(row: Row): void {
    const due = this.endOf(row);
    if (due < Number.POSITIVE_INFINITY) (row.isLeft ? this.leftExpiry : this.rightExpiry).add(due, row);
  }
}
