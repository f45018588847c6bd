// in: one input, and the blocks that are taken from it
// out: how far it was read, as plain data; and the way back there in another run

import { crc32 } from '../model/crc32.ts';
import { otherInput } from '../sources/failure.ts';
import type { InputPosition } from '../sources/position.ts';
import type { BadInputLine, Input, LineCounter } from '../sources/rules.ts';

/** Bytes that are read at a time to be skipped. */
const SKIP_BYTES = 1 << 20;

/** How far an input was read. */
export interface SavedInput {
  /** for messages */
  readonly name: string;
  /** bytes of lines that were taken, as NDJSON */
  readonly offset: number;
  /** number of the line behind them */
  readonly line: number;
  /** lines of them that were no records in the input's format */
  readonly rejected: number;
  /** it was read to its end */
  readonly ended: boolean;
  /** CRC of the bytes taken, of inputs where no place can be sought */
  readonly crc: number;
  readonly position: InputPosition;
}

export class InputTrack {
  line: number;
  /** nothing of it is left to be read */
  isDone = false;
  private offset = 0;
  private rejected = 0;
  private followed: unknown;
  /** of files that are followed: by name, number of the record behind what was taken */
  private counted: Record<string, number> = {};
  private crc = 0;
  /** lines that an earlier run has rejected, and that come again as input is skipped */
  private known = 0;
  /** what there is to say when it has been read to its end */
  private last: SavedInput | undefined;

  /** @param isSaved whether somebody will ask how far it was read */
  constructor(
    readonly input: Input,
    private readonly isSaved: boolean,
  ) {
    this.line = input.firstLine;
  }

  /** A block has been taken. @param counter of files that are followed: the one it was of, as it stands now */
  took(bytes: Buffer, followed?: unknown, counter?: LineCounter): void {
    if (followed !== undefined) this.followed = followed;
    if (counter) this.counted[counter.name] = counter.line;
    this.offset += bytes.length;
    if (this.isSaved && !this.input.isSeekable) this.crc = crc32(bytes, this.crc);
  }

  /** Whole lines of the file have been taken by others. @param isOpen the last one had no newline, and got one */
  passed(bytes: number, isOpen: boolean): void {
    this.input.passed!(bytes);
    this.offset += bytes + (isOpen ? 1 : 0);
  }

  /** Lines before the end of the next `bytes` that are no records, each with how many bytes come before it. */
  rejects(bytes: number): { line: BadInputLine; before: number }[] {
    const found = this.input.badLines(this.offset + bytes);
    const fresh = found.slice(this.known);
    this.known = Math.max(0, this.known - found.length);
    this.rejected += fresh.length;
    return fresh.map((line) => ({ line, before: line.at - this.offset }));
  }

  /** It is about to be closed. @param ended its end has been reached */
  finish(ended: boolean): void {
    if (this.isDone) return;
    if (this.isSaved) this.last = this.state(ended);
    this.isDone = ended;
  }

  save(): SavedInput {
    return this.last ?? this.state(false);
  }

  private state(ended: boolean): SavedInput {
    const { input, offset, line, rejected, crc, followed } = this;
    const position = { ...input.mark(offset), ...(followed !== undefined && { followed, counted: { ...this.counted } }) };
    return { name: input.name, offset, line, rejected, ended, crc, position };
  }

  /** Goes on where another run has stopped. Throws WeirError (exit 3) where this is another input. */
  async load(saved: SavedInput, isAborted: () => boolean): Promise<void> {
    if (saved.ended && saved.position.kind === 'file' && this.input.size() === saved.position.size) {
      this.last = saved;
      this.isDone = true;
      return;
    }
    if (saved.offset === 0 && saved.rejected === 0 && saved.position.kind !== 'follow') return;
    this.followed = saved.position.followed;
    this.counted = { ...saved.position.counted };
    const skip = await this.input.resume(saved.position, saved.offset);
    await this.skip(skip, saved.crc, isAborted);
    this.offset = saved.offset;
    this.line = saved.line;
    this.known = this.rejected = saved.rejected;
  }

  /** Reads what was taken before, and compares it. */
  private async skip(bytes: number, crc: number, isAborted: () => boolean): Promise<void> {
    const into = Buffer.allocUnsafe(Math.min(bytes, SKIP_BYTES));
    for (let left = bytes; left > 0 && !isAborted(); ) {
      const n = await this.input.read(into, 0, Math.min(left, into.length));
      if (n === 0) throw otherInput(this.input.name, `ends after ${bytes - left} bytes, ${left} before the place where it was read`);
      this.crc = crc32(into.subarray(0, n), this.crc);
      left -= n;
    }
    if (bytes > 0 && this.crc !== crc && !isAborted()) throw otherInput(this.input.name, `differs within its first ${bytes} bytes`);
  }
}
