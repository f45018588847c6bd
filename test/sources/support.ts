// in: bytes
// out: a reader that gives them a few at a time, and all that a reader gives

import type { ByteReader } from '../../src/sources/reader.ts';

export class BytesReader implements ByteReader {
  private at = 0;
  constructor(
    private readonly bytes: Buffer,
    private readonly size: number,
  ) {}

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    const n = this.bytes.copy(into, offset, this.at, this.at + Math.min(length, this.size));
    this.at += n;
    return n;
  }

  async close(): Promise<void> {}
}

export async function readAll(reader: ByteReader, size = 1000): Promise<string> {
  const into = Buffer.alloc(size);
  const parts: Buffer[] = [];
  for (let n = await reader.read(into, 0, size); n > 0; n = await reader.read(into, 0, size)) parts.push(Buffer.from(into.subarray(0, n)));
  await reader.close();
  return Buffer.concat(parts).toString();
}
