// in: a place in a file, from which on it is read
// out: ranges of whole lines, one behind the other, up to the end of the file

import { fstatSync, readSync } from 'node:fs';
import type { FilePlace } from '../../sources/rules.ts';
import { sizes } from '../sizes.ts';

/** Each range costs a few messages; a file is cut into so many at least, so that all have something to do. */
const MOST_BYTES = 1 << 22;
const LEAST_BYTES = 1 << 20;
const RANGES = 64;
/** Bytes that are read at a time to find the end of a line. */
const LOOK_BYTES = 1 << 16;
const NEWLINE = 10;

/** Bytes start … end-1 of a file. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
  /** the last line has no newline, since the file ended there */
  readonly isOpen: boolean;
}

/** Bytes of a range of a file of this size. */
export function rangeBytes(size: number): number {
  return sizes.blockBytes ?? Math.min(MOST_BYTES, Math.max(LEAST_BYTES, Math.ceil(size / RANGES)));
}

/** Also of what is added meanwhile, if only whole lines are. */
export function* lineRanges({ fd, at }: FilePlace): Generator<LineRange> {
  const bytes = rangeBytes(fstatSync(fd).size);
  for (let start = at; ; ) {
    const { size } = fstatSync(fd);
    if (start >= size) return;
    const end = lineEnd(fd, Math.min(start + bytes, size) - 1);
    yield { start, end: Math.abs(end), isOpen: end < 0 };
    if (end < 0) return;
    start = end;
  }
}

/** The place behind the line that holds the byte at `at`; of one without a newline the end of the file, as a negative number. */
function lineEnd(fd: number, at: number): number {
  const bytes = Buffer.allocUnsafe(LOOK_BYTES);
  for (let from = at; ; ) {
    const n = readSync(fd, bytes, 0, LOOK_BYTES, from);
    if (n === 0) return -from;
    const newline = bytes.subarray(0, n).indexOf(NEWLINE);
    if (newline >= 0) return from + newline + 1;
    from += n;
  }
}
