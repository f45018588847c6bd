// in: a file descriptor or a file's name
// out: its bytes, unpacked where they are gzip, without a byte order mark

import { fstatSync, open } from 'node:fs';
import { isatty } from 'node:tty';
import { inputError } from './failure.ts';
import { FileReader } from './file.ts';
import { GunzipReader } from './gzip.ts';
import { PipeReader } from './pipe.ts';
import { type ByteReader, PrefixReader } from './reader.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** `-` is stdin. */
export function openDescriptor(file: string, name: string): Promise<number> {
  if (file === '-') return Promise.resolve(0);
  return new Promise((resolve, reject) => open(file, 'r', (error, fd) => (error ? reject(inputError(error, name)) : resolve(fd))));
}

/** @param position where in a file to begin; null: where its descriptor stands */
export function readerOf(fd: number, name: string, position: number | null = null): ByteReader {
  const stat = fstatSync(fd);
  if (isatty(fd)) return new PipeReader(fd, true, name);
  return stat.isFIFO() || stat.isSocket() ? new PipeReader(fd, false, name) : new FileReader(fd, name, position);
}

/** What is in the bytes. */
export interface Unpacked {
  readonly bytes: ByteReader;
  readonly isPacked: boolean;
  /** bytes of a byte order mark that was left out */
  readonly mark: number;
}

export async function unpack(raw: ByteReader, name: string): Promise<Unpacked> {
  const packed = await peek(raw, GZIP);
  if (packed.isEmpty) return { bytes: packed.all, isPacked: false, mark: 0 };
  const content = await peek(packed.starts ? new GunzipReader(packed.all, name) : packed.all, BOM);
  return { bytes: content.starts ? content.rest : content.all, isPacked: packed.starts, mark: content.starts ? BOM.length : 0 };
}

interface Peeked {
  readonly starts: boolean;
  readonly isEmpty: boolean;
  /** everything */
  readonly all: ByteReader;
  /** what comes behind the bytes that were looked at */
  readonly rest: ByteReader;
}

/** Whether the input starts with these bytes. Reads no further than it must to know. */
async function peek(reader: ByteReader, magic: Buffer): Promise<Peeked> {
  const first = Buffer.alloc(magic.length);
  let n = 0;
  for (let got = 1; got > 0 && n < magic.length && magic.compare(first, 0, n, 0, n) === 0; n += got) got = await reader.read(first, n, magic.length - n);
  return { starts: magic.equals(first), isEmpty: n === 0, all: new PrefixReader(first.subarray(0, n), reader), rest: reader };
}
