// in: one FILE, or stdin
// out: its lines as NDJSON, from the start or from where another run has stopped

import { type BigIntStats, closeSync, openSync, readSync } from 'node:fs';
import { inputError, otherInput } from './failure.ts';
import { FormatReader } from './formats/reader.ts';
import { openDescriptor, readerOf, unpack } from './open.ts';
import { type FileIdentity, hasHead, hasTail, headPrint, identityOf, type InputPosition, isSameFile, offsetOf, type Place, sizeOf, tailPrint } from './position.ts';
import { type ByteReader, NewlineReader } from './reader.ts';
import { type BadInputLine, type FilePlace, firstLine, type Input, type InputRules } from './rules.ts';

const [NEWLINE, RETURN] = [10, 13];

/** A file or a pipe. Of plain NDJSON in a file a place can be sought; all else is read again, and skipped, up to it. */
export class SeekableInput implements Input {
  readonly name: string;
  readonly firstLine: number;
  readonly kind: 'file' | 'pipe';
  readonly identity: FileIdentity;
  private reader: ByteReader | undefined;
  private fd = -1;
  private lines: NewlineReader | undefined;
  /** bytes of the file where reading began */
  private start = 0;
  /** where in the file what is read stands, and how many bytes were handed out before; undefined: it cannot be sought there */
  private base: { readonly at: number; readonly offset: number } | undefined;
  private bad: BadInputLine[] = [];

  constructor(
    private readonly file: string,
    stat: BigIntStats,
    private readonly rules: InputRules,
  ) {
    this.name = file === '-' ? 'stdin' : file;
    this.firstLine = firstLine(rules.format);
    this.kind = stat.isFile() ? 'file' : 'pipe';
    this.identity = identityOf(stat);
  }

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    this.reader ??= await this.open(null);
    return this.reader.read(into, offset, length);
  }

  async close(): Promise<void> {
    await this.reader?.close();
  }

  get isSeekable(): boolean {
    return this.base !== undefined;
  }

  async inPlace(): Promise<FilePlace | undefined> {
    this.reader ??= await this.open(null);
    return this.base && this.file !== '-' ? { fd: this.fd, at: this.base.at, isStart: this.base.offset === 0 } : undefined;
  }

  passed(bytes: number): void {
    this.lines!.total += bytes;
  }

  badLines(before: number): BadInputLine[] {
    const found = this.bad.filter((line) => line.at < before);
    if (found.length > 0) this.bad = this.bad.slice(found.length);
    return found;
  }

  mark(offset: number): InputPosition {
    const { kind, identity, fd } = this;
    if (kind === 'pipe' || fd < 0) return { kind, identity };
    return { kind, identity, head: headPrint(fd), size: sizeOf(fd), start: this.start, ...this.place(offset) };
  }

  private place(offset: number): { seek?: Place } {
    if (!this.base) return {};
    const read = offset - this.base.offset;
    const at = this.base.at + Math.min(read, this.lines!.total);
    return { seek: { at, tail: tailPrint(this.fd, at), open: read > this.lines!.total } };
  }

  size(): number {
    return this.look(sizeOf);
  }

  isAt(position: InputPosition): boolean {
    if (position.kind !== this.kind) return false;
    return this.kind === 'pipe' || (isSameFile(position.identity, this.identity) && this.look((fd) => hasHead(fd, position.head ?? { bytes: 0, crc: 0 })));
  }

  /** Something about the file before it is read. */
  private look<T>(at: (fd: number) => T): T {
    const fd = this.fd >= 0 ? this.fd : this.file === '-' ? 0 : openSync(this.file, 'r');
    try {
      return at(fd);
    } catch (error) {
      throw inputError(error, this.name);
    } finally {
      if (fd !== this.fd && fd > 2) closeSync(fd);
    }
  }

  async resume(position: InputPosition, offset: number): Promise<number> {
    if (position.seek) {
      await this.seek(position.seek, position.start ?? 0, offset);
      return 0;
    }
    this.reader = await this.open(this.kind === 'file' ? (position.start ?? 0) : null);
    return offset;
  }

  private async seek({ at, tail, open }: Place, start: number, offset: number): Promise<void> {
    this.fd = await openDescriptor(this.file, this.name);
    if (sizeOf(this.fd) < at) throw otherInput(this.name, `has become shorter: ${sizeOf(this.fd)} bytes, of which ${at} had been read`);
    if (!hasTail(this.fd, at, tail)) throw otherInput(this.name, 'has changed before the place where it was read');
    const from = open ? this.behindLineEnd(at) : at;
    this.start = start;
    this.base = { at: from, offset };
    this.lines = new NewlineReader(readerOf(this.fd, this.name, from));
    this.reader = this.lines;
  }

  /** The last line had no end, and was taken as it was: if the file has grown, then by a line end first. */
  private behindLineEnd(at: number): number {
    const next = Buffer.alloc(2);
    const n = readSync(this.fd, next, 0, 2, at);
    if (n === 0) return at;
    if (next[0] === NEWLINE) return at + 1;
    if (next[0] === RETURN && next[1] === NEWLINE) return at + 2;
    throw otherInput(this.name, 'has gone on in its last line, which had no line end when it was read');
  }

  private async open(position: number | null): Promise<ByteReader> {
    this.fd = await openDescriptor(this.file, this.name);
    this.start = position ?? (this.kind === 'file' && this.file === '-' ? offsetOf(0) : 0);
    const { bytes, isPacked, mark } = await unpack(readerOf(this.fd, this.name, position), this.name);
    this.lines = new NewlineReader(bytes);
    if (this.kind === 'file' && !isPacked && this.rules.format.kind === 'json') this.base = { at: this.start + mark, offset: 0 };
    return this.rules.format.kind === 'json' ? this.lines : this.formatReader(this.lines);
  }

  private formatReader(lines: ByteReader): ByteReader {
    const { format, inOrder, onBadLine } = this.rules;
    return new FormatReader(lines, format, this.name, inOrder ? ({ reason, line }, bytes, at) => this.bad.push({ reason, line, bytes, at }) : onBadLine);
  }
}

