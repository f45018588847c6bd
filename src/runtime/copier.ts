// in: rows of one batch
// out: the same rows in a batch of another layout, where one may stand several times

import { type Batch, SEQUENCE_STEP } from '../model/batch.ts';
import { MAX_ROWS, type TokenColumn, type ValueColumn } from '../model/column.ts';
import type { Receiver, RowCopier } from '../model/stage.ts';
import type { LayoutSpec } from '../plan/layout.ts';
import { makeBatch } from './frame.ts';

/** Copies the registers that a derived layout takes over from the one before. */
export class Copier implements RowCopier {
  readonly batch: Batch;
  private readonly tokens: { from: number; to: TokenColumn }[] = [];
  private readonly values: { from: number; to: ValueColumn }[] = [];
  private readonly registers: number[] = [];
  private source: Batch | undefined;
  private rows = 0;
  /** by row: the row that it is a copy of */
  private readonly rowsOf = new Uint32Array(MAX_ROWS);
  /** sequence number of the row that was copied last */
  private last = -1;

  constructor(
    layout: LayoutSpec,
    private readonly out: Receiver,
  ) {
    this.batch = makeBatch(layout);
    for (const { index, source } of layout.registers) {
      if (source.from !== 'copy') continue;
      const to = this.batch.columns[index]!;
      this.registers.push(source.of.index);
      if (to.kind === 'token') this.tokens.push({ from: source.of.index, to });
      else this.values.push({ from: source.of.index, to });
    }
  }

  get isFull(): boolean {
    return this.rows === MAX_ROWS;
  }

  copy(from: Batch, row: number): number {
    if (this.source !== from) {
      from.prepare(this.registers);
      this.source = from;
      this.batch.origin = { source: from.origin.source, line: (at) => from.origin.line(this.rowsOf[at]!) };
    }
    const to = this.rows++;
    this.rowsOf[to] = row;
    const { batch } = this;
    batch.sequence[to] = from.isOrdered ? from.sequence[row]! : this.sequenceOf(from.sequence[row]!);
    batch.isOrdered = from.isOrdered;
    batch.orderStart[to] = from.orderStart[row]!;
    batch.orderEnd[to] = from.orderEnd[row]!;
    batch.time[to] = from.time[row]!;
    batch.watermark[to] = from.watermark[row]!;
    batch.windowStart[to] = from.windowStart[row]!;
    batch.windowEnd[to] = from.windowEnd[row]!;
    batch.recordStart[to] = from.recordStart[row]!;
    batch.recordEnd[to] = from.recordEnd[row]!;
    for (const column of this.tokens) copyToken(from.columns[column.from] as TokenColumn, row, column.to, to);
    for (const column of this.values) column.to.values[to] = (from.columns[column.from] as ValueColumn).values[row];
    return to;
  }

  /** Copies of one row follow it one step apart. */
  private sequenceOf(sequence: number): number {
    this.last = sequence > 0 && sequence <= this.last ? this.last + SEQUENCE_STEP : sequence;
    return this.last;
  }

  flush(after: number): void {
    this.batch.begin(this.rows);
    for (const { to } of this.tokens) to.parsed = true;
    this.batch.after = after;
    this.rows = 0;
    this.source = undefined;
    this.out.push(this.batch);
  }
}

function copyToken(from: TokenColumn, row: number, to: TokenColumn, at: number): void {
  to.start[at] = from.start[row]!;
  to.end[at] = from.end[row]!;
  to.type[at] = from.type[row]!;
  to.num[at] = from.num[row]!;
}
