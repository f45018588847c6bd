// in: nothing
// out: what every source of bytes can do

/** Bytes, pulled. One read at a time. */
export interface ByteReader {
  /** Reads some bytes to `into[offset …]`, `length` (at least 1) at most; waits until there are any. 0: the end, now and ever after. */
  read(into: Buffer, offset: number, length: number): Promise<number>;
  /** Frees what it holds; nothing may be read any more. */
  close(): Promise<void>;
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
