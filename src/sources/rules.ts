// in: nothing
// out: what an input is, and what it is told of its job

import type { InputFormat } from '../model/format.ts';
import type { OnBadLine } from './formats/reader.ts';
import type { FileIdentity, InputPosition } from './position.ts';
import type { ByteReader } from './reader.ts';

/** Counts the lines of a file, for messages; whoever works on the lines counts on. */
export interface LineCounter {
  /** file name as typed, or `stdin` */
  readonly name: string;
  /** number of the line that comes next */
  line: number;
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

/** A place in a file, at which a line begins. */
export interface FilePlace {
  readonly fd: number;
  /** bytes of the file before it */
  readonly at: number;
  /** nothing stands before it but a byte order mark */
  readonly isStart: boolean;
}

/** One of the inputs. Opens itself at the first read; the last byte that it gives is a newline, so that no line runs into the next input. */
export interface Input extends ByteReader {
  /** file name as typed, or `stdin`, for messages */
  readonly name: string;
  /** number of the line that the first record stands on; 2 where there is a header */
  readonly firstLine: number;
  /** Where an input is of several files: the one that the last read was of. Each read is then of one file, and of whole lines unless one is too long for it. */
  readonly counter?: LineCounter;
  readonly kind: InputPosition['kind'];
  readonly identity: FileIdentity;
  /** whether a place in it can be sought; known once it has been read */
  readonly isSeekable: boolean;
  /** Lines before this place that are no records, in order, each of them once (where the rules say `inOrder`). */
  badLines(before: number): BadInputLine[];
  /** Of a file of NDJSON that has a name: where reading begins in it. Whoever asks reads from there on by himself, and says what he has `passed`. */
  inPlace?(): Promise<FilePlace | undefined>;
  /** So many bytes of the file have been taken. */
  passed?(bytes: number): void;
  /** Of files that are followed: how far reads have come in each of them; part of the position. */
  followed?(): unknown;
  /** Where another run has to go on, if `offset` bytes have been handed out. */
  mark(offset: number): InputPosition;
  /** Whether a position is of this very input, as far as can be told without reading it. */
  isAt(position: InputPosition): boolean;
  /** bytes of the file now */
  size(): number;
  /**
   * Goes on behind `offset` bytes, before the first read.
   * Gives how many bytes have to be read and skipped still. Throws WeirError (exit 3) where the input is not what it was.
   */
  resume(position: InputPosition, offset: number): Promise<number>;
}

export interface InputRules {
  readonly format: InputFormat;
  /** what happens to a line that the format does not fit; by default it is thrown as RecordError */
  readonly onBadLine?: OnBadLine;
  /** such lines wait for whoever takes them in their place among the records (`badLines`); not those of files that are followed */
  readonly inOrder?: boolean;
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
