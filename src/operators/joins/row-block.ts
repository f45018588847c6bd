// in: batches of one input of a stage with two
// out: their rows as bytes in kernel memory, with what is known of each in columns

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { TextWriter } from '../../model/stage.ts';
import { Area } from '../../wasm/area.ts';
import { memory } from '../../wasm/memory.ts';
import type { Keys } from '../groups/keys.ts';
import type { KeySlots } from './key-slots.ts';

const FIRST_BYTES = 1 << 16;
/** Bytes behind which no more rows are added. */
const FULL = 1 << 22;
/** Bytes of a row in the columns. */
export const COLUMN_BYTES = 56;
/** Columns that the kernels read: places of keys, their lengths, hashes and slots. */
const KEY_COLUMNS = 4;
/** Length of the key of a row that has none. */
export const NO_KEY = -1;

/** A row that has not been taken yet, as plain data. An empty text: it only moves the watermark; a key of null: it has none. */
export type Pending = readonly [text: string, key: string | null, time: number, watermark: number, start: number, end: number];

/** Some rows, which are taken one after another. Places of bytes are offsets in `bytes`, which moves when it grows. */
export class RowBlock {
  rows = 0;
  /** the next row to be taken */
  head = 0;
  readonly bytes = new Area(FIRST_BYTES);
  readonly times = new Float64Array(MAX_ROWS);
  readonly watermarks = new Float64Array(MAX_ROWS);
  /** places of a row's line; behind it stands a newline. An end of 0: the row only moves the watermark. */
  readonly starts = new Uint32Array(MAX_ROWS);
  readonly ends = new Uint32Array(MAX_ROWS);
  private readonly keyColumns = memory().u32(MAX_ROWS * KEY_COLUMNS);
  readonly keyStarts = this.keyColumn(0);
  readonly keyLengths = new Int32Array(this.keyColumn(1).buffer, this.keyColumn(1).byteOffset, MAX_ROWS);
  readonly hashes = this.keyColumn(2);
  /** the slots of rows up to `slotted`, -1 of those that have no key */
  readonly slots = new Int32Array(this.keyColumn(3).buffer, this.keyColumn(3).byteOffset, MAX_ROWS);
  slotted = 0;
  readonly windowStarts = new Float64Array(MAX_ROWS);
  readonly windowEnds = new Float64Array(MAX_ROWS);

  private keyColumn(i: number): Uint32Array {
    return this.keyColumns.view.subarray(i * MAX_ROWS, (i + 1) * MAX_ROWS);
  }

  /** Gives the next rows, so many at most, the slots of their keys. */
  findSlots(keys: KeySlots, most: number): void {
    const to = Math.min(this.rows, this.head + most);
    keys.makeAll(this.bytes.at, this.head, to, this.keyStarts.byteOffset, this.keyLengths.byteOffset, this.hashes.byteOffset, this.slots.byteOffset);
    this.slotted = to;
  }

  /** Gives back its memory. */
  free(): void {
    this.bytes.free();
    memory().free(this.keyColumns.at, this.keyColumns.view.byteLength);
  }

  hasRoom(rows: number): boolean {
    return this.rows + rows <= MAX_ROWS && this.bytes.used < FULL;
  }

  /** Forgets all rows. */
  clear(): void {
    this.rows = this.head = this.slotted = 0;
    this.bytes.used = 0;
  }

  /**
   * Copies the selected rows of a batch, or all of its rows, of which the others only move the watermark.
   * @param keys undefined: all have the same
   * @param ends room for the places of lines
   */
  append(batch: Batch, all: boolean, writer: TextWriter, keys: Keys | undefined, takesNull: boolean, ends: { at: number; view: Uint32Array }): void {
    const first = this.rows;
    if (all) this.addGhosts(batch);
    else this.rows += batch.count;
    if (batch.count === 0) return;
    let start = this.bytes.used;
    writer.append(batch, this.bytes);
    memory().kernels.lineEnds(this.bytes.at + start, batch.count, this.bytes.at, ends.at);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const to = first + (all ? row : k);
      this.starts[to] = start;
      this.ends[to] = ends.view[k]! - 1;
      start = ends.view[k]!;
      this.times[to] = batch.time[row]!;
      this.watermarks[to] = batch.watermark[row]!;
      this.windowStarts[to] = batch.windowStart[row]!;
      this.windowEnds[to] = batch.windowEnd[row]!;
    }
    if (keys) this.addKeys(batch, first, all, keys, takesNull);
    else this.addSameKey(first);
  }

  private addGhosts(batch: Batch): void {
    const { rows } = this;
    this.times.set(batch.time.subarray(0, batch.rows), rows);
    this.watermarks.set(batch.watermark.subarray(0, batch.rows), rows);
    this.ends.fill(0, rows, rows + batch.rows);
    this.keyLengths.fill(NO_KEY, rows, rows + batch.rows);
    this.rows += batch.rows;
  }

  /** The rows' keys have been encoded, one behind another. */
  private addKeys(batch: Batch, first: number, all: boolean, keys: Keys, takesNull: boolean): void {
    const { start, length, hash } = keys;
    const from = start.view[batch.sel[0]!]!;
    const last = batch.sel[batch.count - 1]!;
    const origin = this.bytes.used - from;
    this.bytes.copy(from, start.view[last]! + length.view[last]! - from);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const to = first + (all ? row : k);
      this.keyStarts[to] = origin + start.view[row]!;
      this.keyLengths[to] = !takesNull && keys.hasNull(row) ? NO_KEY : length.view[row]!;
      this.hashes[to] = hash.view[row]!;
    }
  }

  private addSameKey(first: number): void {
    this.keyStarts.fill(0, first, this.rows);
    this.keyLengths.fill(0, first, this.rows);
    this.hashes.fill(memory().kernels.hashKey(this.bytes.at, 0), first, this.rows);
  }

  add([text, key, time, watermark, start, end]: Pending): void {
    const m = memory();
    const row = this.rows++;
    const length = key?.length ?? 0;
    this.bytes.need(text.length + length + 64);
    this.starts[row] = this.bytes.used;
    this.ends[row] = text === '' ? 0 : m.put(text, this.bytes.next) - this.bytes.at;
    m.memory[this.bytes.next + text.length] = 10;
    this.bytes.used += text.length + 1;
    this.keyStarts[row] = this.bytes.used;
    this.keyLengths[row] = key === null ? NO_KEY : length;
    this.bytes.used = m.put(key ?? '', this.bytes.next) - this.bytes.at;
    this.hashes[row] = m.kernels.hashKey(this.bytes.at + this.keyStarts[row]!, length);
    [this.times[row], this.watermarks[row], this.windowStarts[row], this.windowEnds[row]] = [time, watermark, start, end];
  }

  pending(row: number, isWindowed: boolean): Pending {
    const [start, end] = isWindowed ? [this.windowStarts[row]!, this.windowEnds[row]!] : [Number.NaN, Number.NaN];
    return [this.ends[row] === 0 ? '' : this.textOf(row), this.keyOf(row) ?? null, this.times[row]!, this.watermarks[row]!, start, end];
  }

  textOf(row: number): string {
    const { at } = this.bytes;
    return memory().memory.latin1Slice(at + this.starts[row]!, at + this.ends[row]!);
  }

  /** Undefined: it has none. */
  keyOf(row: number): string | undefined {
    const start = this.bytes.at + this.keyStarts[row]!;
    const length = this.keyLengths[row]!;
    return length === NO_KEY ? undefined : memory().memory.latin1Slice(start, start + length);
  }
}
