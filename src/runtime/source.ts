// in: blocks of whole lines
// out: batches of records, handed to the chain

import type { Batch, Origin } from '../model/batch.ts';
import type { Receiver } from '../model/stage.ts';
import type { LayoutSpec } from '../plan/layout.ts';
import { Scanner } from '../scan/scanner.ts';
import type { LineCounter } from '../sources/rules.ts';
import { memory } from '../wasm/memory.ts';
import type { Block } from './blocks.ts';
import type { BadLine } from './dead-letters.ts';
import { makeBatch } from './frame.ts';

const NEWLINE = 10;
/** Scans blocks of one input and knows which line each record stands on. */
export class RecordSource implements Origin {
  /** the file at hand; its line is the one that starts at `counted` */
  private lines: LineCounter = { name: '', line: 1 };
  private readonly batch: Batch;
  private readonly scanner: Scanner;
  private counted = 0;
  records = 0;
  /** bytes before the block at hand, of all inputs */
  private before = 0;

  constructor(
    layout: LayoutSpec,
    private readonly chain: Receiver,
    private readonly onBadLine: (bad: BadLine) => void,
    private readonly isStopped: () => boolean,
    private readonly batchRows: number,
  ) {
    this.batch = makeBatch(layout);
    this.batch.origin = this;
    this.batch.watermark.fill(Number.NEGATIVE_INFINITY);
    this.batch.time.fill(Number.NaN);
    const fields = layout.registers.flatMap((r) => (r.source.from === 'scan' ? [{ name: r.source.name, column: this.batch.columns[r.index]! }] : []));
    this.scanner = new Scanner(memory(), fields as ConstructorParameters<typeof Scanner>[1], layout.whole);
  }

  /** The next input. */
  open(name: string, firstLine: number): void {
    this.lines = { name, line: firstLine };
  }

  get source(): string {
    return this.lines.name;
  }

  /** The next block is not the one behind the last: what comes before it has so many bytes. */
  jump(before: number): void {
    this.before = before;
  }

  /** number of the line behind the last block */
  get nextLine(): number {
    return this.lines.line;
  }

  /** Bytes of all blocks so far, of all inputs. */
  get bytes(): number {
    return this.before;
  }

  /** Hands all records of a block to the chain. */
  take(block: Block): void {
    if (block.counter) this.lines = block.counter;
    this.counted = block.start;
    let at = block.start;
    let lines = 0;
    let bytes = 0;
    while (at < block.end && !this.isStopped()) {
      const { next, error } = this.scanner.lines(at, block.end, this.batch, this.batchRows);
      lines += this.batch.rows;
      bytes += this.lineBytes();
      this.number(block.start, next);
      this.pushRows();
      if (error && !this.isStopped()) this.onBadLine(this.bad(error));
      at = next;
    }
    // Records that fill the block are as many lines as records; otherwise there are blank or bad ones among them.
    if (bytes === block.end - block.start && this.counted === block.start) this.lines.line += lines;
    else this.lineAt(block.end);
    this.before += block.end - block.start;
  }

  /** Gives the rows their sequence numbers; the block's bytes begin at `start`, those behind the batch at `next`. */
  private number(start: number, next: number): void {
    const { rows, sequence, recordStart } = this.batch;
    const before = this.before - start;
    for (let row = 0; row < rows; row++) sequence[row] = before + recordStart[row]!;
    this.batch.afterSequence = before + next;
  }

  /** Bytes of the batch's lines, with their newlines. */
  private lineBytes(): number {
    const { rows, recordStart, recordEnd } = this.batch;
    let bytes = rows;
    for (let row = 0; row < rows; row++) bytes += recordEnd[row]! - recordStart[row]!;
    return bytes;
  }

  /** Nothing follows: the watermark goes to +∞, so that all that is open comes out. */
  drain(): void {
    this.batch.begin(0);
    this.batch.afterSequence = this.before;
    this.batch.after = Number.POSITIVE_INFINITY;
    this.chain.push(this.batch);
  }

  /** Nothing has come for some time: those who look at the clock get a chance to. */
  tick(): void {
    this.batch.begin(0);
    this.batch.afterSequence = this.before;
    this.batch.after = Number.NEGATIVE_INFINITY;
    this.chain.push(this.batch);
  }

  private pushRows(): void {
    if (this.batch.rows === 0) return;
    this.records += this.batch.rows;
    this.batch.begin(this.batch.rows);
    this.batch.after = Number.NEGATIVE_INFINITY;
    this.chain.push(this.batch);
  }

  line(row: number): number {
    return this.lineAt(this.batch.recordStart[row]!);
  }

  /** Counts newlines of this block up to an address; from the last one asked for, as lines are asked for in order. */
  private lineAt(address: number): number {
    const bytes = memory().memory;
    if (address < this.counted) return this.lines.line;
    for (let at = bytes.indexOf(NEWLINE, this.counted); at >= 0 && at < address; at = bytes.indexOf(NEWLINE, at + 1)) {
      this.lines.line++;
      this.counted = at + 1;
    }
    return this.lines.line;
  }

  private bad({ reason, start, end }: { reason: string; start: number; end: number }): BadLine {
    return { reason, source: this.source, line: this.lineAt(start), text: memory().memory.latin1Slice(start, end) };
  }
}
