// in: an input's bytes
// out: blocks of whole lines in kernel memory, the next one being read while this one is worked on

import { WeirError } from '../model/errors.ts';
import type { Input, LineCounter } from '../sources/rules.ts';
import { memory } from '../wasm/memory.ts';

/** Bytes of a block where nothing else is said; large enough that a read costs little, small enough for the processor's cache. */
const BLOCK_BYTES = 1 << 20;
/** Room in front of a block for the line that the block before it did not finish. */
const HEAD_BYTES = 1 << 16;
const LINE_LIMIT = 64 << 20;
const NEWLINE = 10;

/** Addresses of whole lines, the last of which ends with a newline too. */
export interface Block {
  readonly start: number;
  readonly end: number;
  /** counts the lines of the file that it is of, where the input is of several */
  readonly counter?: LineCounter | undefined;
  /** how far the files that are followed have been read behind it */
  readonly followed?: unknown;
}

interface Area {
  readonly at: number;
  readonly view: Buffer;
}

/** Reads one input after the other in blocks. A block stays valid until the one after the next is asked for. */
export class Blocks {
  private readonly size: number;
  private readonly areas: readonly Area[];
  private current = 0;
  private pending: Promise<number> | undefined;
  /** the end of the last block that was no whole line */
  private tail = { start: 0, end: 0 };
  /** pieces of a line that is longer than a block */
  private long: Buffer[] = [];
  private longBytes = 0;
  private longArea: { at: number; size: number } | undefined;

  constructor(
    private readonly input: Input,
    size = BLOCK_BYTES,
  ) {
    this.size = size;
    this.areas = [0, 1].map(() => {
      // Nobody else gives these back (Memory.release): a read may be under way when the job is over.
      const at = memory().kernels.alloc(HEAD_BYTES + size + 64) >>> 0;
      return { at, view: memory().memory.subarray(at, at + HEAD_BYTES + size) };
    });
  }

  /** The next block; undefined: the input has ended. */
  async next(): Promise<Block | undefined> {
    for (;;) {
      const n = await (this.pending ?? this.read());
      const area = this.areas[this.current]!;
      this.pending = undefined;
      if (n === 0) return undefined;
      const block = this.take(area, n);
      const { counter } = this.input;
      const followed = block && this.input.followed?.();
      this.current ^= 1;
      if (block) this.pending = this.read();
      if (block) return counter ? { ...block, counter, followed } : block;
    }
  }

  close(): Promise<void> {
    const free = () => this.areas.forEach(({ at }) => memory().free(at, HEAD_BYTES + this.size + 64));
    // A read that is under way still writes there.
    if (this.pending) this.pending.then(free, free);
    else free();
    this.freeLong();
    return this.input.close();
  }

  private read(): Promise<number> {
    const read = this.input.read(this.areas[this.current]!.view, HEAD_BYTES, this.size);
    // Whoever waits for it sees the error; until somebody does, it must not count as unhandled.
    read.catch(() => {});
    return read;
  }

  /** What was read, as whole lines behind what the block before left over; undefined: no line has ended yet. */
  private take(area: Area, n: number): Block | undefined {
    this.freeLong();
    const from = area.at + HEAD_BYTES;
    const last = memory().memory.subarray(from, from + n).lastIndexOf(NEWLINE);
    const left = this.tail.end - this.tail.start;
    if (last < 0 || left > HEAD_BYTES || this.longBytes > 0) return this.takeLong(from, n, last);
    memory().memory.copyWithin(from - left, this.tail.start, this.tail.end);
    this.tail = { start: from + last + 1, end: from + n };
    return { start: from - left, end: from + last + 1 };
  }

  /** A line that spans blocks: its pieces are kept until it ends, then put together in an area of their own. */
  private takeLong(from: number, n: number, last: number): Block | undefined {
    const m = memory().memory;
    if (this.tail.end > this.tail.start) this.keep(m.subarray(this.tail.start, this.tail.end));
    this.keep(m.subarray(from, from + (last < 0 ? n : last + 1)));
    this.tail = last < 0 ? { start: 0, end: 0 } : { start: from + last + 1, end: from + n };
    if (last < 0) return undefined;
    this.longArea = { at: memory().alloc(this.longBytes + 64), size: this.longBytes + 64 };
    let at = this.longArea.at;
    for (const piece of this.long) at += piece.copy(m, at);
    this.long = [];
    this.longBytes = 0;
    return { start: this.longArea.at, end: at };
  }

  private keep(piece: Buffer): void {
    this.longBytes += piece.length;
    if (this.longBytes > LINE_LIMIT + this.size) {
      throw new WeirError(`${this.input.name}: a line is longer than ${LINE_LIMIT >> 20} MB`, 1, 'is this NDJSON, one object a line? `jq -c .` makes it so');
    }
    this.long.push(Buffer.from(piece));
  }

  private freeLong(): void {
    if (this.longArea) memory().free(this.longArea.at, this.longArea.size);
    this.longArea = undefined;
  }
}
