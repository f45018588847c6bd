// in: a file that is followed, and its format
// out: NDJSON lines; which file they are of, and how to go on behind them

import { FormatReader, type OnBadLine } from '../formats/reader.ts';
import type { ByteReader } from '../reader.ts';
import { firstLine, type InputRules, type LineCounter } from '../rules.ts';
import { FollowedFile } from './file.ts';
import type { FilePosition } from './position.ts';

/** How a read of a format ends that is closed: a record that is still open then stays unread, and is no error. */
const CLOSED = Symbol('closed');

const fail: OnBadLine = (error) => {
  throw error;
};

/** The lines of one name. The end comes only when it is closed. */
export class FollowedLines implements ByteReader {
  /** counts lines of the file at hand: a new one for each */
  counter: LineCounter;
  private readonly source: FollowedFile;
  private format: FormatReader | undefined;
  /** lines that were no records: all of them, those before the file at hand, and how many of an earlier run are still to come again */
  private rejects: { all: number; before: number; known: number };

  /**
   * @param file its name as typed
   * @param known how many lines behind `from` were no records and have been told already (formats other than json)
   */
  constructor(
    readonly file: string,
    private readonly rules: InputRules,
    from?: FilePosition,
    known = 0,
  ) {
    this.source = new FollowedFile(file, rules, from);
    const rejected = from?.rejected ?? 0;
    this.rejects = { all: rejected, before: rejected, known };
    this.format = this.formatReader(from);
    this.counter = { name: file, line: from?.counted ?? firstLine(rules.format) };
  }

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    try {
      return await this.lines(into, offset, length);
    } catch (error) {
      if (error === CLOSED) return 0;
      throw error;
    }
  }

  private async lines(into: Buffer, offset: number, length: number): Promise<number> {
    for (;;) {
      const n = await (this.format ?? this.source).read(into, offset, length);
      if (n > 0 || this.source.ending === 'closed') return n;
      this.counter = { name: this.file, line: firstLine(this.rules.format) };
      if (this.source.ending === 'emptied') this.format?.restart();
      else {
        this.rejects.before = this.rejects.all;
        this.format = this.formatReader();
      }
    }
  }

  /** Behind all that was handed out. */
  position(): FilePosition | undefined {
    const position = this.source.position();
    if (!position || !this.format) return position;
    const { behind, header, skip, line, rejected } = this.format.place();
    return { ...position, offset: position.offset - behind, header, skip, line, rejected: this.rejects.before + rejected };
  }

  /** Lines that were no records so far, in all runs: each was told as soon as it was read. */
  get rejected(): number {
    return this.rejects.all + this.rejects.known;
  }

  close(): Promise<void> {
    return this.source.close();
  }

  private formatReader(from?: FilePosition): FormatReader | undefined {
    const { format } = this.rules;
    const reject: OnBadLine = (error, line, at) => this.reject(error, line, at);
    return format.kind === 'json' ? undefined : new FormatReader(this.unlessClosed(), format, this.file, reject, from);
  }

  /** What an earlier run has told of is not told again. */
  private reject(...[error, line, at]: Parameters<OnBadLine>): void {
    this.rejects.all++;
    if (this.rejects.known > 0) this.rejects.known--;
    else (this.rules.onBadLine ?? fail)(error, line, at);
  }

  private unlessClosed(): ByteReader {
    const { source } = this;
    const read = async (into: Buffer, offset: number, length: number): Promise<number> => {
      const n = await source.read(into, offset, length);
      if (n === 0 && source.ending === 'closed') throw CLOSED;
      return n;
    };
    return { read, close: () => source.close() };
  }
}
