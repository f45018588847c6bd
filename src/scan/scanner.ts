// in: bytes of whole lines in kernel memory; the members that are asked for
// out: a batch's records with a token column for each of them; the line that is no JSON object, and why

import type { Batch } from '../model/batch.ts';
import { MAX_ROWS, type TokenColumn } from '../model/column.ts';
import type { Memory } from '../wasm/memory.ts';
import { reasonText } from './reasons.ts';

/** A member of a record (or of an object in it) that is looked for, and where its tokens go. */
export interface ScanField {
  readonly name: string;
  readonly column: TokenColumn;
}

/** A line that is not one whole JSON object. */
export interface ScanError {
  /** a phrase such as `a string is not closed` */
  readonly reason: string;
  /** the line's bytes, without its newline */
  readonly start: number;
  readonly end: number;
}

/** How far a scan came. */
export interface ScanResult {
  /** where to go on: behind the last line that was read, the refused one included; the `end` given when nothing is left */
  readonly next: number;
  readonly error?: ScanError;
}

/** Finds members of records by name. Each scanner learns the layouts of the records that it meets. */
export class Scanner {
  private readonly at: number;
  private readonly columns: readonly TokenColumn[];
  private readonly names: { at: number; size: number }[] = [];

  /**
   * @param fields names that differ
   * @param whole checks the values of all members, for a plan that reads whole records; otherwise those of `fields` only
   */
  constructor(
    private readonly memory: Memory,
    fields: readonly ScanField[],
    whole = false,
  ) {
    this.at = memory.kernels.scannerNew(whole);
    this.columns = fields.map((f) => f.column);
    for (const { name, column } of fields) this.addField(name, column);
  }

  private addField(name: string, column: TokenColumn): void {
    const bytes = Buffer.from(name, 'utf8');
    const size = bytes.length + 1;
    const at = this.memory.alloc(size);
    bytes.copy(this.memory.memory, at);
    this.names.push({ at, size });
    this.memory.kernels.scannerField(this.at, at, bytes.length, column.at.start, column.at.end, column.at.type);
  }

  /**
   * Fills the batch (`rows`, `recordStart`, `recordEnd` and the fields' columns, not `sel`) with the records of [from, end): whole lines,
   * of which the last may lack its newline: then the byte at `end` is set to one. Stops when the batch is full, and at a line that it
   * refuses: the rows before that line are good, and `next` is behind it.
   */
  lines(from: number, end: number, batch: Batch, most = MAX_ROWS): ScanResult {
    const { kernels, memory } = this.memory;
    if (from < end && memory[end - 1] !== 10) memory[end] = 10;
    batch.rows = kernels.scanLines(this.at, from, end, batch.at.recordStart, batch.at.recordEnd, most);
    this.forget();
    const position = kernels.scanPosition() >>> 0;
    const code = kernels.scanError();
    if (code === 0) return { next: Math.min(position, end) };
    const errorEnd = kernels.scanErrorEnd() >>> 0;
    return { next: Math.min(errorEnd + 1, end), error: { reason: reasonText(code), start: position, end: errorEnd } };
  }

  /** Finds the fields within the objects of a column, for the selected rows; where the token is no object, they are missing. */
  spans(batch: Batch, parent: TokenColumn): void {
    this.memory.kernels.scanSpans(this.at, batch.at.sel, batch.count, parent.at.start, parent.at.type);
    this.forget();
  }

  /** Gives back what it holds in kernel memory; the columns are not its own. */
  free(): void {
    this.memory.kernels.scannerFree(this.at);
    for (const { at, size } of this.names) this.memory.free(at, size);
  }

  /** The columns have new tokens, so their numbers are not parsed. */
  private forget(): void {
    for (let i = 0; i < this.columns.length; i++) this.columns[i]!.parsed = false;
  }
}
