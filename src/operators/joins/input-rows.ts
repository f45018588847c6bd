// in: batches of one input of a stage with two
// out: their rows, copied, in a queue

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext, Receiver, RecordWriterSpec, TextWriter } from '../../model/stage.ts';
import type { HeldState } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import { type KeyPlan, Keys } from '../groups/keys.ts';
import type { KeySlots } from './key-slots.ts';
import { Row, type RowWindow } from './row.ts';
import { COLUMN_BYTES, RowBlock, type Pending } from './row-block.ts';

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

/** Rows whose keys' slots are found together: what waits for memory then waits for many. */
const SLOTS_AHEAD = 256;

/** The rows of one input that have come and have not been taken, as bytes in kernel memory. */
export class InputRows implements Receiver {
  /** one at least; those behind the first are not empty */
  private readonly blocks: RowBlock[] = [new RowBlock()];
  private first = this.blocks[0]!;
  private spare: RowBlock | undefined;
  /** how many there are */
  size = 0;
  private readonly keys: Keys | undefined;
  private readonly writer: TextWriter;
  private readonly ends = memory().u32(MAX_ROWS);
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
    const rows = this.plan.keepsGhosts ? batch.rows : batch.count;
    if (batch.count > 0) {
      this.writer.locate(batch);
      this.keys?.encode(batch);
    }
    if (rows > 0) this.blockFor(rows).append(batch, this.plan.keepsGhosts, this.writer, this.keys, this.plan.takesNull === true, this.ends);
    this.size += rows;
    this.after = batch.after;
    kernels.scratchSet(mark);
  }

  private blockFor(rows: number): RowBlock {
    const last = this.blocks.at(-1)!;
    if (last.hasRoom(rows)) return last;
    const block = this.spare ?? new RowBlock();
    this.spare = undefined;
    this.blocks.push(block);
    return block;
  }

  end(): void {
    this.hasEnded = true;
  }

  /** Nothing will come of it any more. */
  get hasGone(): boolean {
    return this.hasEnded && this.isEmpty;
  }

  get isLeft(): boolean {
    return this.plan.isLeft;
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Time of the next row; NaN of one that was dropped before it had a time. */
  get time(): number {
    return this.first.times[this.first.head]!;
  }

  /** The watermark before the next row; of an input that has ended, the one behind the last. */
  get watermark(): number {
    return this.size === 0 ? this.after : this.first.watermarks[this.first.head]!;
  }

  /** The watermark before the row behind the next one; undefined: none has come. */
  get secondWatermark(): number | undefined {
    const { first } = this;
    if (this.size < 2) return undefined;
    return first.head + 1 < first.rows ? first.watermarks[first.head + 1] : this.blocks[1]!.watermarks[0];
  }

  /** Whether the next row only moves the watermark. */
  get isGhost(): boolean {
    return this.first.ends[this.first.head] === 0;
  }

  /** Addresses of the next row's line and key, which are valid until something is pushed, and the key's length (NO_KEY: it has none) and hash. */
  get textAt(): number {
    return this.first.bytes.at + this.first.starts[this.first.head]!;
  }

  get textEnd(): number {
    return this.first.bytes.at + this.first.ends[this.first.head]!;
  }

  get keyAt(): number {
    return this.first.bytes.at + this.first.keyStarts[this.first.head]!;
  }

  get keyLength(): number {
    return this.first.keyLengths[this.first.head]!;
  }

  get hash(): number {
    return this.first.hashes[this.first.head]!;
  }

  /** The slot of the next row's key; -1: it has none. */
  slotIn(keys: KeySlots): number {
    const { first } = this;
    if (first.head >= first.slotted) first.findSlots(keys, SLOTS_AHEAD);
    return first.slots[first.head]!;
  }

  /** Keys have got other slots. */
  forgetSlots(): void {
    this.first.slotted = 0;
  }

  /** The key of the next row as text; undefined: it has none. */
  get key(): string | undefined {
    return this.first.keyOf(this.first.head);
  }

  get window(): RowWindow | undefined {
    const { first } = this;
    return this.plan.isWindowed ? { start: first.windowStarts[first.head]!, end: first.windowEnds[first.head]! } : undefined;
  }

  /** The next row, of which there must be one; undefined: it is not in the stream, it only moves the watermark. */
  peek(): Row | undefined {
    return this.isGhost ? undefined : new Row(this.plan.isLeft, this.key, this.first.textOf(this.first.head), this.time, this.window);
  }

  /** Takes the next row. */
  take(): Row | undefined {
    const row = this.peek();
    this.skip();
    return row;
  }

  /** Goes on to the row behind the next one. */
  skip(): void {
    const { first } = this;
    this.size--;
    if (++first.head === first.rows) this.leave(first);
  }

  private leave(block: RowBlock): void {
    block.clear();
    if (this.blocks.length === 1) return;
    this.blocks.shift();
    this.first = this.blocks[0]!;
    if (this.spare) block.free();
    else this.spare = block;
  }

  /** Keys of the rows that come next, so many at most. */
  keysAhead(most: number): string[] {
    return [...this.ahead(most)].flatMap(([block, row]) => block.keyOf(row) ?? []);
  }

  private *ahead(most: number): Iterable<[RowBlock, number]> {
    let left = most;
    for (const block of this.blocks) for (let row = block.head; row < block.rows && left > 0; row++, left--) yield [block, row];
  }

  held(): HeldState {
    return { keys: 0, bytes: this.blocks.reduce((bytes, block) => bytes + (block.rows > 0 ? block.bytes.used : 0), this.size * COLUMN_BYTES) };
  }

  save(): unknown {
    const rows = [...this.ahead(this.size)].map(([block, row]) => block.pending(row, this.plan.isWindowed));
    return { rows, after: this.after, hasEnded: this.hasEnded };
  }

  load(saved: unknown): void {
    const { rows, after, hasEnded } = saved as { rows: Pending[]; after: number; hasEnded: boolean };
    while (this.size > 0) this.skip();
    for (const row of rows) this.blockFor(1).add(row);
    this.size = rows.length;
    this.after = after;
    // An end that was one for that run only (--eof keep) has not moved the watermark.
    this.hasEnded = hasEnded && after === Number.POSITIVE_INFINITY;
  }
}
