// in: a file descriptor of a file, from its current position or a given one on
// out: its bytes, read straight to where they are wanted

import { close, read } from 'node:fs';
import { inputError } from './failure.ts';
import type { ByteReader } from './reader.ts';

/** A regular file (or a device such as /dev/null): reads never wait for long. */
export class FileReader implements ByteReader {
  constructor(
    private readonly fd: number,
    private readonly name: string,
    /** bytes of the file; null: wherever the descriptor stands */
    private position: number | null = null,
  ) {}

  read(into: Buffer, offset: number, length: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.fd, into, offset, length, this.position, (error, n) => {
        if (error) return reject(inputError(error, this.name));
        if (this.position !== null) this.position += n;
        resolve(n);
      });
    });
  }

  close(): Promise<void> {
    if (this.fd <= 2) return Promise.resolve();
    return new Promise((resolve) => close(this.fd, () => resolve()));
  }
}
