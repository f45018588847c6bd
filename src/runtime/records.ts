// in: records as JSON text, or as bytes of kernel memory
// out: batches of them, scanned for the fields that the stages behind ask for

import type { Batch } from '../model/batch.ts';
import { MAX_ROWS, type TokenColumn } from '../model/column.ts';
import { WeirError } from '../model/errors.ts';
import type { Cause, Receiver, RecordMaker } from '../model/stage.ts';
import { Type } from '../model/token.ts';
import type { LayoutSpec } from '../plan/layout.ts';
import { Scanner } from '../scan/scanner.ts';
import { Area } from '../wasm/area.ts';
import { memory, putOrders } from '../wasm/memory.ts';
import { makeBatch } from './frame.ts';

/** Bytes of text in a batch at most, but for a single record that is longer. */
const BATCH_BYTES = 1 << 20;
const FIRST_BYTES = 1 << 16;
const NEWLINE = 10;

/** Puts texts behind one another as lines, and scans those where fields are asked for. */
export class TextRecords implements RecordMaker {
  readonly batch: Batch;
  private readonly scanner: Scanner | undefined;
  private readonly times: TokenColumn[];
  private area = new Area(FIRST_BYTES);
  private rows = 0;
  /** by row: bytes up to behind its newline */
  private readonly ends = new Uint32Array(MAX_ROWS);
  /** by row, where they are asked for */
  private orders: string[] = [];

  constructor(
    layout: LayoutSpec,
    private readonly out: Receiver,
    private readonly cause: Cause,
  ) {
    this.batch = makeBatch(layout);
    this.batch.isOrdered = cause.isOrdered;
    const scanned = layout.registers.flatMap((r) => (r.source.from === 'scan' ? [{ name: r.source.name, column: this.batch.columns[r.index] as TokenColumn }] : []));
    this.scanner = scanned.length > 0 ? new Scanner(memory(), scanned) : undefined;
    this.times = scanned.filter((f) => layout.times.has(f.name)).map((f) => f.column);
  }

  add(text: string, time: number, watermark: number): number {
    return this.added(memory().put(text, this.room(text.length, watermark)), time, watermark);
  }

  room(bytes: number, watermark: number): number {
    if (this.rows === MAX_ROWS || this.area.used > BATCH_BYTES) this.flush(watermark);
    // What copies and scans a line may touch what is behind it.
    this.area.need(bytes + 64);
    return this.area.next;
  }

  added(end: number, time: number, watermark: number): number {
    const row = this.rows++;
    memory().memory[end] = NEWLINE;
    this.ends[row] = this.area.used = end + 1 - this.area.at;
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
    if (this.rows > 0) this.fill();
    else this.batch.begin(0);
    this.rows = 0;
    this.out.push(this.batch);
    this.clear();
    m.kernels.scratchSet(mark);
  }

  /** A long record's memory is given back. */
  private clear(): void {
    this.area.used = 0;
    if (this.area.limit - this.area.at <= 4 * BATCH_BYTES) return;
    this.area.free();
    this.area = new Area(FIRST_BYTES);
  }

  private fill(): void {
    if (this.cause.isOrdered) putOrders(this.batch, this.orders);
    this.orders = [];
    if (this.scanner) this.scan(this.scanner);
    else this.findLines();
    this.batch.begin(this.rows);
    for (const column of this.times) this.readTimes(column);
  }

  private scan(scanner: Scanner): void {
    const { error } = scanner.lines(this.area.at, this.area.next, this.batch);
    if (error || this.batch.rows !== this.rows) throw new WeirError(`a record that weir made cannot be read back: ${error?.reason ?? 'rows are missing'}`);
  }

  private findLines(): void {
    const { recordStart, recordEnd } = this.batch;
    let { at } = this.area;
    for (let row = 0; row < this.rows; row++) {
      recordStart[row] = at;
      at = this.area.at + this.ends[row]!;
      recordEnd[row] = at - 1;
    }
  }

  /** Texts of window bounds become times again. */
  private readTimes(column: TokenColumn): void {
    for (let row = 0; row < this.batch.rows; row++) if (column.type[row] === Type.string) column.type[row] = Type.time;
  }
}
