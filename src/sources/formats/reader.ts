// in: bytes of lines in some format
// out: bytes of NDJSON

import { RecordError } from '../../model/errors.ts';
import type { InputFormat } from '../../model/format.ts';
import type { ByteReader } from '../reader.ts';
import { lineFormat } from './format.ts';
import { type LineFormat, Malformed } from './line.ts';

const CHUNK = 1 << 17;
/** Characters of a record that runs over lines, at most: beyond, a quote is sure to be missing. */
const LONGEST = 1 << 26;

/** Takes a line that its format does not fit, which stands behind `at` bytes of NDJSON; throws it, or lets the work go on without it. */
export type OnBadLine = (error: RecordError, line: Buffer, at: number) => void;

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
  /** bytes of NDJSON before the chunk at hand, and what has been made of that */
  private before = 0;
  private made = '';
  /** thrown only when the records before it have been handed over */
  private failure: unknown;
  private readonly format: LineFormat;

  constructor(
    private readonly lines: ByteReader,
    format: InputFormat,
    private readonly name: string,
    private readonly onBadLine: OnBadLine = (error) => {
      throw error;
    },
  ) {
    this.format = lineFormat(format);
  }

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    while (this.json.length === 0) {
      if (this.failure) throw this.failure;
      if (this.held === this.raw.length) this.raw = Buffer.concat([this.raw], this.raw.length * 2);
      const n = await this.lines.read(this.raw, this.held, this.raw.length - this.held);
      if (n === 0) return this.finish();
      this.json = this.take(this.held + n);
    }
    const n = Math.min(length, this.json.length);
    this.json.copy(into, offset, 0, n);
    this.json = this.json.subarray(n);
    return n;
  }

  close(): Promise<void> {
    return this.lines.close();
  }

  /** The whole lines of raw[0, filled) as NDJSON; what is left is kept. */
  private take(filled: number): Buffer {
    const end = this.raw.subarray(0, filled).lastIndexOf(10) + 1;
    const text = this.raw.toString(this.format.encoding, 0, end);
    this.raw.copyWithin(0, end, filled);
    this.held = filled - end;
    this.convert(text);
    const json = Buffer.from(this.made, this.format.encoding);
    this.before += json.length;
    this.made = '';
    return json;
  }

  private convert(text: string): void {
    try {
      for (let from = 0, to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from)) {
        const json = this.record(text.slice(from, text[to - 1] === '\r' && to > from ? to - 1 : to));
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
    this.opened = false;
    return 0;
  }

  private reject(reason: string, line: string): undefined {
    const bytes = Buffer.from(line, this.format.encoding);
    const at = this.before + Buffer.byteLength(this.made, this.format.encoding);
    this.onBadLine(new RecordError(reason, this.name, this.start, bytes.toString('utf8', 0, 80)), bytes, at);
    return undefined;
  }
}
