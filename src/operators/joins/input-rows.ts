// in: batches of one input of a stage with two
// out: their rows, copied, in a queue

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext, Receiver, RecordWriterSpec, TextWriter } from '../../model/stage.ts';
import { memory } from '../../wasm/memory.ts';
import { type KeyPlan, Keys } from '../groups/keys.ts';
import { loadRow, Row, type SavedRow, saveRow } from './row.ts';

/** One input, as the plan knows it. */
export interface InputPlan {
  readonly isLeft: boolean;
  readonly writer: RecordWriterSpec;
  /** undefined: all rows have the same key */
  readonly keys: KeyPlan | undefined;
  /** rows that are not in the stream matter, too, since they move the watermark */
  readonly keepsGhosts: boolean;
}

/** The rows of one input that have come and have not been taken. */
export class InputRows implements Receiver {
  private rows: Row[] = [];
  private head = 0;
  private readonly keys: Keys | undefined;
  private readonly writer: TextWriter;
  private readonly texts: string[] = new Array(MAX_ROWS);
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
      this.writer.lines(batch, this.texts);
      this.keys?.encode(batch);
    }
    if (this.plan.keepsGhosts) this.copyAll(batch);
    else for (let k = 0; k < batch.count; k++) this.rows.push(this.copy(batch, batch.sel[k]!));
    this.after = batch.after;
    kernels.scratchSet(mark);
  }

  private copyAll(batch: Batch): void {
    for (let row = 0, k = 0; row < batch.rows; row++) {
      if (k < batch.count && batch.sel[k] === row) {
        this.rows.push(this.copy(batch, row));
        k++;
      } else this.rows.push(new Row(this.plan.isLeft, undefined, '', batch.time[row]!, batch.watermark[row]!, Number.NaN, Number.NaN));
    }
  }

  private copy(batch: Batch, row: number): Row {
    const key = !this.keys ? '' : this.keys.hasNull(row) ? undefined : this.keys.text(row);
    return new Row(this.plan.isLeft, key, this.texts[row]!, batch.time[row]!, batch.watermark[row]!, batch.windowStart[row]!, batch.windowEnd[row]!);
  }

  end(): void {
    this.hasEnded = true;
  }

  /** Nothing will come of it any more. */
  get hasGone(): boolean {
    return this.hasEnded && this.size === 0;
  }

  get size(): number {
    return this.rows.length - this.head;
  }

  /** The next row; undefined: none has come. */
  get next(): Row | undefined {
    return this.rows[this.head];
  }

  /** The row behind the next one. */
  get second(): Row | undefined {
    return this.rows[this.head + 1];
  }

  /** The watermark before the next row; of an input that has ended, the one behind the last. */
  get watermark(): number {
    return this.rows[this.head]?.watermark ?? this.after;
  }

  /** Takes the next row; there must be one. */
  take(): Row {
    const row = this.rows[this.head++]!;
    if (this.head === this.rows.length) {
      this.rows = [];
      this.head = 0;
    }
    return row;
  }

  save(): unknown {
    return { rows: this.rows.slice(this.head).map(saveRow), after: this.after, hasEnded: this.hasEnded };
  }

  load(saved: unknown): void {
    const { rows, after, hasEnded } = saved as { rows: SavedRow[]; after: number; hasEnded: boolean };
    this.rows = rows.map((row) => loadRow(row, this.plan.isLeft));
    // An end that was one for that run only (--eof keep) has not moved the watermark.
    Object.assign(this, { head: 0, after, hasEnded: hasEnded && after === Number.POSITIVE_INFINITY });
  }
}
