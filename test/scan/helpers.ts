// in: text
// out: what the scanner makes of it, in a form that tests compare; a random generator with a seed

import { Batch } from '../../src/model/batch.ts';
import { MAX_ROWS, type TokenColumn } from '../../src/model/column.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { memory } from '../../src/wasm/memory.ts';

export interface Token {
  readonly type: number;
  readonly text: string;
}

export interface Scanned {
  /** by row: the record's line, and the tokens of the members that were asked for (those that it has) */
  readonly rows: { line: string; tokens: Record<string, Token> }[];
  readonly errors: { line: string; reason: string }[];
}

export function makeBatch(): Batch {
  return new Batch(memory(), { load: () => {}, locate: () => {} } as never);
}

const columns: TokenColumn[] = [];

/** Token columns; one call's are used again by the next. */
export function tokenColumns(n: number): TokenColumn[] {
  while (columns.length < n) columns.push(memory().tokens());
  return columns.slice(0, n);
}

let shared: Batch | undefined;
export function sharedBatch(): Batch {
  shared ??= makeBatch();
  return shared;
}

/** Copies bytes into kernel memory (once per test process; the next call overwrites them). */
let room = { at: 0, size: 0 };
export function place(text: string | Buffer): { from: number; end: number } {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  if (room.size < bytes.length + 128) {
    if (room.size) memory().free(room.at, room.size);
    room = { size: Math.max(1 << 16, bytes.length * 2 + 128), at: 0 };
    room.at = memory().alloc(room.size);
  }
  // What stands behind the text must not matter.
  memory().memory.fill('"}]x\\', room.at + bytes.length, room.at + bytes.length + 128);
  bytes.copy(memory().memory, room.at);
  return { from: room.at, end: room.at + bytes.length };
}

function slice(start: number, end: number): string {
  return memory().memory.latin1Slice(start, end);
}

export function tokenAt(column: TokenColumn, row: number): Token {
  return { type: column.type[row]!, text: column.type[row] ? slice(column.start[row]!, column.end[row]!) : '' };
}

/** Rows of a batch in comparable form. Texts are bytes, one char each. */
export function rowsOf(batch: Batch, names: readonly string[], fields: readonly TokenColumn[]): Scanned['rows'] {
  return Array.from({ length: batch.rows }, (_, row) => {
    const tokens: Record<string, Token> = Object.create(null);
    names.forEach((name, i) => {
      if (fields[i]!.type[row]) tokens[name] = tokenAt(fields[i]!, row);
    });
    return { line: slice(batch.recordStart[row]!, batch.recordEnd[row]!), tokens };
  });
}

/** Scans text with a scanner over these columns. */
export function scanWith(scanner: Scanner, text: string | Buffer, names: readonly string[], fields: readonly TokenColumn[]): Scanned {
  const batch = sharedBatch();
  const { from, end } = place(text);
  const result: Scanned = { rows: [], errors: [] };
  let at = from;
  while (at < end) {
    const { next, error } = scanner.lines(at, end, batch);
    if (batch.rows > MAX_ROWS || next <= at) throw new Error('the scan does not get on');
    result.rows.push(...rowsOf(batch, names, fields));
    if (error) result.errors.push({ line: slice(error.start, error.end), reason: error.reason });
    at = next;
  }
  return result;
}

/** Scans text with a new scanner. */
export function scan(text: string | Buffer, names: readonly string[], whole = false): Scanned {
  const fields = tokenColumns(names.length);
  const scanner = new Scanner(memory(), names.map((name, i) => ({ name, column: fields[i]! })), whole);
  const result = scanWith(scanner, text, names, fields);
  scanner.free();
  return result;
}

/** A generator of random numbers that a seed determines (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** 0 ≤ result < 1 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer from 0 to n - 1. */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  }
}

/** The seed of this run: SEED of the environment repeats one. */
export const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Runs a property with a seed of its own; a failure tells it. */
export function property(seed: number, body: (random: Random) => void): void {
  try {
    body(new Random(seed));
  } catch (e) {
    if (e instanceof Error) e.message = `SEED=${SEED} (here ${seed}): ${e.message}`;
    throw e;
  }
}
