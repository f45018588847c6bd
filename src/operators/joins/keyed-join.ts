// in: rows of two inputs
// out: pairs of equal key whose times lie within an interval of each other, or of all times

import type { OperatorContext } from '../../model/stage.ts';
import { type Evictable, type HeldState, NONE_EVICTED, type StateReader, type StateValue, type StateWriter } from '../../model/state.ts';
import { orderText } from '../../model/order.ts';
import { heldList, sumHeld } from '../../state/held.ts';
import { UNKNOWN } from './byte-shapes.ts';
import type { RecordBytes } from './byte-splicer.ts';
import { BulkExpiry } from './bulk-expiry.ts';
import { Expiry } from './expiry.ts';
import type { InputRows } from './input-rows.ts';
import type { LateRows } from './late-rows.ts';
import type { MergePlan } from './branch-merge.ts';
import { ByteMerge } from './merge.ts';
import type { JoinResults } from './results.ts';
import type { Place } from './result-maker.ts';
import { ARRIVAL, type Row, type SavedRow, type SavedRows } from './row.ts';
import { NONE, RowStore } from './row-store.ts';
import type { JoinRules } from './types.ts';

/** Rows of each input whose keys are looked up together. */
const AHEAD = 2048;
/** Of an interval, so much is the time that rows may stay longer than they are of use. */
const STEPS = 8;
const EVER = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

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
export class KeyedJoin extends ByteMerge implements Evictable {
  readonly evictable = this;
  readonly isDueTogether = true;
  private readonly forgetSlots = (): void => {
    this.leftRows.forgetSlots();
    this.rightRows.forgetSlots();
  };
  private store = this.emptyStore();
  private leftExpiry = new Expiry();
  private rightExpiry = new Expiry();
  /** of rows that may stay a little longer: they are too old for all that comes, and none comes out when it goes */
  private readonly bulk: BulkExpiry;
  /** rows without a key, which come out alone */
  private readonly keyless = new Set<number>();
  /** whether rows without a partner come out */
  private readonly comeAlone: boolean;
  /** the row that is taken, and what it has met */
  private readonly own: RecordBytes = { at: 0, end: 0, shape: UNKNOWN };
  private readonly other: RecordBytes = { at: 0, end: 0, shape: UNKNOWN };
  private partners: number[] = [];

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
    this.comeAlone = join.rules.leftAlone || join.rules.rightAlone;
    const [lower, upper] = join.within ?? [0, 0];
    this.bulk = new BulkExpiry(Math.max(1, Math.floor((upper - lower) / STEPS)));
  }

  protected takeRow(rows: InputRows, arrival: number): void {
    const { time } = rows;
    if (this.join.within && time < this.now) {
      this.late.add(rows.peek()!, this.now, time);
      return;
    }
    if (this.context.evicted !== NONE_EVICTED && rows.key !== undefined) this.context.evicted.need(rows.key, this.soon);
    const slot = rows.slotIn(this.store.keys);
    this.findPartners(rows, slot);
    const { own } = this;
    own.at = rows.textAt;
    own.end = rows.textEnd;
    own.shape = UNKNOWN;
    const isOfUse = this.join.rules.pairs ? this.pairAll(rows) : this.answer(rows);
    if (isOfUse) this.keep(rows, arrival, slot);
  }

  private emptyStore(): RowStore {
    this.forgetSlots();
    return new RowStore(this.forgetSlots);
  }

  private readonly soon = () => [...this.leftRows.keysAhead(AHEAD), ...this.rightRows.keysAhead(AHEAD)];

  /** Sets `partners` to the rows of the other side that are kept, lie within the bounds and pass the condition, in order of arrival. */
  private findPartners(rows: InputRows, slot: number): void {
    const { store, partners } = this;
    if (partners.length > 0) partners.length = 0;
    if (slot === NONE) return;
    const [lower, upper] = this.join.within ?? EVER;
    const { isLeft, time } = rows;
    const from = isLeft ? time + lower : time - upper;
    const to = isLeft ? time + upper : time - lower;
    const { times } = store;
    const isEver = this.join.within === undefined;
    for (let row = store.first(slot, !isLeft); row !== NONE; row = store.next(row)) {
      if (isEver || (times[row]! >= from && times[row]! <= to)) partners.push(row);
    }
    if (partners.length > 0 && this.results.asks) this.partners = this.passing(rows.peek()!, partners);
  }

  private passing(row: Row, others: readonly number[]): number[] {
    const numbers = new Map(others.map((other) => [this.store.rowOf(other), other]));
    const place = (other: Row): Place => (row.isLeft ? this.placeOf(row.time, other.time) : this.placeOf(other.time, row.time));
    return this.results.partners(row, [...numbers.keys()], place).map((other) => numbers.get(other)!);
  }

  private pairAll({ isLeft, time }: InputRows): true {
    const { store, partners, own, other } = this;
    for (let i = 0; i < partners.length; i++) {
      const row = partners[i]!;
      store.match(row);
      store.bytesOf(row, other);
      if (isLeft) this.results.pairBytes(own, other, this.placeOf(time, store.times[row]!));
      else this.results.pairBytes(other, own, this.placeOf(store.times[row]!, time));
      store.setShape(row, other.shape);
    }
    return true;
  }

  /** semi and anti: left rows come out, or are dropped. Returns whether the row can still be of use. */
  private answer(rows: InputRows): boolean {
    const { partners } = this;
    const isSemi = this.join.rules.type === 'semi';
    if (rows.isLeft) {
      if (partners.length > 0 && isSemi) this.results.plain(this.own, { time: rows.time, window: rows.window });
      return partners.length === 0;
    }
    for (let i = 0; i < partners.length; i++) {
      if (isSemi) this.putAlone(partners[i]!);
      this.drop(partners[i]!);
      if (this.join.keepLeft === Number.POSITIVE_INFINITY) this.store.release(partners[i]!);
    }
    return true;
  }

  private keep(rows: InputRows, arrival: number, slot: number): void {
    const { isLeft, time } = rows;
    const { rules } = this.join;
    const due = this.endOf(rows);
    const isMatched = rules.pairs && this.partners.length > 0;
    const comesAlone = !isMatched && (isLeft ? rules.leftAlone : rules.rightAlone);
    const isKeyed = slot !== NONE;
    const isNeeded = isKeyed && !(isLeft ? this.rightRows : this.leftRows).hasGone;
    if (!comesAlone && (due <= this.now || !isNeeded)) return;
    const row = this.store.add(isLeft, this.own.at, this.own.end - this.own.at, time, rules.pairs ? undefined : rows.window, arrival);
    this.store.setShape(row, this.own.shape);
    if (isMatched) this.store.match(row);
    if (due <= this.now) {
      this.putAlone(row);
      this.forget(row);
      return;
    }
    if (isKeyed) this.store.link(row, slot);
    else this.keyless.add(row);
    this.expect(row);
  }

  /** The watermark at which a row is of no more use. */
  private endOf({ time, isLeft }: { readonly time: number; readonly isLeft: boolean }): number {
    return time + (isLeft ? this.join.keepLeft : this.join.keepRight);
  }

  protected step(watermark: number): void {
    const { evicted } = this.context;
    // At the end, rows that nobody will see need not come from anywhere.
    const first = Math.min(this.bulk.next, this.leftExpiry.next, this.rightExpiry.next, this.comeAlone || watermark < Number.POSITIVE_INFINITY ? evicted.nextDue : Number.POSITIVE_INFINITY);
    if (first <= watermark && first < Number.POSITIVE_INFINITY) evicted.fire(watermark, (until) => this.expire(until));
    if (watermark === Number.POSITIVE_INFINITY) this.finish();
    this.results.watermark = watermark === Number.POSITIVE_INFINITY ? watermark : watermark - this.join.hold;
  }

  private expire(watermark: number): void {
    const { store, bulk } = this;
    while (bulk.next <= watermark && bulk.next < Number.POSITIVE_INFINITY) this.expireAll(bulk.take());
    const [gone, alone]: [number[], number[]] = [[], []];
    for (const expiry of [this.leftExpiry, this.rightExpiry]) {
      while (expiry.next <= watermark && expiry.next < Number.POSITIVE_INFINITY) {
        const row = expiry.take();
        if (store.isGone(row)) store.release(row);
        else if (this.comesAlone(row)) alone.push(row);
        else gone.push(row);
      }
    }
    if (alone.length > 1) alone.sort((a, b) => store.times[a]! - store.times[b]! || this.bySide(a, b));
    for (const row of alone) this.putAlone(row);
    for (const rows of [alone, gone]) for (const row of rows) this.forget(row);
  }

  private expireAll(rows: readonly number[]): void {
    const { store } = this;
    for (let i = 0; i < rows.length; i++) {
      if (!store.isGone(rows[i]!)) store.drop(rows[i]!);
      store.release(rows[i]!);
    }
  }

  private forget(row: number): void {
    this.drop(row);
    this.store.release(row);
  }

  /** A row that still waits in `expiry` keeps its number until it comes out there. */
  private drop(row: number): void {
    this.keyless.delete(row);
    this.store.drop(row);
  }

  /** What is kept to the end comes out: left ones first. */
  private finish(): void {
    const alone = [...this.keyless];
    for (const row of this.store.keyed()) if (this.comesAlone(row)) alone.push(row);
    alone.sort((a, b) => this.bySide(a, b));
    for (const row of alone) this.putAlone(row);
    this.store.free();
    this.store = this.emptyStore();
    this.keyless.clear();
    [this.leftExpiry, this.rightExpiry] = [new Expiry(), new Expiry()];
  }

  private comesAlone(row: number): boolean {
    const { leftAlone, rightAlone } = this.join.rules;
    return !this.store.isMatched(row) && (this.store.isLeft(row) ? leftAlone : rightAlone);
  }

  /** Left rows before right ones, each in order of arrival. */
  private bySide(a: number, b: number): number {
    const { store } = this;
    return Number(store.isLeft(b)) - Number(store.isLeft(a)) || store.arrivals[a]! - store.arrivals[b]!;
  }

  /** A row comes out by itself. A left one that comes out as it is keeps its window. */
  private putAlone(row: number): void {
    const { store } = this;
    const place: Place = { time: store.times[row]!, window: this.join.rules.pairs ? undefined : store.windowOf(row) };
    store.bytesOf(row, this.other);
    if (store.isLeft(row)) this.results.plain(this.other, place);
    else this.results.rightAlone(store.rowOf(row), place);
  }

  protected flush(): void {
    this.results.flush();
  }

  private placeOf(left: number, right: number): Place {
    return { time: this.timeOf(left, right), window: undefined };
  }

  /** The time of a pair: the later of those that there are. */
  private timeOf(left: number, right: number): number {
    const { timed } = this.join;
    return timed.left && timed.right ? Math.max(left, right) : timed.left ? left : right;
  }

  protected heldRows(): HeldState {
    return sumHeld([this.store.held(), heldList(this.keyless, this.keyless.size)]);
  }

  save(to: StateWriter): void {
    const { store } = this;
    const saved = (rows: Iterable<number>) => [...rows].map((row) => store.saved(row));
    for (const slot of store.filled()) to.keyed('rows', store.keys.keyOf(slot), { left: saved(store.ofSlot(slot, true)), right: saved(store.ofSlot(slot, false)) });
    to.whole('rest', { keyless: [...this.keyless].map((row) => [store.isLeft(row), store.saved(row)]), watermark: this.results.watermark });
  }

  load(from: StateReader): void {
    const rows: [boolean, SavedRow][] = [];
    from.keyed('rows', (_, saved) => {
      const { left, right } = saved as SavedRows;
      for (const row of left) rows.push([true, row]);
      for (const row of right) rows.push([false, row]);
    });
    for (const [isLeft, row] of rows.sort(([, a], [, b]) => a[ARRIVAL] - b[ARRIVAL])) this.restore(isLeft, row);
    const rest = from.whole('rest') as { keyless: [boolean, SavedRow][]; watermark: number } | undefined;
    for (const [isLeft, row] of rest?.keyless ?? []) this.restore(isLeft, row);
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
    const kept = [...this.keyless].map((row): [boolean, SavedRow] => [this.store.isLeft(row), this.store.saved(row)]);
    this.store.free();
    this.store = this.emptyStore();
    this.keyless.clear();
    [this.leftExpiry, this.rightExpiry] = [new Expiry(), new Expiry()];
    for (const [isLeft, row] of kept) this.restore(isLeft, row);
  }

  private restore(isLeft: boolean, saved: SavedRow): void {
    const row = this.store.load(saved, isLeft);
    if (saved[0] === null) this.keyless.add(row);
    this.expect(row);
  }

  private expect(row: number): void {
    const isLeft = this.store.isLeft(row);
    const due = this.endOf({ time: this.store.times[row]!, isLeft });
    if (this.join.within && !this.comeAlone && this.context.evicted === NONE_EVICTED) this.bulk.add(due, row);
    else if (due < Number.POSITIVE_INFINITY) (isLeft ? this.leftExpiry : this.rightExpiry).add(due, row);
  }
}
