// in: nothing
// out: what an input is, and what it is told of its job

import type { InputFormat } from '../model/format.ts';
import type { OnBadLine } from './formats/reader.ts';
import type { ByteReader } from './reader.ts';

/** Counts the lines of a file, for messages; whoever works on the lines counts on. */
export interface LineCounter {
  /** file name as typed, or `stdin` */
  readonly name: string;
  /** number of the line that comes next */
  line: number;
}

/** One of the inputs. Opens itself at the first read; the last byte that it gives is a newline, so that no line runs into the next input. */
export interface Input extends ByteReader {
  /** file name as typed, or `stdin`, for messages */
  readonly name: string;
  /** number of the line that the first record stands on; 2 where there is a header */
  readonly firstLine: number;
  /** Where an input is of several files: the one that the last read was of. Each read is then of one file, and of whole lines unless one is too long for it. */
  readonly counter?: LineCounter;
}

export interface InputRules {
  readonly format: InputFormat;
  /** what happens to a line that the format does not fit; by default it is thrown as RecordError */
  readonly onBadLine?: OnBadLine;
  /** files are read on as they grow, are rotated and emptied; one that is not there is waited for */
  readonly follow?: boolean;
  /** Something happened to a file that is followed, for those who want to know. */
  note?(text: string): void;
  /** Lines may be missing. */
  warn?(text: string): void;
}

/** The number of the line that a file's first record stands on. */
export function firstLine(format: InputFormat): number {
  return format.kind === 'csv' || format.kind === 'tsv' ? 2 : 1;
}
