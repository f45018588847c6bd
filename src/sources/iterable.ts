// in: what a program yields: records, or pieces of text
// out: bytes of lines

import { UsageError } from '../model/errors.ts';
import type { ByteReader } from './reader.ts';

/** Records as objects, or pieces of text or bytes in the format of the job, cut anywhere. */
export type Chunk = object | string | Uint8Array;
export type Chunks = Iterable<Chunk> | AsyncIterable<Chunk>;

/** Bytes that are gathered before they are handed on, as long as more is there at once. */
const GATHERED = 1 << 18;
const LATER = Symbol('later');

/** Reads on only when it is asked to. What comes without delay is handed on together, what comes late at once. */
export class IterableReader implements ByteReader {
  private readonly iterator: Iterator<Chunk> | AsyncIterator<Chunk>;
  private readonly isAsync: boolean;
  private coming: Promise<IteratorResult<Chunk>> | undefined;
  private parts: Buffer[] = [];
  /** lines that are no bytes yet */
  private text = '';
  private rest = Buffer.alloc(0);
  private hasEnded = false;

  constructor(chunks: Chunks) {
    this.isAsync = Symbol.asyncIterator in chunks;
    this.iterator = this.isAsync ? (chunks as AsyncIterable<Chunk>)[Symbol.asyncIterator]() : (chunks as Iterable<Chunk>)[Symbol.iterator]();
  }

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    while (this.rest.length === 0 && !this.hasEnded) this.rest = await this.gather();
    const n = Math.min(length, this.rest.length);
    this.rest.copy(into, offset, 0, n);
    this.rest = this.rest.subarray(n);
    return n;
  }

  private async gather(): Promise<Buffer<ArrayBuffer>> {
    let bytes = 0;
    let later: Promise<typeof LATER> | undefined;
    while (bytes < GATHERED && !this.hasEnded) {
      const next = this.isAsync ? await this.next(bytes > 0 ? (later ??= soon()) : undefined) : (this.iterator as Iterator<Chunk>).next();
      if (next === LATER) break;
      if (next.done) this.hasEnded = true;
      else bytes += this.take(next.value);
    }
    this.settle();
    const all = Buffer.concat(this.parts);
    this.parts = [];
    return all;
  }

  private async next(later: Promise<typeof LATER> | undefined): Promise<IteratorResult<Chunk> | typeof LATER> {
    this.coming ??= Promise.resolve((this.iterator as AsyncIterator<Chunk>).next());
    const next = await (later ? Promise.race([this.coming, later]) : this.coming);
    if (next !== LATER) this.coming = undefined;
    return next;
  }

  /** Returns about how many bytes it is. */
  private take(chunk: Chunk): number {
    if (typeof chunk === 'string') {
      this.text += chunk;
      return chunk.length;
    }
    if (chunk instanceof Uint8Array) {
      this.settle();
      this.parts.push(Buffer.from(chunk));
      return chunk.length;
    }
    const line = lineOf(chunk);
    this.text += line;
    return line.length;
  }

  private settle(): void {
    if (this.text === '') return;
    this.parts.push(Buffer.from(this.text));
    this.text = '';
  }

  /** Tells the program that nothing more is wanted. One that is at work on the next record is not waited for. */
  async close(): Promise<void> {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const returned = Promise.resolve(this.iterator.return?.());
    returned.catch(() => {});
    if (!this.coming) await returned;
  }
}

function lineOf(record: unknown): string {
  const json = JSON.stringify(record) as string | undefined;
  if (json?.[0] !== '{') throw new UsageError(`the source gave ${json ?? String(record)}, which is no record`, 'yield objects, or text or bytes of lines');
  return `${json}\n`;
}

/** When all that is there at once has come. */
function soon(): Promise<typeof LATER> {
  return new Promise((resolve) => setImmediate(resolve, LATER));
}
