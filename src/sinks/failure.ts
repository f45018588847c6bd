// in: what the system says about an output
// out: an error that names the output and says what to do

import type { WeirError } from '../model/errors.ts';
import { type Meanings, systemError } from '../model/system-error.ts';
import { ClosedPipe } from './sink.ts';

const MEANINGS: Meanings = {
  ENOSPC: ['the disk is full', 'make room, or write elsewhere with -o'],
  EDQUOT: ['the quota of the disk is used up', 'make room, or write elsewhere with -o'],
  EFBIG: ['the file would become larger than it may be'],
  EACCES: ['may not be written', 'check its permissions'],
  EPERM: ['may not be written', 'check its permissions'],
  EROFS: ['is on a disk that cannot be written'],
  EISDIR: ['is a directory', 'name a file in it'],
  ENOENT: ['its directory does not exist', 'make it first (mkdir -p)'],
  ENOTDIR: ['a part of its path is no directory', 'check the name'],
  EIO: ['the device failed while it was written'],
};

/** Who reads from a socket may hang up with bytes of ours unread. */
const CLOSED: readonly (string | undefined)[] = ['EPIPE', 'ECONNRESET'];

/** @param name file name, or `stdout` */
export function outputError(error: unknown, name: string): WeirError {
  return CLOSED.includes((error as NodeJS.ErrnoException).code) ? new ClosedPipe() : systemError(error, name, MEANINGS);
}
