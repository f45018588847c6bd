// in: left rows, and a table of right rows that is read before them
// out: each left row with the rows of the table that have its key

import type { Batch } from '../../model/batch.ts';
import type { OperatorContext, Side } from '../../model/stage.ts';
import { orderText } from '../../model/order.ts';
import { type Evictable, type HeldState, NONE_EVICTED, type StateReader, type StateWriter } from '../../model/state.ts';
import { heldList, sumHeld } from '../../state/held.ts';
import { memory } from '../../wasm/memory.ts';
import { BatchLines } from './batch-lines.ts';
import { UNKNOWN } from './byte-shapes.ts';
import type { RecordBytes } from './byte-splicer.ts';
import type { InputPlan, InputRows } from './input-rows.ts';
import type { MergePlan } from './branch-merge.ts';
import { ByteMerge } from './merge.ts';
import type { Place } from './result-maker.ts';
import type { JoinResults } from './results.ts';
import { NO_KEY } from './row-block.ts';
import { ARRIVAL, KEY, loadRow, Row, type SavedRow, saveRow } from './row.ts';
import { NONE, RowStore } from './row-store.ts';
import { loadInto, rowOf, savedRow } from './stored-rows.ts';
import type { JoinRules } from './types.ts';

interface Waiting {
  readonly row: Row;
  /** before it */
  readonly watermark: number;
}

/** Left rows are joined at once, in their order. Where they come before the table is whole, as those of a branch do, they wait. */
export class LookupJoin extends ByteMerge implements Evictable {
  readonly evictable = this;
  private table = new RowStore();
  /** how many rows the table has: its rows are numbered in their order, while all are in memory */
  private tableRows = 0;
  /** those without a key */
  private keyless: number[] = [];
  private waiting: Waiting[] = [];
  private readonly lines: BatchLines;
  private readonly own: RecordBytes = { at: 0, end: 0, shape: UNKNOWN };
  private readonly other: RecordBytes = { at: 0, end: 0, shape: UNKNOWN };

  constructor(
    context: OperatorContext,
    merge: MergePlan,
    private readonly rules: JoinRules,
    private readonly left: InputPlan,
    leftRows: InputRows,
    rightRows: InputRows,
    private readonly results: JoinResults,
  ) {
    super(context, merge, leftRows, rightRows);
    this.lines = new BatchLines(context, left);
  }

  protected takeRow(rows: InputRows, arrival: number): void {
    if (!rows.isLeft) this.addRight(rows, arrival);
    else {
      const row = rows.peek()!;
      row.arrival = arrival;
      this.waiting.push({ row, watermark: this.before });
    }
  }

  private addRight(rows: InputRows, arrival: number): void {
    const { keyLength, textAt } = rows;
    if (keyLength === NO_KEY && !this.rules.rightAlone) return;
    if (this.isOnDisk && keyLength !== NO_KEY) this.need(rows.key!);
    const row = this.table.add(false, textAt, rows.textEnd - textAt, rows.time, undefined, arrival);
    if (keyLength !== NO_KEY) this.table.link(row, this.table.keys.make(rows.keyAt, keyLength, rows.hash));
    else this.keyless.push(row);
    this.tableRows++;
  }

  /** The watermark is that of the left input alone. */
  protected step(): void {}

  protected flush(): void {
    this.results.flush();
  }

  /** Once the table is whole, left rows go through without being kept. */
  override push(batch: Batch): void {
    if (this.rightRows.hasGone && this.leftRows.isEmpty && this.waiting.length === 0) this.joinBatch(batch);
    else super.push(batch);
  }

  override advance(): Side | undefined {
    if (this.isOver) return undefined;
    while (!this.rightRows.isEmpty) this.takeNext(this.rightRows);
    if (!this.rightRows.hasEnded) return 'right';
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    while (!this.leftRows.isEmpty) this.takeNext(this.leftRows);
    for (const { row, watermark } of this.waiting) this.joinWaiting(row, watermark);
    this.waiting = [];
    this.isOver = this.leftRows.hasEnded;
    if (this.isOver) this.finish();
    this.flush();
    kernels.scratchSet(mark);
    if (this.isOver) this.context.out.end();
    return this.isOver ? undefined : 'left';
  }

  private joinBatch(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    if (batch.count > 0) this.select(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const window = this.left.isWindowed ? { start: batch.windowStart[row]!, end: batch.windowEnd[row]! } : undefined;
      this.lines.bytesOf(k, this.own);
      this.joinOwn(this.lines.slotOf[row]!, batch.watermark[row]!, { time: batch.time[row]!, window });
    }
    this.lines.clear();
    this.results.watermark = this.heldBack(batch.after);
    this.leftRows.after = batch.after;
    this.flush();
    kernels.scratchSet(mark);
  }

  /** Selects those left rows of which something may come, and writes their lines. */
  private select(batch: Batch): void {
    const { slotOf } = this.lines;
    const takesLone = this.rules.leftAlone;
    const takesFound = this.rules.type !== 'anti' || this.results.asks;
    if (this.isOnDisk) this.context.evicted.needAll(this.lines.keyTexts(batch));
    this.lines.find(batch, this.table.keys);
    let kept = 0;
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      if (slotOf[row] === NONE ? takesLone : takesFound) batch.sel[kept++] = row;
    }
    batch.count = kept;
    if (kept > 0) this.lines.write(batch);
  }

  /** Joins the row that `own` stands for. */
  private joinOwn(slot: number, watermark: number, place: Place): void {
    this.results.watermark = this.heldBack(watermark);
    const first = slot === NONE ? NONE : this.table.first(slot, false);
    const isMatched = this.results.asks && first !== NONE ? this.joinAsked(slot, place) : first !== NONE;
    if (isMatched && !this.results.asks && this.rules.pairs) for (let row = first; row !== NONE; row = this.table.next(row)) this.pair(row, place);
    if (isMatched ? this.rules.type === 'semi' : this.rules.leftAlone) this.results.plain(this.own, place);
  }

  private pair(row: number, place: Place): void {
    const { table, other } = this;
    table.match(row);
    table.bytesOf(row, other);
    this.results.pairBytes(this.own, other, place);
    table.setShape(row, other.shape);
  }

  /** The same, where a condition decides. Returns whether it held of any row. */
  private joinAsked(slot: number, place: Place): boolean {
    const { at, end } = this.own;
    const left = new Row(true, undefined, memory().memory.latin1Slice(at, end), place.time, place.window);
    const numbers = new Map([...this.table.ofSlot(slot, false)].map((row) => [rowOf(this.table, row), row]));
    const partners = this.results.partners(left, [...numbers.keys()], () => place);
    if (this.rules.pairs) for (const partner of partners) this.pair(numbers.get(partner)!, place);
    return partners.length > 0;
  }

  private joinWaiting(row: Row, watermark: number): void {
    const m = memory();
    const mark = m.kernels.scratchTop();
    m.needScratch(mark, row.text.length + (row.key?.length ?? 0) + 64);
    const end = m.put(`${row.text}\n`, mark) - 1;
    const key = row.key ?? '';
    m.kernels.scratchSet(m.put(key, end + 1) + 64);
    Object.assign(this.own, { at: mark, end, shape: UNKNOWN });
    if (this.isOnDisk && row.key !== undefined) this.context.evicted.need(row.key, () => []);
    this.joinOwn(row.key === undefined ? NONE : this.table.keys.find(end + 1, key.length, m.kernels.hashKey(end + 1, key.length)), watermark, row);
    m.kernels.scratchSet(mark);
  }

  /** Right rows without a partner come out at the end, whatever their time: until then nothing is over. */
  private heldBack(watermark: number): number {
    return this.rules.rightAlone ? Number.NEGATIVE_INFINITY : watermark;
  }

  private get isOnDisk(): boolean {
    return this.context.evicted !== NONE_EVICTED;
  }

  private finish(): void {
    if (this.rules.rightAlone) {
      if (this.isOnDisk) this.putSorted();
      else for (let row = 0; row < this.tableRows; row++) if (!this.table.isMatched(row)) this.putAlone(rowOf(this.table, row));
    }
    this.results.watermark = this.leftRows.after;
  }

  private putAlone(row: Row): void {
    this.results.rightAlone(row, { time: row.time, window: undefined });
  }

  /** The table lies in order of its keys, and comes out in that of its rows. */
  private putSorted(): void {
    const { sorted } = this.context.evicted;
    const sort = (row: number) => sorted.add(orderText(this.table.arrivals[row]!), savedRow(this.table, row));
    this.keyless.forEach(sort);
    this.context.evicted.each(() => {
      for (const row of this.table.keyed()) if (!this.table.isMatched(row)) sort(row);
    });
    sorted.take((saved) => this.putAlone(loadRow(saved as SavedRow, false)));
  }

  protected heldRows(): HeldState {
    return sumHeld([this.table.held(), heldList(this.waiting, this.waiting.length)]);
  }

  save(to: StateWriter): void {
    const { table } = this;
    const saved = (rows: Iterable<number>) => [...rows].map((row) => savedRow(table, row));
    to.frozen(table.freeze('table', (slot) => saved(table.ofSlot(slot, false))));
    to.whole('rest', { keyless: saved(this.keyless), waiting: this.waiting.map(({ row, watermark }) => [saveRow(row), watermark]), watermark: this.results.watermark });
  }

  load(from: StateReader): void {
    const rows: SavedRow[] = [];
    from.keyed('table', (_, saved) => rows.push(...(saved as SavedRow[])));
    const rest = from.whole('rest') as { keyless: SavedRow[]; waiting: [SavedRow, number][]; watermark: number } | undefined;
    rows.push(...(rest?.keyless ?? []));
    for (const row of rows.sort((a, b) => a[ARRIVAL] - b[ARRIVAL])) this.restore(row);
    this.waiting = (rest?.waiting ?? []).map(([row, watermark]) => ({ row: loadRow(row, true), watermark }));
    this.results.watermark = rest?.watermark ?? this.results.watermark;
  }

  private restore(saved: SavedRow): void {
    const row = loadInto(this.table, saved, false);
    if (saved[KEY] === null) this.keyless.push(row);
    this.tableRows++;
  }

  evict(): void {
    const kept = this.keyless.map((row) => savedRow(this.table, row));
    this.table.free();
    this.table = new RowStore();
    [this.keyless, this.tableRows] = [[], 0];
    for (const row of kept) this.restore(row);
  }
}
