// in: the columns that scans and operators fill
// out: a run of records as columns, each with its event time and the watermark before it

import { type Column, MAX_ROWS, type TokenColumn } from './column.ts';
import { decodeToken } from './decode.ts';

/** Where the records of a batch come from, for messages. */
export interface Origin {
  /** file name, or `stdin` */
  readonly source: string;
  /** number of the line that holds the record at this row, counted from 1 */
  line(row: number): number;
}

/** Fills columns on demand: members of nested records, numbers, whole records. The runtime gives one to each batch. */
export interface Loader {
  /** New rows are in the batch: whatever was filled in before is gone. */
  begin(batch: Batch): void;
  /** Sets start, end and type of a register's tokens. */
  locate(batch: Batch, register: number): void;
  /** The same, and the values of numbers. */
  load(batch: Batch, register: number): void;
}

/** Between the sequence numbers of rows that come of one record. */
export const SEQUENCE_STEP = 2 ** -10;

/** How far before a row's sequence number the steps of the watermark are that come before it. */
export const WATERMARK_STEP = SEQUENCE_STEP / 2;

/** Kernel memory that a batch's arrays live in. */
export interface Arrays {
  readonly memory: Buffer;
  u32(length: number): { view: Uint32Array; at: number };
  f64(length: number): { view: Float64Array; at: number };
}

/**
 * A run of records in input order. An operator may narrow `sel`, fill columns of its own and pass the batch on;
 * nothing of it may be kept after the call that handed it over.
 *
 * Rows 0 … rows-1 exist; those in `sel[0 … count-1]` (ascending) are in the stream.
 * The stream's watermark before row r is `watermark[r]` (never decreasing; -Infinity: none yet), and `after` behind the last row.
 * So an operator first brings its timers to `watermark[r]`, then takes row r, and at the end of the batch goes on to `after`.
 */
export class Batch {
  rows = 0;
  count = 0;
  readonly sel: Uint32Array;
  readonly time: Float64Array;
  readonly watermark: Float64Array;
  after = Number.NEGATIVE_INFINITY;
  /**
   * Where a row stands in the input: bytes before its record, of all inputs of the source together; copies of a record count on by SEQUENCE_STEP.
   * So sequence numbers are the same at any parallelism and behind a restart. Rows that stages make may have 0: then they are as old as they come.
   */
  readonly sequence: Float64Array;
  /** whether rows have an order (see Cause): its bytes' addresses, by row */
  isOrdered = false;
  readonly orderStart: Uint32Array;
  readonly orderEnd: Uint32Array;
  /** sequence number of the place behind the last row */
  afterSequence = 0;
  /** [start, end) of the window that a row belongs to, behind a window stage */
  readonly windowStart: Float64Array;
  readonly windowEnd: Float64Array;
  /** addresses of the bytes of each record's line, without its newline; of records that have bytes */
  readonly recordStart: Uint32Array;
  readonly recordEnd: Uint32Array;
  readonly at: { sel: number; time: number; watermark: number; recordStart: number; recordEnd: number; orderStart: number; orderEnd: number };
  columns: Column[] = [];
  origin: Origin = { source: 'weir', line: () => 0 };
  readonly memory: Buffer;

  constructor(
    arrays: Arrays,
    private readonly loader: Loader,
  ) {
    this.memory = arrays.memory;
    const [sel, time, watermark] = [arrays.u32(MAX_ROWS), arrays.f64(MAX_ROWS), arrays.f64(MAX_ROWS)];
    const [start, end] = [arrays.u32(MAX_ROWS), arrays.u32(MAX_ROWS)];
    const [orderStart, orderEnd] = [arrays.u32(MAX_ROWS), arrays.u32(MAX_ROWS)];
    this.sel = sel.view;
    this.time = time.view;
    this.watermark = watermark.view;
    this.sequence = new Float64Array(MAX_ROWS);
    this.windowStart = arrays.f64(MAX_ROWS).view;
    this.windowEnd = arrays.f64(MAX_ROWS).view;
    this.recordStart = start.view;
    this.recordEnd = end.view;
    this.orderStart = orderStart.view;
    this.orderEnd = orderEnd.view;
    this.at = { sel: sel.at, time: time.at, watermark: watermark.at, recordStart: start.at, recordEnd: end.at, orderStart: orderStart.at, orderEnd: orderEnd.at };
  }

  /** Makes the columns of these registers readable for the selected rows: nested members found, numbers parsed, `$` written. */
  prepare(registers: readonly number[]): void {
    for (let i = 0; i < registers.length; i++) this.loader.load(this, registers[i]!);
  }

  /** Makes the tokens of these registers known for the selected rows, without their numbers' values: enough to copy them, or for keys. */
  locate(registers: readonly number[]): void {
    for (let i = 0; i < registers.length; i++) this.loader.locate(this, registers[i]!);
  }

  /** To be called when new rows have been put into the batch, all of them selected. */
  begin(rows: number): void {
    this.rows = rows;
    this.loader.begin(this);
    this.selectAll();
  }

  /** A batch of the same rows with other columns. Before each use it has to `follow` this one. */
  view(columns: Column[], loader: Loader): Batch {
    return Object.assign(Object.create(Batch.prototype) as object, this, { columns, loader }) as Batch;
  }

  /** Takes over which rows there are from the batch that this one is a view of. */
  follow({ rows, count, after, afterSequence, isOrdered }: Batch): void {
    this.rows = rows;
    this.count = count;
    this.after = after;
    this.afterSequence = afterSequence;
    this.isOrdered = isOrdered;
    this.loader.begin(this);
  }

  /** The JavaScript value of a token (of a prepared register): `undefined` where the record has no such field. */
  read(column: TokenColumn, row: number): unknown {
    return decodeToken(this.memory, column, row);
  }

  /** Selects all rows. */
  selectAll(): void {
    for (let i = 0; i < this.rows; i++) this.sel[i] = i;
    this.count = this.rows;
  }
}
