// in: accumulators of one aggregate call
// out: its results: as tokens where a kernel has the numbers, otherwise as values

import { decodeToken } from '../../model/decode.ts';
import type { TokenColumn } from '../../model/column.ts';
import { JsonText, Type } from '../../model/token.ts';
import { MAX_ROWS } from '../../model/column.ts';
import { memory } from '../../wasm/memory.ts';
import { putValue } from '../../wasm/tokenize.ts';
import type { Call } from './calls.ts';
import type { Groups } from './group-table.ts';

const COLUMN_BYTES = 16;

/** A key's JavaScript value, from the token that it printed to. */
export function keyValue(column: TokenColumn, row: number): unknown {
  const m = memory();
  if (column.type[row] === Type.number) return new JsonText(m.memory.latin1Slice(column.start[row]!, column.end[row]!)).value;
  return decodeToken(m.memory, column, row);
}

function putToken(column: TokenColumn, row: number, value: unknown): void {
  const m = memory();
  m.kernels.scratchSet(putValue(m, column, row, value, m.kernels.scratchTop()));
}

/** Prints one call's results. */
export class CallPrinter {
  private readonly column = memory().alloc(COLUMN_BYTES);
  private readonly means = memory().f64(MAX_ROWS);
  private readonly number = memory().tokens();

  constructor(private readonly call: Call) {}

  /** Results of slots (their numbers also at the address `at`) as tokens of the rows from `row` on; text goes to the scratch stack, which has room. */
  tokens(groups: Groups, slots: Uint32Array, at: number, column: TokenColumn, row: number): void {
    if (this.call.kind === 'avg') this.averages(groups, slots, at, column, row);
    else if (this.call.kind === 'other') slots.forEach((slot, i) => putToken(column, row + i, this.value(groups, slot)));
    else this.numbers(groups, slots.length, at, column, row);
    this.putWide(groups, slots, column, row);
  }

  private numbers(groups: Groups, n: number, at: number, column: TokenColumn, row: number): void {
    const { kernels, buffer, memory: bytes } = memory();
    const { kind, offset } = this.call;
    new Uint32Array(buffer, this.column, 4).set([column.at.start, column.at.end, column.at.type, column.at.num]);
    const emit = kind === 'count' ? kernels.emitCount : kind === 'sum' ? kernels.emitSum : kernels.emitExtreme;
    kernels.scratchSet(emit(groups.table, at, n, this.column, row, offset, kernels.scratchTop()));
    for (let r = row; r < row + n; r++) {
      if (column.type[r] !== Type.missing) continue;
      column.type[r] = Type.number;
      column.num[r] = Number(bytes.latin1Slice(column.start[r]!, column.end[r]!));
    }
  }

  private averages(groups: Groups, slots: Uint32Array, at: number, column: TokenColumn, row: number): void {
    memory().kernels.averages(groups.table, at, slots.length, this.means.at, 0, this.call.offset);
    for (let i = 0; i < slots.length; i++) {
      const mean = this.means.view[i]!;
      putToken(column, row + i, Number.isNaN(mean) ? this.value(groups, slots[i]!) : mean === Number.POSITIVE_INFINITY ? null : mean);
    }
  }

  /** Results that did not fit into kernel memory take the place of what is there. */
  private putWide(groups: Groups, slots: Uint32Array, column: TokenColumn, row: number): void {
    const wide = groups.wide[this.call.index];
    if (!wide) return;
    slots.forEach((slot, i) => {
      if (wide.has(slot)) putToken(column, row + i, this.value(groups, slot));
    });
  }

  /** The result of one slot as a value. */
  value(groups: Groups, slot: number): unknown {
    const { kind, index, call } = this.call;
    const { accumulator } = call;
    if (kind === 'other') return accumulator.result(groups.states[index]![slot] ?? accumulator.create());
    if (kind === 'count') return this.kernelCount(groups, slot);
    const wide = groups.wide[index]?.get(slot);
    if (kind === 'sum' || kind === 'avg') {
      const sum = this.call.sumState(groups, slot);
      return accumulator.result(wide === undefined ? sum : accumulator.merge(sum, accumulator.load(accumulator.save(wide))));
    }
    const extreme = this.kernelExtreme(groups, slot);
    if (wide === undefined) return extreme instanceof JsonText ? accumulator.result(accumulator.add(accumulator.create(), extreme, undefined)) : null;
    const state = accumulator.load(accumulator.save(wide));
    return accumulator.result(extreme === undefined ? state : accumulator.add(state, extreme, undefined));
  }

  private kernelCount(groups: Groups, slot: number): number {
    const m = memory();
    return Number(m.dataView.getBigUint64(m.kernels.accumulatorOf(groups.table, slot, this.call.offset), true));
  }

  /** The least or greatest of the numbers in kernel memory, as text. */
  private kernelExtreme(groups: Groups, slot: number): JsonText | undefined {
    const m = memory();
    const { kernels } = m;
    const at = m.kernels.accumulatorOf(groups.table, slot, this.call.offset);
    if (m.dataView.getUint32(at + 12, true) === 0) return undefined;
    const end = kernels.printDecimal(m.dataView.getBigInt64(at, true), m.dataView.getUint32(at + 8, true), this.number.at.num);
    return new JsonText(m.memory.latin1Slice(this.number.at.num, end));
  }
}
