// in: rows of a batch
// out: a frame: the same rows as bytes in one piece, and from a frame a batch again

import type { Batch, Origin } from '../model/batch.ts';
import { MAX_ROWS, type TokenColumn } from '../model/column.ts';
import { memory } from '../wasm/memory.ts';
import type { Area } from '../wasm/area.ts';
import { packColumns, unpackColumns } from './columns.ts';
import type { FrameRows, FrameSpec } from './frame-rows.ts';

/** Where the records of a frame come from. */
export class FrameOrigin implements Origin {
  source = '';
  /** number of the block's first line, if it is known */
  firstLine = 1;
  readonly lines = new Uint32Array(MAX_ROWS);

  line(row: number): number {
    return this.lines[row]! + this.firstLine - 1;
  }
}

/** bytes: rows u32, count u32, length u32, kind u32, after f64, afterSequence f64 */
export const HEAD = 32;

/** What stands at an address where a frame may. */
export const Kind = { rows: 0, groups: 1 } as const;

export function kindAt(address: number): number {
  return memory().dataView.getUint32(address + 12, true);
}

/** Appends a frame of these rows, whose registers have been located. @param behind the watermark behind them, and where that is */
export function packFrame(to: Area, batch: Batch, rows: FrameRows, spec: FrameSpec, behind: Pick<Batch, 'after' | 'afterSequence'> = batch): void {
  const { n, count } = rows;
  to.align();
  const start = to.used;
  to.need(HEAD + n * 24 + count * 36 + spanBytes(batch, rows, spec) + 64);
  to.used += HEAD;
  putNumbers(to, batch.sequence, rows.all.view, n);
  putNumbers(to, batch.watermark, rows.all.view, n);
  if (spec.dropped) putNumbers(to, batch.time, rows.all.view, n);
  else putNumbers(to, batch.time, rows.own.view, count);
  if (spec.windows) putNumbers(to, batch.windowStart, rows.own.view, count);
  if (spec.windows) putNumbers(to, batch.windowEnd, rows.own.view, count);
  new Uint32Array(memory().buffer, to.next, count).set(rows.positions.subarray(0, count));
  to.used += count * 4;
  if (spec.lines) putLines(to, batch, rows);
  packColumns(to, batch, rows, spec);
  to.align();
  new Uint32Array(memory().buffer, to.at + start, 4).set([n, count, to.used - start, Kind.rows]);
  new Float64Array(memory().buffer, to.at + start + 16, 2).set([behind.after, behind.afterSequence]);
}

function spanBytes(batch: Batch, { own, count }: FrameRows, spec: FrameSpec): number {
  const { kernels } = memory();
  let bytes = 0;
  for (const index of spec.tokens) {
    const { at } = batch.columns[index] as TokenColumn;
    kernels.clearMissing(own.at, count, at.start, at.end, at.type);
    bytes += kernels.insideBytes(own.at, count, at.start, at.end) + count + 8;
  }
  return spec.records ? bytes + kernels.spanBytes(own.at, count, batch.at.recordStart, batch.at.recordEnd) : bytes;
}

function putNumbers(to: Area, from: Float64Array, rows: Uint32Array, n: number): void {
  const out = new Float64Array(memory().buffer, to.next, n);
  for (let i = 0; i < n; i++) out[i] = from[rows[i]!]!;
  to.used += n * 8;
}

function putLines(to: Area, { origin }: Batch, { own, count }: FrameRows): void {
  const lines = new Uint32Array(memory().buffer, to.next, count);
  for (let k = 0; k < count; k++) lines[k] = origin.line(own.view[k]!);
  to.used += count * 4;
}

const selected = (() => {
  let made: { at: number; view: Uint32Array } | undefined;
  return () => (made ??= memory().u32(MAX_ROWS));
})();

/**
 * Puts frames, of which the first is at `at` and the last ends at `end`, into a batch, as many as it has room for. Its tokens point into
 * them, its origin is a FrameOrigin. Between two frames there is a row that is not in the stream, at which the watermark steps as it did
 * behind the first. Groups end them. Returns the address behind the last frame that was taken.
 */
export function unpackFrames(at: number, end: number, batch: Batch, spec: FrameSpec): number {
  const { buffer } = memory();
  batch.begin(0);
  let next = at;
  do {
    const [n, count, length] = new Uint32Array(buffer, next, 3) as unknown as [number, number, number];
    if (next > at && batch.rows + 1 + n > MAX_ROWS) break;
    if (next > at) addSeam(batch);
    unpackFrame(next, n, count, batch, spec);
    next += length;
  } while (next < end && kindAt(next) === Kind.rows);
  return next;
}

function addSeam(batch: Batch): void {
  batch.time[batch.rows] = Number.NaN;
  batch.watermark[batch.rows] = batch.after;
  batch.sequence[batch.rows++] = batch.afterSequence;
}

function unpackFrame(at: number, n: number, count: number, batch: Batch, spec: FrameSpec): void {
  const { buffer } = memory();
  const first = batch.rows;
  [batch.after, batch.afterSequence] = new Float64Array(buffer, at + 16, 2) as unknown as [number, number];
  const reader = new NumberReader(at + HEAD);
  batch.sequence.set(reader.numbers(n), first);
  batch.watermark.set(reader.numbers(n), first);
  const times = reader.numbers(spec.dropped ? n : count);
  const windows = spec.windows ? [reader.numbers(count), reader.numbers(count)] : undefined;
  const rows = placeRows(new Uint32Array(buffer, reader.at, count), batch, n);
  if (spec.dropped) batch.time.set(times, first);
  else spread(times, batch.time, rows);
  if (windows) spread(windows[0]!, batch.windowStart, rows);
  if (windows) spread(windows[1]!, batch.windowEnd, rows);
  let next = reader.at + count * 4;
  if (spec.lines) {
    const { lines } = batch.origin as FrameOrigin;
    new Uint32Array(buffer, next, count).forEach((line, k) => (lines[rows[k]!] = line));
    next += count * 4;
  }
  unpackColumns(next, batch, selected(), count, spec);
}

/** Appends n rows, of which those at these positions are in the stream; returns which rows of the batch they are. */
function placeRows(positions: Uint32Array, batch: Batch, n: number): Uint32Array {
  const rows = selected().view.subarray(0, positions.length);
  const { sel, rows: first, count } = batch;
  for (let k = 0; k < positions.length; k++) sel[count + k] = rows[k] = first + positions[k]!;
  batch.rows += n;
  batch.count += positions.length;
  return rows;
}

class NumberReader {
  constructor(public at: number) {}

  numbers(n: number): Float64Array {
    const view = new Float64Array(memory().buffer, this.at, n);
    this.at += n * 8;
    return view;
  }
}

function spread(from: Float64Array, to: Float64Array, rows: Uint32Array): void {
  for (let i = 0; i < rows.length; i++) to[rows[i]!] = from[i]!;
}
