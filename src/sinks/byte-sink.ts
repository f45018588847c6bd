// in: bytes
// out: a file, or stdout

import { closeSync, fstatSync, fsync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { fault, isArmed } from '../model/fault.ts';
import { outputError } from './failure.ts';
import type { Sink, SinkState } from './sink.ts';

/** As many of the last bytes tell whether a file is still the one that was written. */
const TAIL_BYTES = 256;
const writesHalves = isArmed('output.half');

/** Where writing begins in a file. */
export interface Start {
  /** bytes of the file */
  readonly at: number;
  /** what stands behind it is to be cut off */
  readonly cuts: boolean;
  /** what has been written before it, if anybody knows */
  readonly tail: Buffer;
  /** the descriptor does not stand there, and cannot be made to */
  readonly seeks: boolean;
  /** of what is no file: so many bytes have gone out already, some of which may come again */
  readonly sent?: number;
}

/** Writes at once; whoever gives it little at a time should gather it first. */
export class ByteSink implements Sink {
  /** bytes written */
  total = 0;
  private tail: Buffer;

  /**
   * @param name for messages
   * @param start undefined: nobody will ask how far it was written
   */
  constructor(
    private readonly fd: number,
    private readonly name: string,
    private readonly start?: Start,
  ) {
    this.tail = start?.tail ?? Buffer.alloc(0);
  }

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
    fault('output.write');
    if (writesHalves) {
      this.put(lines.subarray(0, lines.length >> 1));
      fault('output.half');
      this.put(lines.subarray(lines.length >> 1));
    } else this.put(lines);
    fault('output.written');
  }

  private put(bytes: Buffer): void {
    const at = (this.start?.at ?? 0) + this.total;
    const fresh = bytes.subarray(Math.min(bytes.length, Math.max(0, (this.start?.sent ?? 0) - at)));
    writeAll(this.fd, fresh, this.name, this.start?.seeks ? at : null);
    this.total += bytes.length;
    if (this.start) this.tail = Buffer.from(bytes.length >= TAIL_BYTES ? bytes.subarray(-TAIL_BYTES) : Buffer.concat([this.tail, bytes]).subarray(-TAIL_BYTES));
  }

  close(): void {
    if (this.fd <= 2) return;
    try {
      closeSync(this.fd);
    } catch (error) {
      throw outputError(error, this.name);
    }
  }

  begin(): void {
    if (!this.start?.cuts) return;
    try {
      if (!fstatSync(this.fd).isFile()) return;
      fault('output.truncate');
      if (fstatSync(this.fd).size > this.start.at) ftruncateSync(this.fd, this.start.at);
      fault('output.truncated');
    } catch (error) {
      throw outputError(error, this.name);
    }
  }

  save(): SinkState {
    const stat = fstatSync(this.fd, { bigint: true });
    const bytes = (this.start?.at ?? 0) + this.total;
    return {
      kind: stat.isFile() ? 'file' : 'stream',
      name: this.fd === 1 ? 'stdout' : resolve(this.name),
      device: String(stat.dev),
      inode: String(stat.ino),
      bytes,
      tail: this.tail.toString('base64'),
    };
  }

  sync(): Promise<void> {
    return new Promise((done, failed) => {
      fsync(this.fd, (error) => {
        // Pipes and terminals cannot be brought to disk.
        if (error && !['EINVAL', 'ENOTSUP', 'EROFS', 'EBADF'].includes(error.code ?? '')) failed(outputError(error, this.name));
        else done();
      });
    });
  }
}

/** Writes all of it, however many calls it takes. Throws ClosedPipe, WeirError. @param position bytes of the file; null: where its descriptor stands */
export function writeAll(fd: number, bytes: Buffer, name: string, position: number | null = null): void {
  for (let [at, wait] = [0, 1]; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at, bytes.length - at, position === null ? null : position + at);
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
