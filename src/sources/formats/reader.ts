// in: bytes of lines in some format
// out: bytes of NDJSON

import { RecordError } from '../../model/errors.ts';
import type { InputFormat } from '../../model/format.ts';
import type { ByteReader } from '../reader.ts';
import { lineFormat } from './format.ts';
import { type LineFormat, Malformed } from './line.ts';

const NEWLINE = 10;
const CHUNK = 1 << 17;
/** Characters of a record that runs over lines, at most: beyond, a quote is sure to be missing. */
const LONGEST = 1 << 26;

/** Takes a line that its format does not fit, which stands behind `at` bytes of NDJSON; throws it, or lets the work go on without it. */
export type OnBadLine = (error: RecordError, line: Buffer, at: number) => void;

/** Where a reader goes on within a file. */
export interface FormatStart {
  /** the line that names the columns, if the format has one and it was read */
  readonly header?: string | undefined;
  /** bytes of the NDJSON that were handed out before */
  readonly skip?: number | undefined;
  /** number of the line that comes next */
  readonly line?: number | undefined;
}

/** Where a reader is. */
export interface FormatPlace extends FormatStart {
  /** bytes before the place that has been read to */
  readonly behind: number;
  /** lines before it that were no records */
  readonly rejected: number;
}

/** Turns chunks of whole lines to NDJSON. The bytes behind `lines` must end with a newline. */
export class FormatReader implements ByteReader {
  private raw = Buffer.allocUnsafe(CHUNK);
  /** bytes of `raw` that are filled: the start of a line that is not complete yet */
  private held = 0;
  /** lines of a record that goes on behind them */
  private open = '';
  private opened = false;
  private line = 0;
  /** the line that the record starts on */
  private start = 0;
  private json: Buffer = Buffer.alloc(0);
  /** thrown only when the records before it have been handed over */
  private failure: unknown;
  private readonly format: LineFormat;
  /** bytes of the lines that the NDJSON at hand was made of, and the header that was known before them */
  private taken = 0;
  private knownHeader: string | undefined;
  /** number of the first of those lines, and how many before it were no records */
  private takenLine = 1;
  private rejectedBefore = 0;
  private rejected = 0;
  /** bytes of them that belong to a record that goes on */
  private openBytes = 0;
  /** bytes of the NDJSON at hand that were handed out */
  private given = 0;
  private skip: number;
  /** bytes of NDJSON before the chunk at hand, and what has been made of that */
  private before = 0;
  private made = '';

  constructor(
    private readonly lines: ByteReader,
    format: InputFormat,
    private readonly name: string,
    private readonly onBadLine: OnBadLine = (error) => {
      throw error;
    },
    { header, skip = 0, line = 1 }: FormatStart = {},
  ) {
    this.format = lineFormat(format);
    if (header !== undefined) this.format.parse(header);
    this.skip = skip;
    this.line = line - 1;
  }

  /** How to go on behind what was handed out. */
  place(): FormatPlace {
    if (this.json.length > 0) return { behind: this.held + this.taken, header: this.knownHeader, skip: this.given || undefined, line: this.takenLine, rejected: this.rejectedBefore };
    return { behind: this.held + this.openBytes, header: this.format.header, skip: this.skip || undefined, line: this.nextLine, rejected: this.rejected };
  }

  /** Of a record that goes on, the line that it starts on. */
  private get nextLine(): number {
    return this.opened ? this.start : this.line + 1;
  }

  /** What is read from now on is the file from its start again: it was emptied, and `read` has given 0. */
  restart(): void {
    [this.line, this.held] = [0, 0];
    this.format.restart?.();
  }

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    while (this.json.length === 0) {
      if (this.failure) throw this.failure;
      if (this.held === this.raw.length) this.raw = Buffer.concat([this.raw], this.raw.length * 2);
      const n = await this.lines.read(this.raw, this.held, this.raw.length - this.held);
      if (n === 0) return this.finish();
      this.json = this.take(this.held + n);
    }
    const n = this.json.length <= length ? this.json.length : this.json.lastIndexOf(NEWLINE, length - 1) + 1 || length;
    this.json.copy(into, offset, 0, n);
    this.json = this.json.subarray(n);
    this.given += n;
    return n;
  }

  close(): Promise<void> {
    return this.lines.close();
  }

  /** The whole lines of raw[0, filled) as NDJSON; what is left is kept. */
  private take(filled: number): Buffer {
    const end = this.raw.subarray(0, filled).lastIndexOf(NEWLINE) + 1;
    const text = this.raw.toString(this.format.encoding, 0, end);
    this.raw.copyWithin(0, end, filled);
    this.held = filled - end;
    this.taken = this.openBytes + end;
    this.knownHeader = this.format.header;
    this.takenLine = this.nextLine;
    this.rejectedBefore = this.rejected;
    this.convert(text);
    const json = Buffer.from(this.made, this.format.encoding);
    this.made = '';
    this.before += json.length;
    this.given = Math.min(this.skip, json.length);
    this.skip -= this.given;
    return json.subarray(this.given);
  }

  private convert(text: string): void {
    try {
      for (let from = 0, to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from)) {
        const json = this.record(text.slice(from, text[to - 1] === '\r' && to > from ? to - 1 : to));
        this.openBytes = this.opened ? this.openBytes + to + 1 - from : 0;
        if (json !== undefined) this.made += `${json}\n`;
      }
    } catch (error) {
      this.failure = error;
    }
  }

  private record(line: string): string | undefined {
    this.line++;
    if (!this.opened) this.start = this.line;
    const whole = this.opened ? `${this.open}\n${line}` : line;
    this.opened = this.format.isOpen?.(line) === true && whole.length < LONGEST;
    this.open = this.opened ? whole : '';
    return this.opened ? undefined : this.parse(whole);
  }

  private parse(record: string): string | undefined {
    try {
      return this.format.parse(record);
    } catch (error) {
      if (error instanceof Malformed) return this.reject(error.message, record);
      throw error;
    }
  }

  private finish(): 0 {
    if (this.opened) this.reject('a quote is not closed', this.open);
    [this.opened, this.openBytes] = [false, 0];
    return 0;
  }

  private reject(reason: string, line: string): undefined {
    const bytes = Buffer.from(line, this.format.encoding);
    this.rejected++;
    const at = this.before + Buffer.byteLength(this.made, this.format.encoding);
    this.onBadLine(new RecordError(reason, this.name, this.start, bytes.toString('utf8', 0, 80)), bytes, at);
    return undefined;
  }
}
