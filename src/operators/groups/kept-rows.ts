// in: rows of batches that a stage wants to keep
// out: their text, written only for those that are still wanted when the batch ends

import { type Batch, SEQUENCE_STEP } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { StateReader, StateValue, StateWriter } from '../../model/state.ts';
import type { Kept } from '../../state/keyed-state.ts';
import type { OperatorContext, RecordWriterSpec, TextWriter } from '../../model/stage.ts';

/** A record that outlives its batch. */
export interface KeptRow extends Kept {
  /** its JSON, one char a byte; set at the latest when its batch ends */
  text: string;
  /** row in the batch at hand, or -1 */
  row: number;
  readonly time: number;
  readonly windowStart: number;
  readonly windowEnd: number;
  /** its place in the input, higher than that of all rows that came before it */
  readonly arrival: number;
}

/** Keeps rows; `settle` must be called before the batch is given back. */
export class RowKeeper {
  private readonly writer: TextWriter;
  private readonly lines: string[] = new Array(MAX_ROWS);
  private pending: KeptRow[] = [];
  /** arrival of the row that was kept last */
  private last = -1;

  constructor(context: OperatorContext, writer: RecordWriterSpec) {
    this.writer = context.texts(writer);
  }

  /** A new batch is at hand, with all its rows selected that may be kept. */
  begin(batch: Batch): void {
    if (batch.count > 0) this.writer.locate(batch);
  }

  keep(batch: Batch, row: number): KeptRow {
    this.last = Math.max(batch.sequence[row]!, this.last + SEQUENCE_STEP);
    const kept = { version: 0, text: '', row, time: batch.time[row]!, windowStart: batch.windowStart[row]!, windowEnd: batch.windowEnd[row]!, arrival: this.last };
    this.pending.push(kept);
    return kept;
  }

  /** The row is no longer wanted. */
  drop(kept: KeptRow): void {
    kept.row = -1;
  }

  /** A kept row of an earlier batch as plain data. */
  save({ text, time, windowStart, windowEnd, arrival }: KeptRow): StateValue {
    return { text, time, windowStart, windowEnd, arrival };
  }

  /** The row that `save` was given. Rows that come from here on are younger. */
  load(saved: StateValue): KeptRow {
    const kept = { ...(saved as Omit<KeptRow, 'version'>), version: 0, row: -1 };
    this.last = Math.max(this.last, kept.arrival);
    return kept;
  }

  /** Where rows are on disk, none of them may be loaded. */
  saveLast(to: StateWriter): void {
    to.whole('arrival', this.last);
  }

  loadLast(from: StateReader): void {
    this.last = Math.max(this.last, (from.whole('arrival') as number | undefined) ?? -1);
  }

  /** Writes the texts of this batch's rows that are still wanted. */
  settle(batch: Batch): void {
    const wanted = this.pending.filter((kept) => kept.row >= 0);
    this.pending = [];
    if (wanted.length === 0) return;
    wanted.forEach((kept, k) => {
      batch.sel[k] = kept.row;
    });
    batch.count = wanted.length;
    this.writer.lines(batch, this.lines);
    for (const kept of wanted) {
      kept.text = this.lines[kept.row]!;
      kept.row = -1;
    }
  }
}
