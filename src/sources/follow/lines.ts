// in: a file that is followed, and its format
// out: NDJSON lines; which file they are of, and how to go on behind them

import { FormatReader } from '../formats/reader.ts';
import type { ByteReader } from '../reader.ts';
import { firstLine, type InputRules, type LineCounter } from '../rules.ts';
import { FollowedFile } from './file.ts';
import type { FilePosition } from './position.ts';

/** How a read of a format ends that is closed: a record that is still open then stays unread, and is no error. */
const CLOSED = Symbol('closed');

/** The lines of one name. The end comes only when it is closed. */
export class FollowedLines implements ByteReader {
  /** counts lines of the file at hand: a new one for each */
  counter: LineCounter;
  private readonly source: FollowedFile;
  private format: FormatReader | undefined;

  /** @param file its name as typed */
  constructor(
    readonly file: string,
    private readonly rules: InputRules,
    from?: FilePosition,
  ) {
    this.source = new FollowedFile(file, rules, from);
    this.format = this.formatReader(from);
    this.counter = { name: file, line: from?.line ?? firstLine(rules.format) };
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
      else this.format = this.formatReader();
    }
  }

  /** Behind all that was handed out. */
  position(): FilePosition | undefined {
    const position = this.source.position();
    if (!position || !this.format) return position;
    const { behind, header, skip } = this.format.place();
    return { ...position, offset: position.offset - behind, header, skip };
  }

  close(): Promise<void> {
    return this.source.close();
  }

  private formatReader(from?: FilePosition): FormatReader | undefined {
    const { format, onBadLine } = this.rules;
    return format.kind === 'json' ? undefined : new FormatReader(this.unlessClosed(), format, this.file, onBadLine, from);
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
