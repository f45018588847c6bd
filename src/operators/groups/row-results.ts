// in: results of one group at a time
// out: batches of result rows

import type { AggregatePlan } from '../../expr/aggregates/plan.ts';
import type { GroupKeys } from '../../expr/aggregates/results.ts';
import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS, type Register, type TokenColumn } from '../../model/column.ts';
import type { JobSettings, Layout, OperatorContext, Point } from '../../model/stage.ts';
import { fieldValue, JsonText, Type } from '../../model/token.ts';
import { memory, putOrders } from '../../wasm/memory.ts';

/** The components of a key as they are printed. */
export type KeyTexts = readonly JsonText[];

/** Key bytes (one char a byte) as the JSON of their components. */
export function keyTexts(key: string): KeyTexts {
  const m = memory();
  const { kernels } = m;
  const at = kernels.scratchTop();
  m.needScratch(at, key.length * 8 + 256);
  const end = m.put(key, at);
  // A text ends at 00, unless ff stands behind that.
  m.memory[end] = 0;
  const texts: JsonText[] = [];
  for (let p = at; p < end; p = kernels.componentBehind()) {
    const behind = kernels.printComponent(p, end + 64);
    texts.push(new JsonText(m.memory.latin1Slice(end + 64, behind)));
  }
  return texts;
}

/** Where the parts of a result row go. */
export interface RowResultPlan {
  readonly layout: Layout;
  readonly bounds: readonly [Register, Register] | undefined;
  readonly keys: readonly Register[];
  readonly outputs: readonly Register[];
  readonly settings: JobSettings;
}

/** From here on records are result rows. */
export function planRowResults(point: Point, windowed: boolean, keys: GroupKeys, aggregates: AggregatePlan): RowResultPlan {
  const layout = point.renew(false);
  const bounds = windowed ? ([point.assign('window_start', 'token', true), point.assign('window_end', 'token', true)] as const) : undefined;
  const values = ({ names, times }: GroupKeys) => names.map((name) => point.assign(name, 'value', times.includes(name)));
  const plan = { layout, bounds, keys: values(keys), outputs: values(aggregates), settings: point.settings };
  point.windowed = windowed;
  point.keyBy = undefined;
  return plan;
}

/** Writes times of weir's own as tokens; their text goes to the top of the scratch stack. */
export function putTime(column: TokenColumn, row: number, time: number, settings: JobSettings): void {
  const m = memory();
  const at = m.kernels.scratchTop();
  m.needScratch(at, TIME_BYTES);
  m.kernels.scratchSet(putTimeAt(at, column, row, time, settings));
}

/** Bytes of a time's text at most. */
export const TIME_BYTES = 64;

/** The same with the text at `at`; the address behind it is returned. */
export function putTimeAt(at: number, column: TokenColumn, row: number, time: number, settings: JobSettings): number {
  const m = memory();
  const isNumber = settings.timestamps === 'ms';
  const end = isNumber ? m.put(String(time), at) : m.kernels.formatTime(time, at);
  column.start[row] = at;
  column.end[row] = end;
  column.type[row] = isNumber ? Type.number : Type.time;
  column.num[row] = time;
  return end;
}

/** Gathers result rows in a batch. */
export class RowResults {
  watermark = Number.NEGATIVE_INFINITY;
  private readonly batch: Batch;
  private rows = 0;
  /** by row, where they are asked for */
  private orders: string[] = [];
  private mark = 0;

  constructor(
    private readonly context: OperatorContext,
    private readonly plan: RowResultPlan,
  ) {
    this.batch = context.batch(plan.layout);
  }

  /** Adds a row. `finish` gives the outputs from the keys' values. */
  add(keys: KeyTexts, finish: (keys: readonly unknown[]) => readonly unknown[], time: number, start = Number.NaN, end = Number.NaN): void {
    if (this.rows === MAX_ROWS) this.passOn(this.watermark);
    const { columns } = this.batch;
    const row = this.rows;
    if (row === 0) this.mark = memory().kernels.scratchTop();
    const set = (register: Register, value: unknown) => {
      (columns[register.index] as { values: unknown[] }).values[row] = value;
    };
    this.plan.keys.forEach((register, i) => set(register, keys[i]));
    const outputs = finish(keys.map((text) => text.value));
    this.plan.outputs.forEach((register, i) => set(register, fieldValue(outputs[i])));
    this.plan.bounds?.forEach((register, i) => putTime(columns[register.index] as TokenColumn, row, i === 0 ? start : end, this.plan.settings));
    this.batch.time[row] = time;
    this.batch.watermark[row] = this.watermark;
    this.batch.windowStart[row] = start;
    this.batch.windowEnd[row] = end;
    this.batch.sequence[row] = this.context.cause.sequence;
    if (this.context.cause.isOrdered) this.orders.push(this.context.cause.order);
    this.rows++;
  }

  flush(after: number): void {
    this.passOn(after);
    this.watermark = after;
  }

  private passOn(after: number): void {
    const hasRows = this.rows > 0;
    if (this.context.cause.isOrdered) putOrders(this.batch, this.orders);
    this.orders = [];
    this.batch.begin(this.rows);
    this.plan.bounds?.forEach((register) => {
      (this.batch.columns[register.index] as TokenColumn).parsed = true;
    });
    this.batch.after = after;
    this.rows = 0;
    this.context.out.push(this.batch);
    if (hasRows) memory().kernels.scratchSet(this.mark);
  }
}
