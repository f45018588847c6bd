// in: one aggregate call, and the rows of a batch with their groups
// out: the groups' accumulators brought up to date: in kernel memory where numbers fit there, otherwise in JavaScript

import type { AggregateCall } from '../../expr/aggregates/call.ts';
import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS, type TokenColumn } from '../../model/column.ts';
import { Type } from '../../model/token.ts';
import { type DecimalAddresses, doublesToDecimals, parseDecimals } from '../../scan/columns.ts';
import { memory } from '../../wasm/memory.ts';
import type { Groups } from './group-table.ts';

/** Rows whose groups are known. */
export interface GroupedRows {
  /** address of row numbers, and how many */
  readonly at: number;
  readonly view: Uint32Array;
  readonly count: number;
  /** addresses, by row, of table and slot */
  readonly tables: number;
  readonly slots: number;
  readonly slotOf: Uint32Array;
  readonly groupsOf: readonly Groups[];
}

/** How a call's groups are kept: counts, exact sums and extremes of numbers that fit have kernels; all others an accumulator of their own. */
export type CallKind = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'other';

const BYTES: Record<CallKind, number> = { count: 8, sum: 24, avg: 24, min: 16, max: 16, other: 0 };

function kindOf(call: AggregateCall): CallKind {
  if (call.fn === 'count' || call.fn === 'count_if') return 'count';
  return call.fn === 'sum' || call.fn === 'avg' || call.fn === 'min' || call.fn === 'max' ? call.fn : 'other';
}

/** One call of a stage's aggregates at work. */
export class Call {
  readonly kind: CallKind;
  /** bytes of an accumulator in kernel memory */
  readonly bytes: number;
  private readonly values: unknown[] = new Array(MAX_ROWS);
  private readonly by: unknown[] = new Array(MAX_ROWS);
  private readonly flags = memory().u8(MAX_ROWS);
  private readonly mask = memory().u8(MAX_ROWS);
  private readonly decimals: DecimalAddresses & { kinds: Uint8Array };
  private readonly numbers = memory().f64(MAX_ROWS);
  private readonly spill = memory().u32(MAX_ROWS);
  private hasValues = false;

  /** @param offset of its accumulator among those of a group */
  constructor(
    readonly call: AggregateCall,
    readonly index: number,
    readonly offset: number,
  ) {
    const m = memory();
    this.kind = kindOf(call);
    this.bytes = BYTES[this.kind];
    const kinds = m.u8(MAX_ROWS);
    this.decimals = { mantissa: m.alloc(MAX_ROWS * 8), scale: m.alloc(MAX_ROWS), kind: kinds.at, kinds: kinds.view };
  }

  /** Evaluates what the call reads, for the selected rows of a batch. */
  prepare(batch: Batch): void {
    this.hasValues = false;
    this.call.where?.evaluate(batch, this.flags.view);
    if (this.kind === 'count') this.prepareMask(batch);
    else if (this.kind === 'other') this.readValues(batch);
    else this.prepareDecimals(batch);
  }

  private readValues(batch: Batch): void {
    if (this.hasValues) return;
    this.call.args[0]?.values.evaluate(batch, this.values);
    this.call.args[1]?.values.evaluate(batch, this.by);
    this.hasValues = true;
  }

  private prepareMask(batch: Batch): void {
    const [arg] = this.call.args;
    const mask = this.mask.view;
    if (!arg && this.call.where) {
      mask.set(this.flags.view);
      return;
    }
    if (!arg) return;
    const column = this.tokenColumn(batch);
    if (!column) this.readValues(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const isThere = column ? column.type[row] !== Type.missing && column.type[row] !== Type.null : this.values[row] !== undefined && this.values[row] !== null;
      mask[row] = isThere && (!this.call.where || this.flags.view[row] === 1) ? 1 : 0;
    }
  }

  /** The argument's tokens, if it is a bare field that has them. */
  private tokenColumn(batch: Batch): TokenColumn | undefined {
    const field = this.call.args[0]?.field;
    if (field?.register.kind !== 'token' || field.rest.length > 0) return undefined;
    batch.locate([field.register.index]);
    return batch.columns[field.register.index] as TokenColumn;
  }

  /** The argument as doubles; NaN for what is none, and for literals that stages have set, which may be finer than a double tells. */
  private readNumbers(batch: Batch): void {
    const { field, numbers } = this.call.args[0]!;
    if (field === undefined) {
      numbers.evaluate(batch, this.numbers.view);
      return;
    }
    this.readValues(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const value = this.values[row];
      this.numbers.view[row] = typeof value === 'number' ? value : Number.NaN;
    }
  }

  private prepareDecimals(batch: Batch): void {
    const column = this.tokenColumn(batch);
    if (column) parseDecimals(batch, column, this.decimals);
    else {
      this.readNumbers(batch);
      doublesToDecimals(batch, this.numbers.at, this.decimals);
    }
    if (!this.call.where) return;
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      if (this.flags.view[row] === 0) this.decimals.kinds[row] = 0;
    }
  }

  /** Adds rows of the batch that was prepared, all of them selected in it still. */
  add(batch: Batch, rows: GroupedRows): void {
    const { kernels } = memory();
    const { at, count, tables, slots } = rows;
    const { mantissa, scale, kind } = this.decimals;
    if (this.kind === 'other') this.addValues(rows);
    else if (this.kind === 'count') {
      if (this.call.args.length === 0 && !this.call.where) kernels.addCount(at, count, tables, slots, this.offset);
      else kernels.addCountIf(at, count, tables, slots, this.offset, this.mask.at, 0);
    } else if (this.kind === 'sum' || this.kind === 'avg') {
      this.addSpilled(batch, rows, kernels.addSum(at, count, tables, slots, this.offset, mantissa, scale, kind, this.spill.at));
    } else {
      const greatest = this.kind === 'max';
      this.addSpilled(batch, rows, kernels.addExtreme(at, count, tables, slots, this.offset, mantissa, scale, kind, this.spill.at, greatest));
    }
  }

  private addValues({ view, count, slotOf, groupsOf }: GroupedRows): void {
    const { accumulator, where } = this.call;
    for (let k = 0; k < count; k++) {
      const row = view[k]!;
      if (where && this.flags.view[row] === 0) continue;
      const states = groupsOf[row]!.states[this.index]!;
      const slot = slotOf[row]!;
      states[slot] = accumulator.add(states[slot] ?? accumulator.create(), this.values[row], this.by[row]);
    }
  }

  /** Rows that the kernels left: numbers that do not fit, and what is none. */
  private addSpilled(batch: Batch, { slotOf, groupsOf }: GroupedRows, count: number): void {
    if (count === 0) return;
    this.readValues(batch);
    const { accumulator } = this.call;
    for (let i = 0; i < count; i++) {
      const row = this.spill.view[i]!;
      const wide = groupsOf[row]!.wideOf(this.index);
      const slot = slotOf[row]!;
      wide.set(slot, accumulator.add(wide.get(slot) ?? accumulator.create(), this.values[row], undefined));
    }
  }

  /** Takes the groups of `from` into those of `to`: group s into the one at map[s]. `from` stays as it is. */
  merge(to: Groups, from: Groups, map: { at: number; view: Uint32Array }): void {
    const { kernels } = memory();
    if (this.kind === 'count') kernels.mergeCount(to.table, from.table, map.at, this.offset);
    else if (this.kind === 'sum' || this.kind === 'avg') this.mergeSums(to, from, map);
    else if (this.kind !== 'other') kernels.mergeExtreme(to.table, from.table, map.at, this.offset, this.kind === 'max');
    for (const [slot, state] of from.wide[this.index] ?? []) this.mergeState(to.wideOf(this.index), map.view[slot]!, state);
    if (this.kind !== 'other') return;
    const into = to.states[this.index]!;
    from.states[this.index]!.forEach((state, slot) => {
      const copy = this.call.accumulator.load(this.call.accumulator.save(state));
      const at = map.view[slot]!;
      into[at] = into[at] === undefined ? copy : this.call.accumulator.merge(into[at], copy);
    });
  }

  private mergeSums(to: Groups, from: Groups, map: { at: number; view: Uint32Array }): void {
    const m = memory();
    const spill = m.u32(Math.max(1, from.size));
    const count = m.kernels.mergeSum(to.table, from.table, map.at, this.offset, spill.at);
    for (let i = 0; i < count; i++) {
      const slot = spill.view[i]!;
      this.mergeState(to.wideOf(this.index), map.view[slot]!, this.sumState(from, slot));
    }
    m.free(spill.at, spill.view.byteLength);
  }

  private mergeState(wide: Map<number, unknown>, slot: number, state: unknown): void {
    const { accumulator } = this.call;
    const copy = accumulator.load(accumulator.save(state));
    const have = wide.get(slot);
    wide.set(slot, have === undefined ? copy : accumulator.merge(have, copy));
  }

  /** A sum in kernel memory as its accumulator would keep it. */
  sumState(groups: Groups, slot: number): unknown {
    const view = memory().dataView;
    const at = memory().kernels.accumulatorOf(groups.table, slot, this.offset);
    return this.call.accumulator.load([Number(view.getBigUint64(at + 16, true)), String(view.getBigInt64(at, true)), view.getUint32(at + 8, true)]);
  }
}
