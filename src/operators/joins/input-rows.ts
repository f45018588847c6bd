// in: batches of one input of a stage with two
// out: their rows, copied, in a queue

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext, Receiver, RecordWriterSpec, TextWriter } from '../../model/stage.ts';
import type { HeldState } from '../../model/state.ts';
import { heldList, sumHeld } from '../../state/held.ts';
import { memory } from '../../wasm/memory.ts';
import { type KeyPlan, Keys } from '../groups/keys.ts';
import { Row, type RowWindow } from './row.ts';

/** One input, as the plan knows it. */
export interface InputPlan {
  readonly isLeft: boolean;
  readonly writer: RecordWriterSpec;
  /** undefined: all rows have the same key */
  readonly keys: KeyPlan | undefined;
  /** null is a key like others; otherwise rows with a null in it have none */
  readonly takesNull?: boolean;
  /** rows that are not in the stream matter, too, since they move the watermark */
  readonly keepsGhosts: boolean;
  /** rows belong to windows */
  readonly isWindowed: boolean;
}

/** A row that has not been taken yet, as plain data. */
type Pending = readonly [text: string, key: string | null, time: number, watermark: number, start: number, end: number];

/** The rows of one input that have come and have not been taken, by column. */
export class InputRows implements Receiver {
  private texts: string[] = [];
  private keyTexts: (string | undefined)[] = [];
  private times: number[] = [];
  private watermarks: number[] = [];
  private windows: (RowWindow | undefined)[] = [];
  private head = 0;
  private readonly keys: Keys | undefined;
  private readonly writer: TextWriter;
  private readonly lines: string[] = new Array(MAX_ROWS);
  /** the watermark behind all that has come */
  after = Number.NEGATIVE_INFINITY;
  hasEnded = false;

  constructor(
    context: OperatorContext,
    private readonly plan: InputPlan,
  ) {
    this.writer = context.texts(plan.writer);
    this.keys = plan.keys && new Keys(plan.keys);
  }

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    if (batch.count > 0) {
      this.writer.locate(batch);
      this.writer.lines(batch, this.lines);
      this.keys?.encode(batch);
    }
    if (this.plan.keepsGhosts) this.copyAll(batch);
    else for (let k = 0; k < batch.count; k++) this.copy(batch, batch.sel[k]!);
    this.after = batch.after;
    kernels.scratchSet(mark);
  }

  private copyAll(batch: Batch): void {
    for (let row = 0, k = 0; row < batch.rows; row++) {
      if (k < batch.count && batch.sel[k] === row) {
        this.copy(batch, row);
        k++;
      } else this.add('', undefined, batch.time[row]!, batch.watermark[row]!, undefined);
    }
  }

  private copy(batch: Batch, row: number): void {
    const key = !this.keys ? '' : !this.plan.takesNull && this.keys.hasNull(row) ? undefined : this.keys.text(row);
    const window = this.plan.isWindowed ? { start: batch.windowStart[row]!, end: batch.windowEnd[row]! } : undefined;
    this.add(this.lines[row]!, key, batch.time[row]!, batch.watermark[row]!, window);
  }

  private add(text: string, key: string | undefined, time: number, watermark: number, window: RowWindow | undefined): void {
    this.texts.push(text);
    this.keyTexts.push(key);
    this.times.push(time);
    this.watermarks.push(watermark);
    if (this.plan.isWindowed) this.windows.push(window);
  }

  end(): void {
    this.hasEnded = true;
  }

  /** Nothing will come of it any more. */
  get hasGone(): boolean {
    return this.hasEnded && this.isEmpty;
  }

  get size(): number {
    return this.texts.length - this.head;
  }

  get isEmpty(): boolean {
    return this.head === this.texts.length;
  }

  /** Time of the next row; NaN of one that was dropped before it had a time. */
  get time(): number {
    return this.times[this.head]!;
  }

  /** The watermark before the next row; of an input that has ended, the one behind the last. */
  get watermark(): number {
    return this.isEmpty ? this.after : this.watermarks[this.head]!;
  }

  /** The watermark before the row behind the next one; undefined: none has come. */
  get secondWatermark(): number | undefined {
    return this.watermarks[this.head + 1];
  }

  /** The next row, of which there must be one; undefined: it is not in the stream, it only moves the watermark. */
  peek(): Row | undefined {
    const { head } = this;
    const text = this.texts[head]!;
    return text === '' ? undefined : new Row(this.plan.isLeft, this.keyTexts[head], text, this.times[head]!, this.windows[head]);
  }

  /** Takes the next row. */
  take(): Row | undefined {
    const row = this.peek();
    if (++this.head === this.texts.length) this.clear();
    return row;
  }

  /** Keys of the rows that come next, so many at most. */
  keysAhead(most: number): string[] {
    return this.keyTexts.slice(this.head, this.head + most).filter((key) => key !== undefined);
  }

  private clear(): void {
    this.head = 0;
    [this.texts, this.keyTexts, this.times, this.watermarks, this.windows] = [[], [], [], [], []];
  }

  held(): HeldState {
    const columns = [this.texts, this.keyTexts, this.times, this.watermarks];
    return sumHeld(columns.map((column) => heldList(column, column.length)));
  }

  save(): unknown {
    const { texts, keyTexts, times, watermarks, windows } = this;
    const rows: Pending[] = [];
    for (let i = this.head; i < texts.length; i++) {
      rows.push([texts[i]!, keyTexts[i] ?? null, times[i]!, watermarks[i]!, windows[i]?.start ?? Number.NaN, windows[i]?.end ?? Number.NaN]);
    }
    return { rows, after: this.after, hasEnded: this.hasEnded };
  }

  load(saved: unknown): void {
    const { rows, after, hasEnded } = saved as { rows: Pending[]; after: number; hasEnded: boolean };
    this.clear();
    for (const [text, key, time, watermark, start, end] of rows) this.add(text, key ?? undefined, time, watermark, { start, end });
    this.after = after;
    // An end that was one for that run only (--eof keep) has not moved the watermark.
    this.hasEnded = hasEnded && after === Number.POSITIVE_INFINITY;
  }
}
