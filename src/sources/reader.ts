// in: nothing
// out: what every source of bytes can do

import type { FileIdentity, InputPosition } from './position.ts';

/** Bytes, pulled. One read at a time. */
export interface ByteReader {
  /** Reads some bytes to `into[offset …]`, `length` (at least 1) at most; waits until there are any. 0: the end, now and ever after. */
  read(into: Buffer, offset: number, length: number): Promise<number>;
  /** Frees what it holds; nothing may be read any more. */
  close(): Promise<void>;
}

/** A line that is no record in the input's format. */
export interface BadInputLine {
  readonly reason: string;
  /** counted from 1 */
  readonly line: number;
  readonly bytes: Buffer;
  /** bytes of NDJSON that come before it */
  readonly at: number;
}

/** One of the inputs. Opens itself at the first read; the last byte that it gives is a newline, so that no line runs into the next input. */
export interface Input extends ByteReader {
  /** file name as typed, or `stdin`, for messages */
  readonly name: string;
  /** number of the line that the first record stands on; 2 where there is a header */
  readonly firstLine: number;
  readonly kind: 'file' | 'pipe';
  readonly identity: FileIdentity;
  /** whether a place in it can be sought; known once it has been read */
  readonly isSeekable: boolean;
  /** Lines before this place that are no records, in order, each of them once. */
  badLines(before: number): BadInputLine[];
  /** bytes of the file now */
  size(): number;
  /** Where another run has to go on, if `offset` bytes have been handed out. */
  position(offset: number): InputPosition;
  /** Whether a position is of this very input, as far as can be told without reading it. */
  isAt(position: InputPosition): boolean;
  /**
   * Goes on behind `offset` bytes, before the first read.
   * Gives how many bytes have to be read and skipped still. Throws WeirError (exit 3) where the input is not what it was.
   */
  resume(position: InputPosition, offset: number): Promise<number>;
}

/** Some bytes that were read ahead, then what comes behind them. */
export class PrefixReader implements ByteReader {
  private at = 0;
  constructor(
    private readonly prefix: Buffer,
    private readonly rest: ByteReader,
  ) {}

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    const left = this.prefix.length - this.at;
    if (left === 0) return this.rest.read(into, offset, length);
    const n = Math.min(left, length);
    this.prefix.copy(into, offset, this.at, this.at + n);
    this.at += n;
    return n;
  }

  close(): Promise<void> {
    return this.rest.close();
  }
}

/** The same bytes, the last one of which is a newline: adds one where it is missing. */
export class NewlineReader implements ByteReader {
  private last = 10;
  /** bytes so far, without such a newline */
  total = 0;
  constructor(private readonly inner: ByteReader) {}

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    const n = await this.inner.read(into, offset, length);
    this.total += n;
    if (n > 0) this.last = into[offset + n - 1]!;
    if (n > 0 || this.last === 10) return n;
    this.last = into[offset] = 10;
    return 1;
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
