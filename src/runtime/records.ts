// in: records as JSON text
// out: batches of them, scanned for the fields that the stages behind ask for

import type { Batch } from '../model/batch.ts';
import { MAX_ROWS, type TokenColumn } from '../model/column.ts';
import { WeirError } from '../model/errors.ts';
import type { Cause, Receiver, RecordMaker } from '../model/stage.ts';
import { Type } from '../model/token.ts';
import type { LayoutSpec } from '../plan/layout.ts';
import { Scanner } from '../scan/scanner.ts';
import { memory, putOrders } from '../wasm/memory.ts';
import { makeBatch } from './frame.ts';

/** Bytes of text in a batch at most, but for a single record that is longer. */
const BATCH_BYTES = 1 << 20;

/** Puts texts behind one another as lines, and scans those. */
export class TextRecords implements RecordMaker {
  readonly batch: Batch;
  private readonly scanner: Scanner;
  private readonly times: TokenColumn[];
  private texts: string[] = [];
  /** by row, where they are asked for */
  private orders: string[] = [];
  private bytes = 0;

  constructor(
    layout: LayoutSpec,
    private readonly out: Receiver,
    private readonly cause: Cause,
  ) {
    this.batch = makeBatch(layout);
    this.batch.isOrdered = cause.isOrdered;
    const scanned = layout.registers.flatMap((r) => (r.source.from === 'scan' ? [{ name: r.source.name, column: this.batch.columns[r.index] as TokenColumn }] : []));
    this.scanner = new Scanner(memory(), scanned);
    this.times = scanned.filter((f) => layout.times.has(f.name)).map((f) => f.column);
  }

  add(text: string, time: number, watermark: number): number {
    if (this.texts.length === MAX_ROWS || this.bytes > BATCH_BYTES) this.flush(watermark);
    const row = this.texts.length;
    this.texts.push(text);
    this.bytes += text.length + 1;
    this.batch.sequence[row] = this.cause.sequence;
    if (this.cause.isOrdered) this.orders.push(this.cause.order);
    this.batch.time[row] = time;
    this.batch.watermark[row] = watermark;
    return row;
  }

  flush(after: number): void {
    const m = memory();
    const mark = m.kernels.scratchTop();
    this.batch.after = after;
    if (this.texts.length > 0) this.scan(mark);
    else this.batch.begin(0);
    this.texts = [];
    this.bytes = 0;
    this.out.push(this.batch);
    m.kernels.scratchSet(mark);
  }

  private scan(start: number): void {
    const m = memory();
    m.needScratch(start, this.bytes + 64);
    // One long text is written faster than many.
    const at = m.put(`${this.texts.join('\n')}\n`, start);
    m.kernels.scratchSet(at);
    if (this.cause.isOrdered) putOrders(this.batch, this.orders);
    this.orders = [];
    const { error } = this.scanner.lines(start, at, this.batch);
    if (error || this.batch.rows !== this.texts.length) throw new WeirError(`a record that weir made cannot be read back: ${error?.reason ?? 'rows are missing'}`);
    this.batch.begin(this.batch.rows);
    for (const column of this.times) this.readTimes(column);
  }

  /** Texts of window bounds become times again. */
  private readTimes(column: TokenColumn): void {
    for (let row = 0; row < this.batch.rows; row++) if (column.type[row] === Type.string) column.type[row] = Type.time;
  }
}
