// in: a file descriptor of a pipe, a socket or a terminal
// out: its bytes, as soon as they are there

import { type OnReadOpts, Socket } from 'node:net';
import { ReadStream } from 'node:tty';
import { inputError } from './failure.ts';
import type { ByteReader } from './reader.ts';

/** As much as a pipe holds. */
const CHUNK = 65536;

interface Waiting {
  readonly into: Buffer;
  readonly offset: number;
  readonly length: number;
  resolve(n: number): void;
  reject(error: Error): void;
}

/**
 * Reads without a thread that waits: a read of `node:fs` on a silent pipe would hold up the end of the process.
 * The socket fills one buffer again and again, and stops while nobody reads.
 */
export class PipeReader implements ByteReader {
  private readonly chunk = Buffer.allocUnsafe(CHUNK);
  private readonly socket: Socket;
  private at = 0;
  private filled = 0;
  private ended = false;
  private failure: Error | undefined;
  private waiting: Waiting | undefined;

  constructor(fd: number, terminal: boolean, name: string) {
    const onread: OnReadOpts = { buffer: this.chunk, callback: (n) => this.arrived(n) };
    const options = { fd, readable: true, writable: false, onread };
    this.socket = terminal ? new ReadStream(fd, options) : new Socket(options);
    this.socket.on('error', (error) => this.stop(inputError(error, name)));
    this.socket.on('end', () => this.stop());
    this.socket.on('close', () => this.stop());
  }

  read(into: Buffer, offset: number, length: number): Promise<number> {
    if (this.at < this.filled) return Promise.resolve(this.hand(into, offset, length));
    if (this.failure) return Promise.reject(this.failure);
    if (this.ended) return Promise.resolve(0);
    return new Promise((resolve, reject) => {
      this.waiting = { into, offset, length, resolve, reject };
      this.socket.resume();
    });
  }

  close(): Promise<void> {
    this.socket.destroy();
    return Promise.resolve();
  }

  /** The socket has filled n bytes of the chunk; false: it is to stop until the next read. */
  private arrived(n: number): boolean {
    [this.at, this.filled] = [0, n];
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting) waiting.resolve(this.hand(waiting.into, waiting.offset, waiting.length));
    return false;
  }

  private hand(into: Buffer, offset: number, length: number): number {
    const n = Math.min(length, this.filled - this.at);
    this.chunk.copy(into, offset, this.at, this.at + n);
    this.at += n;
    return n;
  }

  private stop(failure?: Error): void {
    this.ended = true;
    this.failure ??= failure;
    const { waiting } = this;
    this.waiting = undefined;
    if (failure) waiting?.reject(failure);
    else waiting?.resolve(0);
  }
}
