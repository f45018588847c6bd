// in: gzip data, any number of members
// out: the bytes in it

import { createGunzip, type Gunzip } from 'node:zlib';
import { WeirError } from '../model/errors.ts';
import type { ByteReader } from './reader.ts';

const CHUNK = 1 << 18;

/** Unpacks on a thread of its own while this one works on what came before. */
export class GunzipReader implements ByteReader {
  private readonly gunzip: Gunzip = createGunzip({ chunkSize: CHUNK });
  private readonly chunks: AsyncIterator<Buffer>;
  private chunk: Buffer = Buffer.alloc(0);
  private failure: unknown;

  constructor(
    private readonly packed: ByteReader,
    private readonly name: string,
  ) {
    this.chunks = this.gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.pump().catch((error) => {
      this.failure = error;
      this.gunzip.destroy(error);
    });
  }

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    if (this.chunk.length === 0) this.chunk = await this.next();
    const n = Math.min(length, this.chunk.length);
    this.chunk.copy(into, offset, 0, n);
    this.chunk = this.chunk.subarray(n);
    return n;
  }

  async close(): Promise<void> {
    this.gunzip.destroy();
    await this.packed.close();
  }

  private async next(): Promise<Buffer> {
    try {
      const { value, done } = await this.chunks.next();
      return done ? Buffer.alloc(0) : value;
    } catch (error) {
      throw this.failure ?? this.explain(error as NodeJS.ErrnoException);
    }
  }

  private async pump(): Promise<void> {
    for (;;) {
      const bytes = Buffer.allocUnsafe(CHUNK);
      const n = await this.packed.read(bytes, 0, CHUNK);
      if (n === 0 || this.gunzip.destroyed) break;
      if (!this.gunzip.write(bytes.subarray(0, n))) await this.drained();
    }
    this.gunzip.end();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        this.gunzip.off('drain', go).off('close', go);
        resolve();
      };
      this.gunzip.on('drain', go).on('close', go);
    });
  }

  private explain(error: NodeJS.ErrnoException): WeirError {
    const torn = error.code === 'Z_BUF_ERROR';
    const message = torn ? 'the gzip data ends before it is complete' : `the gzip data is damaged (${error.message})`;
    return new WeirError(`${this.name}: ${message}`, 1, `\`gzip -t\` checks it${torn ? '; was it still being written?' : ''}`);
  }
}
