// in: rows of two inputs
// out: pairs of equal key whose times lie within an interval of each other, or of all times

import type { OperatorContext } from '../../model/stage.ts';
import { type Evictable, type HeldState, NONE_EVICTED, type StateReader, type StateValue, type StateWriter } from '../../model/state.ts';
import { heldList, sumHeld } from '../../state/held.ts';
import { UNKNOWN } from './byte-shapes.ts';
import type { RecordBytes } from './byte-splicer.ts';
import { AloneRows } from './alone-rows.ts';
import { KeyedExpiry } from './keyed-expiry.ts';
import { dueOf, endOf, type KeyedPlan, pairPlace } from './keyed-plan.ts';
import type { InputRows } from './input-rows.ts';
import type { LateRows } from './late-rows.ts';
import type { MergePlan } from './branch-merge.ts';
import { ByteMerge } from './merge.ts';
import type { JoinResults } from './results.ts';
import type { Place } from './result-maker.ts';
import { ARRIVAL, type Row, type SavedRow, type SavedRows } from './row.ts';
import { NONE, RowStore } from './row-store.ts';
import { SortedRows } from './sorted-rows.ts';
import { loadInto, rowOf, savedRow, savedRows } from './stored-rows.ts';

const EVER = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

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
  private readonly expiry: KeyedExpiry;
  /** rows without a key, which come out alone */
  private readonly keyless = new Set<number>();
  private readonly alone: AloneRows;
  private readonly sorted: SortedRows;
  /** whether rows without a partner come out */
  private readonly comeAlone: boolean;
  /** the row that is taken, and what it has met */
  private readonly own: RecordBytes = { at: 0, end: 0, shape: UNKNOWN };
  private readonly other: RecordBytes = { at: 0, end: 0, shape: UNKNOWN };
  private partners: number[] = [];
  /** rows that come out alone go in the order in which they come out */
  private readonly goInOrder: boolean;

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
    const { leftAlone, rightAlone } = join.rules;
    this.comeAlone = leftAlone || rightAlone;
    this.goInOrder = !(leftAlone && rightAlone) || join.keepLeft === join.keepRight;
    this.alone = new AloneRows(join.rules, results);
    this.sorted = new SortedRows(context, this.alone);
    const [lower, upper] = join.within ?? [0, 0];
    this.expiry = new KeyedExpiry(upper - lower);
  }

  protected takeRow(rows: InputRows, arrival: number): void {
    const { time } = rows;
    if (this.join.within && time < this.now) {
      this.late.add(rows.peek()!, this.now, time);
      return;
    }
    if (this.isOnDisk && rows.key !== undefined) this.need(rows.key);
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
    const numbers = new Map(others.map((other) => [rowOf(this.store, other), other]));
    const place = (other: Row): Place => (row.isLeft ? pairPlace(this.join, row.time, other.time) : pairPlace(this.join, other.time, row.time));
    return this.results.partners(row, [...numbers.keys()], place).map((other) => numbers.get(other)!);
  }

  private pairAll({ isLeft, time }: InputRows): true {
    const { store, partners, own, other } = this;
    for (let i = 0; i < partners.length; i++) {
      const row = partners[i]!;
      store.match(row);
      store.bytesOf(row, other);
      if (isLeft) this.results.pairBytes(own, other, pairPlace(this.join, time, store.times[row]!));
      else this.results.pairBytes(other, own, pairPlace(this.join, store.times[row]!, time));
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
      if (isSemi) this.alone.put(this.store, partners[i]!);
      this.drop(partners[i]!);
      if (this.join.keepLeft === Number.POSITIVE_INFINITY) this.store.release(partners[i]!);
    }
    return true;
  }

  private keep(rows: InputRows, arrival: number, slot: number): void {
    const { isLeft, time } = rows;
    const { rules } = this.join;
    const due = endOf(this.join, isLeft, time);
    const isMatched = rules.pairs && this.partners.length > 0;
    const comesAlone = !isMatched && (isLeft ? rules.leftAlone : rules.rightAlone);
    const isKeyed = slot !== NONE;
    const isNeeded = isKeyed && !(isLeft ? this.rightRows : this.leftRows).hasGone;
    if (!comesAlone && (due <= this.now || !isNeeded)) return;
    const row = this.store.add(isLeft, this.own.at, this.own.end - this.own.at, time, rules.pairs ? undefined : rows.window, arrival);
    this.store.setShape(row, this.own.shape);
    if (isMatched) this.store.match(row);
    if (due <= this.now) {
      this.alone.put(this.store, row);
      this.forget(row);
      return;
    }
    if (isKeyed) this.store.link(row, slot);
    else this.keyless.add(row);
    this.expect(row);
  }

  protected step(watermark: number): void {
    const { evicted } = this.context;
    // At the end, rows that nobody will see need not come from anywhere.
    const first = Math.min(this.expiry.next, this.comeAlone || watermark < Number.POSITIVE_INFINITY ? evicted.nextDue : Number.POSITIVE_INFINITY);
    if (first <= watermark && first < Number.POSITIVE_INFINITY) this.fire(watermark);
    if (watermark === Number.POSITIVE_INFINITY) this.finish();
    this.results.watermark = watermark === Number.POSITIVE_INFINITY ? watermark : watermark - this.join.hold;
  }

  private get isOnDisk(): boolean {
    return this.context.evicted !== NONE_EVICTED;
  }

  private fire(watermark: number): void {
    this.context.evicted.fire(watermark, (until) => this.expire(until));
    if (this.isOnDisk && !this.goInOrder) this.sorted.put(this.store);
  }

  private expire(watermark: number): void {
    const { store } = this;
    const alone: number[] = [];
    this.expiry.takeUntil(watermark, (row) => {
      if (store.isGone(row)) store.release(row);
      else if (this.comeAlone && this.alone.has(store, row)) alone.push(row);
      else this.forget(row);
    });
    if (this.isOnDisk && !this.goInOrder) for (const row of alone) this.sorted.add(store, row, store.times[row]!);
    else this.alone.putByTime(store, alone);
    for (const row of alone) this.forget(row);
  }

  private forget(row: number): void {
    this.drop(row);
    this.store.release(row);
  }

  /** A row that still waits in `expiry` keeps its number until it comes out there. */
  private drop(row: number): void {
    if (this.comeAlone) this.keyless.delete(row);
    this.store.drop(row);
  }

  /** What is kept to the end comes out: left ones first. */
  private finish(): void {
    if (this.isOnDisk && this.comeAlone) return this.finishOnDisk();
    const alone = [...this.keyless];
    if (this.comeAlone) for (const row of this.store.keyed()) if (this.alone.has(this.store, row)) alone.push(row);
    this.alone.putBySide(this.store, alone);
    this.clear();
  }

  private finishOnDisk(): void {
    for (const row of this.keyless) this.sorted.add(this.store, row);
    this.keyless.clear();
    this.context.evicted.each(() => {
      for (const row of this.store.keyed()) if (this.alone.has(this.store, row)) this.sorted.add(this.store, row);
    });
    this.clear();
    this.sorted.put(this.store);
  }

  private clear(): void {
    this.store.free();
    this.store = this.emptyStore();
    this.keyless.clear();
    this.expiry.clear();
  }

  protected flush(): void {
    this.results.flush();
  }

  protected heldRows(): HeldState {
    return sumHeld([this.store.held(), heldList(this.keyless, this.keyless.size)]);
  }

  save(to: StateWriter): void {
    const { store } = this;
    to.frozen(store.freeze('rows', (slot) => savedRows(store, slot)));
    to.whole('rest', { keyless: [...this.keyless].map((row) => [store.isLeft(row), savedRow(store, row)]), watermark: this.results.watermark });
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
    return dueOf(this.join, saved as SavedRows);
  }

  evict(): void {
    const kept = [...this.keyless].map((row): [boolean, SavedRow] => [this.store.isLeft(row), savedRow(this.store, row)]);
    this.clear();
    for (const [isLeft, row] of kept) this.restore(isLeft, row);
  }

  private restore(isLeft: boolean, saved: SavedRow): void {
    const row = loadInto(this.store, saved, isLeft);
    if (saved[0] === null) this.keyless.add(row);
    this.expect(row);
  }

  private expect(row: number): void {
    const isLeft = this.store.isLeft(row);
    const mayStay = this.join.within !== undefined && !this.comeAlone && !this.isOnDisk;
    this.expiry.add(endOf(this.join, isLeft, this.store.times[row]!), row, isLeft, mayStay);
  }
}
