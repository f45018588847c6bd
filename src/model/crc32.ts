// in: bytes
// out: their CRC-32: enough to tell another input, or another version of a file, from the one that was read

import * as zlib from 'node:zlib';

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

function slowly(bytes: Uint8Array, before: number): number {
  let crc = ~before;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** @param before the CRC of the bytes before these. Node has it built in since 20.15. */
export const crc32: (bytes: Uint8Array, before: number) => number = (zlib as Partial<typeof zlib>).crc32 ?? slowly;
