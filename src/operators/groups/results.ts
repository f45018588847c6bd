// in: groups of a window or of a whole stage
// out: batches of result rows: window bounds, keys, aggregates

import type { AggregatePlan } from '../../expr/aggregates/plan.ts';
import type { GroupKeys } from '../../expr/aggregates/results.ts';
import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS, type Register, type TokenColumn } from '../../model/column.ts';
import { orderText } from '../../model/order.ts';
import type { JobSettings, Layout, OperatorContext, Point } from '../../model/stage.ts';
import { fieldValue, Type } from '../../model/token.ts';
import { memory } from '../../wasm/memory.ts';
import type { Groups } from './group-table.ts';
import type { GroupStore } from './groups.ts';
import type { Keys } from './keys.ts';
import { CallPrinter, keyValue } from './print.ts';

/** Where the parts of a result row go. */
export interface ResultPlan {
  readonly layout: Layout;
  readonly bounds: { readonly start: Register; readonly end: Register } | undefined;
  readonly keys: readonly Register[];
  readonly outputs: readonly Register[];
  readonly aggregates: AggregatePlan;
  readonly settings: JobSettings;
}

const KERNEL_CALLS = new Set(['count', 'count_if', 'sum', 'avg', 'min', 'max']);

/** From here on records are rows of these groups. */
export function planResults(point: Point, windowed: boolean, keys: GroupKeys, aggregates: AggregatePlan): ResultPlan {
  const layout = point.renew(false);
  const bounds = windowed ? { start: point.assign('window_start', 'token', true), end: point.assign('window_end', 'token', true) } : undefined;
  const keyRegisters = keys.names.map((name) => point.assign(name, 'token', keys.times.includes(name)));
  const outputs = aggregates.names.map((name, i) => {
    const call = aggregates.calls[aggregates.direct[i]!];
    return point.assign(name, call && KERNEL_CALLS.has(call.fn) ? 'token' : 'value', aggregates.times.includes(name));
  });
  point.windowed = windowed;
  point.keyBy = undefined;
  return { layout, bounds, keys: keyRegisters, outputs, aggregates, settings: point.settings };
}

const COLUMN_BYTES = 16;

/** Gathers result rows in a batch and passes it on when it is full, and when asked. */
export class ResultRows {
  /** the watermark that stands while the rows come out */
  watermark = Number.NEGATIVE_INFINITY;
  readonly batch: Batch;
  private rows = 0;
  private mark = 0;
  private readonly printers: readonly CallPrinter[];
  private readonly keyColumns: number;
  private readonly usesKeys: boolean;
  private start = { value: Number.NaN, at: 0, end: 0 };
  private end = { value: Number.NaN, at: 0, end: 0 };

  constructor(
    private readonly context: OperatorContext,
    private readonly plan: ResultPlan,
    private readonly store: GroupStore,
  ) {
    const m = memory();
    this.batch = context.batch(plan.layout);
    this.printers = store.calls.map((call) => new CallPrinter(call));
    this.keyColumns = m.alloc(Math.max(1, plan.keys.length) * COLUMN_BYTES);
    const words = new Uint32Array(m.buffer, this.keyColumns, plan.keys.length * 4);
    plan.keys.forEach((register, i) => {
      const { at } = this.batch.columns[register.index] as TokenColumn;
      words.set([at.start, at.end, at.type, at.num], i * 4);
    });
    this.usesKeys = plan.aggregates.direct.includes(-1);
  }

  /** The rows that follow are of this window. */
  window(start: number, end: number): void {
    this.start = this.printTime(start);
    this.end = this.printTime(end);
  }

  private printTime(value: number): { value: number; at: number; end: number } {
    const m = memory();
    const at = this.top();
    m.needScratch(at, 64);
    const end = this.plan.settings.timestamps === 'ms' ? m.put(String(value), at) : m.kernels.formatTime(value, at);
    m.kernels.scratchSet(end);
    return { value, at, end };
  }

  /** Where text goes; notes where the texts of this batch begin. */
  private top(): number {
    const top = memory().kernels.scratchTop();
    if (this.rows === 0 && this.mark === 0) this.mark = top;
    return top;
  }

  /** Prints all groups in the order of keys. `time`: the rows' event time, by slot or for all. */
  emitAll(groups: Groups, time: number | ((slot: number) => number)): void {
    this.emit(groups, this.store.order(groups), groups.size, time);
  }

  /** Prints the group of a row's key. */
  emitKey(groups: Groups, keys: Keys, row: number, time: number): void {
    this.emitSlots(groups, [this.store.slot(groups, keys, row)], () => time);
  }

  /** Prints some groups, in this order. */
  emitSlots(groups: Groups, slots: readonly number[], time: (slot: number) => number): void {
    const m = memory();
    const list = m.u32(Math.max(1, slots.length));
    list.view.set(slots);
    this.emit(groups, list, slots.length, time);
    m.free(list.at, list.view.byteLength);
  }

  private emit(groups: Groups, slots: { at: number; view: Uint32Array }, count: number, time: number | ((slot: number) => number)): void {
    for (let from = 0; from < count; ) {
      if (this.rows === MAX_ROWS) this.makeRoom();
      const n = Math.min(count - from, MAX_ROWS - this.rows);
      this.put(groups, slots.view.subarray(from, from + n), slots.at + from * 4, time);
      this.rows += n;
      from += n;
    }
  }

  /** Fills rows from this.rows on. */
  private put(groups: Groups, slots: Uint32Array, at: number, time: number | ((slot: number) => number)): void {
    const m = memory();
    const n = slots.length;
    const top = this.top();
    m.needScratch(top, m.kernels.keyTextBound(groups.table, at, n) + n * 64 * (1 + this.plan.outputs.length));
    m.kernels.scratchSet(m.kernels.emitKeys(groups.table, at, n, this.keyColumns, this.plan.keys.length, this.rows, top));
    this.putBounds(n);
    for (let i = 0; i < n; i++) {
      const row = this.rows + i;
      this.batch.watermark[row] = this.watermark;
      this.batch.time[row] = typeof time === 'number' ? time : time(slots[i]!);
      this.batch.windowStart[row] = this.start.value;
      this.batch.windowEnd[row] = this.end.value;
      this.batch.sequence[row] = this.context.cause.sequence;
    }
    if (this.context.cause.isOrdered) this.putOrder(groups, slots, at);
    this.putOutputs(groups, slots, at);
    for (const register of this.plan.keys) if (register.isTime) this.readTimes(register, n);
  }

  /** Keys that are times of weir's own have been printed as texts. */
  private readTimes(register: Register, n: number): void {
    const { type } = this.batch.columns[register.index] as TokenColumn;
    for (let row = this.rows; row < this.rows + n; row++) if (type[row] === Type.string) type[row] = Type.time;
  }

  /** Rows that come out together are ordered by window, then key. */
  private putOrder({ table }: Groups, slots: Uint32Array, at: number): void {
    const m = memory();
    const prefix = this.context.cause.order + (this.plan.bounds ? orderText(this.end.value, this.start.value) : '');
    const top = this.top();
    m.needScratch(top, prefix.length * (slots.length + 1) + m.kernels.keyTextBound(table, at, slots.length));
    const to = m.put(prefix, top);
    const { orderStart, orderEnd } = this.batch.at;
    m.kernels.scratchSet(m.kernels.putOrders(table, at, slots.length, top, prefix.length, this.rows, orderStart, orderEnd, to));
    this.batch.isOrdered = true;
  }

  private putBounds(n: number): void {
    const { bounds, settings } = this.plan;
    if (!bounds) return;
    const type = settings.timestamps === 'ms' ? Type.number : Type.time;
    for (const [register, time] of [[bounds.start, this.start] as const, [bounds.end, this.end] as const]) {
      const { at } = this.batch.columns[register.index] as TokenColumn;
      this.sameToken(at, n, time, type);
    }
  }

  private sameToken(column: TokenColumn['at'], n: number, time: { value: number; at: number; end: number }, type: number): void {
    const m = memory();
    const words = new Uint32Array(m.buffer, this.sameColumn, 4);
    words.set([column.start, column.end, column.type, column.num]);
    m.kernels.emitSame(this.sameColumn, this.rows, n, time.at, time.end, type, time.value);
  }

  private readonly sameColumn = memory().alloc(COLUMN_BYTES);

  private putOutputs(groups: Groups, slots: Uint32Array, at: number): void {
    const { aggregates, outputs } = this.plan;
    const finished = this.usesKeys ? this.finish(groups, slots) : undefined;
    outputs.forEach((register, i) => {
      const column = this.batch.columns[register.index]!;
      const direct = aggregates.direct[i]!;
      if (column.kind === 'token') this.printers[direct]!.tokens(groups, slots, at, column, this.rows);
      else for (let k = 0; k < slots.length; k++) column.values[this.rows + k] = fieldValue(finished ? finished[k]![i] : this.printers[direct]!.value(groups, slots[k]!));
    });
  }

  /** The values of all outputs, by row. */
  private finish(groups: Groups, slots: Uint32Array): unknown[][] {
    const { aggregates, keys } = this.plan;
    return Array.from(slots, (slot, k) => {
      const results = aggregates.calls.map((_, i) => this.printers[i]!.value(groups, slot));
      const keyValues = keys.map((register) => keyValue(this.batch.columns[register.index] as TokenColumn, this.rows + k));
      return aggregates.finish(results, keyValues, this.start.value, this.end.value);
    });
  }

  /** Passes on what is there; the watermark behind it is `after`. */
  finishBatch(after: number): void {
    this.passOn(after);
    this.watermark = after;
  }

  private passOn(after: number): void {
    this.batch.begin(this.rows);
    this.markParsed();
    this.batch.after = after;
    this.rows = 0;
    this.context.out.push(this.batch);
    if (this.mark > 0) memory().kernels.scratchSet(this.mark);
    this.mark = 0;
  }

  /** Passes on a full batch while more rows of the same window follow. */
  private makeRoom(): void {
    this.passOn(this.watermark);
    if (this.plan.bounds) this.window(this.start.value, this.end.value);
  }

  /** Kernels have set the numbers of bounds and aggregates, not those of keys. */
  private markParsed(): void {
    const { bounds, outputs } = this.plan;
    for (const register of [...outputs, ...(bounds ? [bounds.start, bounds.end] : [])]) {
      const column = this.batch.columns[register.index]!;
      if (column.kind === 'token') column.parsed = true;
    }
  }
}
