// in: columns of some rows of a batch
// out: their content as bytes, appended to an area, and the way back

import type { Batch } from '../model/batch.ts';
import type { TokenColumn, ValueColumn } from '../model/column.ts';
import { memory } from '../wasm/memory.ts';
import type { Area } from '../wasm/area.ts';
import type { FrameRows, FrameSpec } from './frame-rows.ts';
import { decodeValues, encodeValues } from './values.ts';

/** Of a column of values: length u32, whether they are doubles u32. */
const VALUES_HEAD = 8;

/** Appends what these rows hold in the registers that travel, and their records, if they do. */
export function packColumns(to: Area, batch: Batch, { own, count }: FrameRows, spec: FrameSpec): void {
  const { kernels } = memory();
  let at = to.next;
  const { recordStart, recordEnd } = batch.at;
  if (spec.records) at = kernels.packSpans(own.at, count, recordStart, recordEnd, at);
  for (const index of spec.tokens) {
    const column = (batch.columns[index] as TokenColumn).at;
    at = kernels.packTypes(own.at, count, column.type, at);
    // A field that stands in its record's bytes must do so at the other end, too: it may be written over in its place.
    if (spec.records) at = kernels.packInside(own.at, count, column.start, column.end, recordStart, recordEnd, at);
    else at = kernels.packSpans(own.at, count, column.start, column.end, at);
  }
  to.used = at - to.at;
  for (const index of spec.values) packValues(to, (batch.columns[index] as ValueColumn).values, own.view.subarray(0, count));
}

function packValues(to: Area, values: readonly unknown[], rows: Uint32Array): void {
  to.align();
  const picked = Array.from(rows, (row) => values[row]);
  const areNumbers = picked.every((value) => typeof value === 'number');
  const bytes = areNumbers ? Buffer.from(Float64Array.from(picked as number[]).buffer) : encodeValues(picked);
  to.need(VALUES_HEAD + bytes.length + 16);
  new Uint32Array(memory().buffer, to.next, 2).set([bytes.length, areNumbers ? 1 : 0]);
  bytes.copy(memory().memory, to.next + VALUES_HEAD);
  to.used += VALUES_HEAD + bytes.length;
}

/** The values of a packed column that begins at the first multiple of 8 from `at` on, and the address behind it. */
function unpackValues(at: number): { values: ArrayLike<unknown>; behind: number } {
  const { buffer, memory: bytes } = memory();
  const from = ((at + 7) & ~7) + VALUES_HEAD;
  const [length, areNumbers] = new Uint32Array(buffer, from - VALUES_HEAD, 2) as unknown as [number, number];
  const values = areNumbers === 1 ? new Float64Array(buffer, from, length / 8) : decodeValues(bytes.subarray(from, from + length));
  return { values, behind: from + length };
}

/** Puts packed columns, which begin at `from`, into these rows of a batch; its tokens point to where they are. */
export function unpackColumns(from: number, batch: Batch, sel: { readonly at: number; readonly view: Uint32Array }, count: number, spec: FrameSpec): void {
  const { kernels } = memory();
  let at = from;
  const { recordStart, recordEnd } = batch.at;
  if (spec.records) at = kernels.unpackSpans(at, sel.at, count, recordStart, recordEnd);
  for (const index of spec.tokens) {
    const column = batch.columns[index] as TokenColumn;
    at = kernels.unpackTypes(at, sel.at, count, column.at.type);
    if (spec.records) at = kernels.unpackInside(at, sel.at, count, column.at.start, column.at.end, recordStart);
    else at = kernels.unpackSpans(at, sel.at, count, column.at.start, column.at.end);
  }
  for (const index of spec.values) {
    const { values, behind } = unpackValues(at);
    const column = batch.columns[index] as ValueColumn;
    for (let i = 0; i < count; i++) column.values[sel.view[i]!] = values[i];
    at = behind;
  }
}
