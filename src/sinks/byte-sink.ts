// in: bytes
// out: a file, or stdout

import { closeSync, openSync, writeSync } from 'node:fs';
import { WeirError } from '../model/errors.ts';
import { ClosedPipe, type Sink } from './sink.ts';

/** Writes at once; whoever gives it little at a time should gather it first. */
export class ByteSink implements Sink {
  /** bytes written */
  total = 0;

  /** @param name for messages */
  constructor(
    private readonly fd: number,
    private readonly name: string,
  ) {}

  /** The file is replaced. Throws WeirError. */
  static open(file: string): ByteSink {
    try {
      return new ByteSink(openSync(file, 'w'), file);
    } catch (error) {
      throw outputError(error, file);
    }
  }

  static stdout(): ByteSink {
    return new ByteSink(1, 'stdout');
  }

  write(lines: Buffer): void {
    writeAll(this.fd, lines, this.name);
    this.total += lines.length;
  }

  close(): void {
    if (this.fd <= 2) return;
    try {
      closeSync(this.fd);
    } catch (error) {
      throw outputError(error, this.name);
    }
  }
}

/** Writes all of it, however many calls it takes. Throws ClosedPipe, WeirError. */
export function writeAll(fd: number, bytes: Buffer, name: string): void {
  for (let [at, wait] = [0, 1]; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at, bytes.length - at);
      wait = 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw outputError(error, name);
      sleep(wait);
      wait = Math.min(wait * 2, 16);
    }
  }
}

const clock = new Int32Array(new SharedArrayBuffer(4));

/** The other end of a pipe is not done yet, and somebody has set it not to block. */
function sleep(ms: number): void {
  Atomics.wait(clock, 0, 0, ms);
}

const MEANINGS: Readonly<Record<string, readonly [string, string?]>> = {
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

function outputError(error: unknown, name: string): WeirError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE') return new ClosedPipe();
  const [meaning, help] = MEANINGS[code ?? ''] ?? [message];
  return new WeirError(`${name}: ${meaning}`, 1, help);
}
