// in: token columns of a batch
// out: their values, for the selected rows: elements of arrays, numbers, times, decimals, equality with a constant

import type { Batch } from '../model/batch.ts';
import { MAX_ROWS, type TokenColumn } from '../model/column.ts';
import { memory } from '../wasm/memory.ts';

/** How parseTimes says what a token is as a time. */
export const TimeStatus = {
  ok: 0,
  /** a date, or a time without zone, given as if it were in UTC */
  local: 1,
  /** null, or no such field */
  nothing: 2,
  unusable: 3,
} as const;

/** How parseDecimals says what a token is as a decimal. */
export const DecimalKind = {
  /** null, or no such field */
  nothing: 0,
  /** |mantissa| < 10^18, scale from 0 to 18 */
  fits: 1,
  /** a number, but not one that fits */
  large: 2,
  noNumber: 3,
} as const;

/** Addresses of a column of decimals, by row: mantissa i64, scale u8, kind u8 (`DecimalKind`). A value is mantissa × 10^-scale. */
export interface DecimalAddresses {
  readonly mantissa: number;
  readonly scale: number;
  readonly kind: number;
}

const UNIT_EXPONENT = { s: 3, ms: 0, us: -3, ns: -6 } as const;

let rest: { view: Uint32Array; at: number } | undefined;

/** Fills `num` of the selected rows with what JSON.parse makes of number tokens, the ms of time tokens, and NaN for others; sets `parsed`. */
export function parseNumbers(batch: Batch, column: TokenColumn): void {
  const m = memory();
  rest ??= m.u32(MAX_ROWS);
  const { start, end, type, num } = column.at;
  const left = m.kernels.parseNumbers(batch.at.sel, batch.count, start, end, type, num, rest.at);
  for (let i = 0; i < left; i++) {
    const row = rest.view[i]!;
    column.num[row] = Number(m.memory.latin1Slice(column.start[row]!, column.end[row]!));
  }
  column.parsed = true;
}

let times: { values: Float64Array; status: Uint8Array; valuesAt: number; statusAt: number } | undefined;

function timeArrays(): NonNullable<typeof times> {
  const [values, status] = [memory().f64(MAX_ROWS), memory().u8(MAX_ROWS)];
  return { values: values.view, status: status.view, valuesAt: values.at, statusAt: status.at };
}

/**
 * The times that the selected rows' tokens stand for, by row: ms since the epoch (NaN where there is none), and a `TimeStatus`.
 * Numbers count `unit`s; what is finer than a ms is rounded down. The arrays hold until the next call.
 */
export function parseTimes(batch: Batch, column: TokenColumn, unit: 's' | 'ms' | 'us' | 'ns'): { values: Float64Array; status: Uint8Array } {
  times ??= timeArrays();
  const { start, end, type } = column.at;
  memory().kernels.parseTimes(batch.at.sel, batch.count, start, end, type, UNIT_EXPONENT[unit], times.valuesAt, times.statusAt);
  return times;
}

/** The selected rows' tokens as decimals. */
export function parseDecimals(batch: Batch, column: TokenColumn, out: DecimalAddresses): void {
  const { start, end, type } = column.at;
  memory().kernels.parseDecimals(batch.at.sel, batch.count, start, end, type, out.mantissa, out.scale, out.kind);
}

/** The selected rows' doubles (f64 at `num`) as decimals: integers below 2^53 fit, all others are `large`. */
export function doublesToDecimals(batch: Batch, num: number, out: DecimalAddresses): void {
  memory().kernels.doublesToDecimals(batch.at.sel, batch.count, num, out.mantissa, out.scale, out.kind);
}

/** The tokens of element `index` of the arrays in `parent`, for the selected rows; missing where there is none. */
export function elements(batch: Batch, parent: TokenColumn, index: number, out: TokenColumn): void {
  const { start, type } = parent.at;
  // What is no index (-1, 0.5) is the index of no element.
  const element = Number.isInteger(index) && index >= 0 && index < 0xffffffff ? index : 0xffffffff;
  memory().kernels.scanElements(batch.at.sel, batch.count, start, type, element, out.at.start, out.at.end, out.at.type);
  out.parsed = false;
}

/** mask[row] (u8 at `mask`) = 1 where the token is a string equal to the `length` UTF-8 bytes at `text`, else 0; for the selected rows. */
export function equalsConstant(batch: Batch, column: TokenColumn, text: number, length: number, mask: number): void {
  const { start, end, type } = column.at;
  memory().kernels.equalsConstant(batch.at.sel, batch.count, start, end, type, text, length, mask);
}
