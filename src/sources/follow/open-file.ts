// in: a file that grows
// out: its whole lines so far; whether it was emptied and written anew

import { type BigIntStats, close, constants, fstatSync, openSync, read, readSync, readv } from 'node:fs';
import { inputError } from '../failure.ts';
import { type FilePosition, fingerprint, FINGERPRINT_BYTES } from './position.ts';

const NEWLINE = 10;
/** Bytes before the place that we are at, which are still the same unless the file was written anew. */
const TAIL_BYTES = 64;
const CHUNK = 1 << 18;
/** A line that is longer is handed on as it is, for the error that comes of it. */
const LONGEST = 64 << 20;

/** Errors of opening that may pass: the file comes back, or its owner is still busy making it. */
const PASSING = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ENXIO']);

/** A file, whatever its name is meanwhile, from the start or a place in it on. */
export class OpenFile {
  readonly dev: string;
  readonly ino: string;
  /** bytes of whole lines that were handed out, and so the place that is read next */
  private offset = 0;
  /** what stands before it */
  private tail: Buffer = Buffer.alloc(0);
  private first: Buffer = Buffer.alloc(0);
  /** pieces of a line that is longer than a read */
  private long: Buffer[] = [];
  /** what we have read is no longer there: the file was emptied, and perhaps has grown again already */
  isRewritten = false;
  private longBytes = 0;
  /** whole lines that are in memory already */
  private ready: Buffer = Buffer.alloc(0);

  private constructor(
    private readonly fd: number,
    /** for messages */
    private readonly name: string,
  ) {
    const { dev, ino } = this.stat();
    [this.dev, this.ino] = [String(dev), String(ino)];
  }

  /** Undefined: there is no such file now, or none that can be read. A pipe is not waited for, and is none. Throws WeirError where that will not change. */
  static open(path: string, name: string): OpenFile | undefined {
    try {
      const file = new OpenFile(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), name);
      if (file.stat().isFile()) return file;
      void file.close();
      return undefined;
    } catch (error) {
      if (PASSING.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw inputError(error, name);
    }
  }

  stat(): BigIntStats {
    return fstatSync(this.fd, { bigint: true });
  }

  isSame({ dev, ino }: { readonly dev: unknown; readonly ino: unknown }): boolean {
    return String(dev) === this.dev && String(ino) === this.ino;
  }

  /** Goes to a place in it. False: it is not, or no longer, the file that was read up to there. */
  resume({ offset, fingerprint: before }: FilePosition): boolean {
    if (this.stat().size < BigInt(offset) || fingerprint(this.bytesAt(0, before.bytes)).hash !== before.hash) return false;
    this.first = this.bytesAt(0, before.bytes);
    this.offset = offset;
    this.tail = this.bytesAt(Math.max(0, offset - TAIL_BYTES), Math.min(offset, TAIL_BYTES));
    return true;
  }

  position(): Pick<FilePosition, 'dev' | 'ino' | 'offset' | 'fingerprint'> {
    return { dev: this.dev, ino: this.ino, offset: this.offset, fingerprint: fingerprint(this.first) };
  }

  /** Whole lines, or pieces of a long one; 0: there are none now, or the file is written anew, as `isRewritten` then says. */
  async read(into: Buffer, at: number, length: number): Promise<number> {
    if (this.ready.length > 0) return this.handReady(into, at, length);
    if (this.long.length === 0) {
      const n = await this.readBehindTail(into.subarray(at, at + length));
      if (this.offset === 0) this.refuseGzip(into.subarray(at, at + n));
      if (n > 0 && into[at] === 0) return this.skipHole(into, at, n, length);
      const end = into.subarray(at, at + n).lastIndexOf(NEWLINE) + 1;
      if (end > 0) return this.handed(into, at, end);
      if (this.isRewritten || n < length) return 0;
    }
    return (await this.readLong()) ? this.handReady(into, at, length) : 0;
  }

  /** Begins at the start again. */
  rewind(): void {
    this.offset = 0;
    [this.tail, this.first, this.ready] = [Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0)];
    [this.long, this.longBytes, this.isRewritten] = [[], 0, false];
  }

  /** Nobody goes on writing: what stands behind the last newline is a line, too. False: there is nothing. */
  async finishLine(): Promise<boolean> {
    if (await this.readLong()) return true;
    if (this.longBytes === 0) return false;
    this.long.push(Buffer.from('\n'));
    this.ready = Buffer.concat(this.long);
    this.long = [];
    return true;
  }

  close(): Promise<void> {
    return new Promise((resolve) => close(this.fd, () => resolve()));
  }

  /** Reads on in a line that is longer than a read. True: it has ended, and is ready to be handed out. */
  private async readLong(): Promise<boolean> {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const n = await this.pread(chunk, 0, CHUNK, this.offset + this.longBytes);
      if (n === 0) return this.shrunk();
      const end = chunk.subarray(0, n).indexOf(NEWLINE) + 1;
      this.long.push(chunk.subarray(0, end || n));
      this.longBytes += end || n;
      if (end === 0 && this.longBytes <= LONGEST) continue;
      this.ready = Buffer.concat(this.long);
      this.long = [];
      return true;
    }
  }

  private shrunk(): false {
    this.isRewritten = this.stat().size < BigInt(this.offset + this.longBytes);
    return false;
  }

  private handReady(into: Buffer, at: number, length: number): number {
    const n = this.ready.copy(into, at, 0, Math.min(length, this.ready.length));
    this.ready = this.ready.subarray(n);
    // A newline that we have added stands in no file.
    const real = Math.min(n, this.longBytes);
    this.longBytes -= real;
    this.advance(into, at, real);
    return n;
  }

  /** n bytes of `into` are handed out; a byte order mark is left out. */
  private handed(into: Buffer, at: number, n: number): number {
    const mark = this.offset === 0 && n >= 3 && into.readUIntBE(at, 3) === 0xefbbbf ? 3 : 0;
    this.advance(into, at, n);
    if (mark > 0) into.copyWithin(at, at + mark, at + n);
    return n - mark;
  }

  private advance(into: Buffer, at: number, n: number): void {
    const bytes = into.subarray(at, at + n);
    if (this.offset < FINGERPRINT_BYTES && n > 0) this.first = Buffer.concat([this.first.subarray(0, this.offset), bytes]).subarray(0, FINGERPRINT_BYTES);
    this.tail = n >= TAIL_BYTES ? Buffer.from(bytes.subarray(n - TAIL_BYTES)) : Buffer.concat([this.tail, bytes]).subarray(-TAIL_BYTES);
    this.offset += n;
  }

  /** Emptied under a writer that goes on at its old place (no O_APPEND), a file begins with zeros that nobody wrote. */
  private skipHole(into: Buffer, at: number, n: number, length: number): Promise<number> {
    const zeros = into.subarray(at, at + n).findIndex((byte) => byte !== 0);
    this.advance(into, at, zeros < 0 ? n : zeros);
    return this.read(into, at, length);
  }

  private refuseGzip(bytes: Buffer): void {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw inputError(new Error('is gzip data, which cannot be followed'), this.name);
  }

  /** What is there of these bytes, at once. */
  private bytesAt(from: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, length === 0 ? 0 : readSync(this.fd, bytes, 0, length, from));
  }

  /** What stood before the place that we are at is read along with what stands behind it, so that no change can come in between. */
  private async readBehindTail(into: Buffer): Promise<number> {
    const before = Buffer.alloc(this.tail.length);
    const n = await this.preadv([before, into], this.offset - before.length);
    this.isRewritten = n < before.length || !before.equals(this.tail);
    return this.isRewritten ? 0 : n - before.length;
  }

  private preadv(into: readonly Buffer[], from: number): Promise<number> {
    return new Promise((resolve, reject) => {
      readv(this.fd, into, from, (error, n) => (error ? reject(inputError(error, this.name)) : resolve(n)));
    });
  }

  private pread(into: Buffer, at: number, length: number, from: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.fd, into, at, length, from, (error, n) => (error ? reject(inputError(error, this.name)) : resolve(n)));
    });
  }
}
