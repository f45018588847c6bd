// in: lines of one block, each with what it came of
// out: the same as bytes, and from several such pieces the lines in the order that one process would have written them

import { memory } from '../wasm/memory.ts';
import type { Area } from './area.ts';

/** What a line carries along. */
export interface LineLabel {
  sequence: number;
  order: string;
  time: number;
  watermark: number;
  windowStart: number;
  windowEnd: number;
}

const NUMBERS = 5;

/** Gathers the lines of one block. */
export class LabelledLines {
  private numbers: number[] = [];
  private orders: string[] = [];
  private ends: number[] = [];

  add(label: Readonly<LineLabel>, end: number): void {
    this.numbers.push(label.sequence, label.time, label.watermark, label.windowStart, label.windowEnd);
    this.orders.push(label.order);
    this.ends.push(end);
  }

  /** Puts labels, then the lines; empties itself. */
  pack(to: Area, lines: Buffer): void {
    const n = this.ends.length;
    const orders = Buffer.from(this.orders.join(''), 'latin1');
    to.align();
    to.need(16 + n * (NUMBERS * 8 + 8) + orders.length + lines.length + 16);
    const { buffer, memory: bytes } = memory();
    new Uint32Array(buffer, to.next, 3).set([n, orders.length, lines.length]);
    to.used += 16;
    new Float64Array(buffer, to.next, n * NUMBERS).set(this.numbers);
    to.used += n * NUMBERS * 8;
    const ends = new Uint32Array(buffer, to.next, n * 2);
    let end = 0;
    for (let i = 0; i < n; i++) {
      ends[i] = this.ends[i]!;
      ends[n + i] = end += this.orders[i]!.length;
    }
    to.used += n * 8;
    orders.copy(bytes, to.next);
    lines.copy(bytes, to.next + orders.length);
    to.used += orders.length + lines.length;
    [this.numbers, this.orders, this.ends] = [[], [], []];
  }
}

/** Reads what LabelledLines packed. */
export class LineCursor {
  private readonly n: number;
  private readonly numbers: Float64Array;
  private readonly ends: Uint32Array;
  private readonly orders: number;
  private readonly lines: number;
  private i = 0;

  constructor(at: number) {
    const { buffer } = memory();
    const [n, orderBytes] = new Uint32Array(buffer, at, 3) as unknown as [number, number];
    this.n = n;
    this.numbers = new Float64Array(buffer, at + 16, n * NUMBERS);
    this.ends = new Uint32Array(buffer, at + 16 + n * NUMBERS * 8, n * 2);
    this.orders = at + 16 + n * (NUMBERS * 8 + 8);
    this.lines = this.orders + orderBytes;
  }

  get isDone(): boolean {
    return this.i === this.n;
  }

  get sequence(): number {
    return this.numbers[this.i * NUMBERS]!;
  }

  get time(): number {
    return this.numbers[this.i * NUMBERS + 1]!;
  }

  get watermark(): number {
    return this.numbers[this.i * NUMBERS + 2]!;
  }

  get windowStart(): number {
    return this.numbers[this.i * NUMBERS + 3]!;
  }

  get windowEnd(): number {
    return this.numbers[this.i * NUMBERS + 4]!;
  }

  get order(): string {
    const from = this.i === 0 ? 0 : this.ends[this.n + this.i - 1]!;
    return memory().memory.latin1Slice(this.orders + from, this.orders + this.ends[this.n + this.i]!);
  }

  /** The line with its newline; valid as long as the message is. */
  get line(): Buffer {
    return memory().memory.subarray(this.lines + (this.i === 0 ? 0 : this.ends[this.i - 1]!), this.lines + this.ends[this.i]!);
  }

  next(): void {
    this.i++;
  }
}

/** Visits the lines of all cursors by (sequence, order); those of one cursor in the order that they have. */
export function mergeLines(cursors: readonly LineCursor[], visit: (cursor: LineCursor) => void): void {
  for (;;) {
    let first: LineCursor | undefined;
    for (const cursor of cursors) if (!cursor.isDone && (!first || comesBefore(cursor, first))) first = cursor;
    if (!first) return;
    visit(first);
    first.next();
  }
}

function comesBefore(a: LineCursor, b: LineCursor): boolean {
  return a.sequence < b.sequence || (a.sequence === b.sequence && a.order < b.order);
}
