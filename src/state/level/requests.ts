// in: requests to the thread that has the database, and its answers
// out: both as bytes, so that they go from one thread to the other whole

import type { MessagePort } from 'node:worker_threads';

/** Places in the memory that both threads see. */
export const Mark = { done: 0, gone: 1, answered: 2 } as const;

/** What the thread is asked for; it does one after the other, and answers all but `write`, `begin` and `finish`, unless those fail. */
export type Request =
  /** `isFree`: nothing that was asked for before changes these keys, so it need not be waited for */
  | { readonly op: 'get'; readonly bytes: Uint8Array; readonly isFree: boolean }
  | { readonly op: 'write'; readonly bytes: Uint8Array }
  /** `next` gives entries with from <= key < to, in order, so many at most, as they are at `begin`. `isAhead`: what is asked for next, with the same limit, is read meanwhile */
  | { readonly op: 'begin'; readonly id: number; readonly from: Uint8Array; readonly to: Uint8Array; readonly isAhead: boolean }
  | { readonly op: 'next'; readonly id: number; readonly limit: number }
  | { readonly op: 'finish'; readonly id: number }
  | { readonly op: 'open' | 'close' };

export type Answer = { readonly bytes: Uint8Array } | { readonly error: string };

/** What the thread is made with. */
export interface ThreadData {
  /** where the package is */
  readonly level: string;
  readonly folder: string;
  readonly marks: Int32Array;
  readonly port: MessagePort;
}

/** In the place of a length: there is no such part. */
const NONE = 0xffffffff;
const FIRST_BYTES = 1 << 16;

/** Parts behind one another, each with its length before it. */
export class Parts {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;

  get size(): number {
    return this.used;
  }

  /** Bytes; a text has one char a byte; undefined: none. */
  add(part: Uint8Array | string | undefined): void {
    const length = part?.length ?? 0;
    this.room(length + 4);
    this.used = this.bytes.writeUInt32LE(part === undefined ? NONE : length, this.used);
    if (typeof part === 'string') this.bytes.latin1Write(part, this.used, length);
    else if (part) this.bytes.set(part, this.used);
    this.used += length;
  }

  /** A part of a head and the bytes [from, to) of others. They are few: a loop is quicker than calls that copy. */
  addJoined(head: Uint8Array, others: Uint8Array, from: number, to: number): void {
    const length = head.length + to - from;
    this.room(length + 4);
    const { bytes } = this;
    let at = bytes.writeUInt32LE(length, this.used);
    for (let i = 0; i < head.length; i++) bytes[at++] = head[i]!;
    for (let i = from; i < to; i++) bytes[at++] = others[i]!;
    this.used = at;
  }

  private room(n: number): void {
    if (this.used + n <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + n));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }

  /** What there is; the parts that follow are new ones. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.bytes.subarray(0, this.used);
    this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.used = 0;
    return bytes;
  }
}

/** The parts again; they lie in the bytes that were given. */
export function* partsOf(given: Uint8Array): Generator<Buffer | undefined> {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.length);
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    at += 4;
    if (length === NONE) yield undefined;
    else yield bytes.subarray(at, (at += length));
  }
}
