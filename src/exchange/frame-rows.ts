// in: rows of a batch, one after the other
// out: which of them go into a frame, and what of them does

import { MAX_ROWS } from '../model/column.ts';
import { memory } from '../wasm/memory.ts';

/** What of a batch travels. The batches at both ends have the same registers. */
export interface FrameSpec {
  readonly tokens: readonly number[];
  readonly values: readonly number[];
  /** the bytes of the records themselves */
  readonly records: boolean;
  /** the bounds of the window that a row belongs to */
  readonly windows: boolean;
  /** the numbers of the lines that records stand on, counted within their block */
  readonly lines: boolean;
  /** the times of rows that are not in the stream */
  readonly dropped: boolean;
}

/** Rows of a batch that go into one frame, in order: those in the stream, and others at which the watermark steps. */
export class FrameRows {
  /** rows of the batch */
  readonly all = memory().u32(MAX_ROWS);
  n = 0;
  /** those of them that are in the stream */
  readonly own = memory().u32(MAX_ROWS);
  /** their positions among all */
  readonly positions = new Uint32Array(MAX_ROWS);
  count = 0;

  clear(): void {
    this.n = 0;
    this.count = 0;
  }

  /** A row at which the watermark steps. Rows come in order; one that is there already is not added again. */
  addStep(row: number): void {
    if (this.n === 0 || this.all.view[this.n - 1] !== row) this.all.view[this.n++] = row;
  }

  /** A row of the stream. */
  addOwn(row: number): void {
    this.addStep(row);
    this.own.view[this.count] = row;
    this.positions[this.count++] = this.n - 1;
  }
}
