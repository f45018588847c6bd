// in: paths and bytes
// out: files that are on disk when the call returns, and errors that say what happened to a snapshot

import { open } from 'node:fs/promises';
import { crc32 } from '../model/crc32.ts';
import type { WeirError } from '../model/errors.ts';
import { type Meanings, systemError } from '../model/system-error.ts';

const MEANINGS: Meanings = {
  ENOSPC: ['the disk is full', 'make room, then run the same command again'],
  EDQUOT: ['the quota of the disk is used up', 'make room, then run the same command again'],
  EFBIG: ['a file of the snapshot would become larger than files may be', 'raise the limit (ulimit -f), then run the same command again'],
  EACCES: ['may not be written', 'check the permissions of the directory, or name another with --snapshots'],
  EPERM: ['may not be written', 'check the permissions of the directory, or name another with --snapshots'],
  EROFS: ['is on a disk that cannot be written', 'name another directory with --snapshots'],
  ENOENT: ['there is no such directory', 'name the DIR of --snapshots'],
  ENOTDIR: ['is no directory', 'name another with --snapshots'],
  EEXIST: ['is no directory', 'name another with --snapshots'],
  EIO: ['the device failed'],
};

/** Bytes of a file that are checked at a time. */
const CHECK_BYTES = 1 << 20;

/** What the system says about a snapshot's files, in words (exit 1). */
export function snapshotError(error: unknown, dir: string): WeirError {
  return systemError(error, `snapshots in ${dir}`, MEANINGS);
}

/** CRC-32: enough to tell damage, at little cost. */
export const checksumOf = (text: string): string => crcText(crc32(Buffer.from(text), 0));

function crcText(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

/** Brings what a folder lists to disk. Some systems cannot; they need not. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await folder.close();
  }
}

/** A file of a snapshot, written piece by piece. */
export class FileWriter {
  private crc = 0;
  private length = 0;

  private constructor(
    private readonly name: string,
    private readonly file: Awaited<ReturnType<typeof open>>,
  ) {}

  /** Throws where the file is there already. */
  static async create(folder: string, name: string): Promise<FileWriter> {
    return new FileWriter(name, await open(`${folder}/${name}`, 'wx'));
  }

  /** The bytes must stay as they are until it is done. */
  async write(bytes: Uint8Array): Promise<void> {
    this.crc = crc32(bytes, this.crc);
    for (let at = 0; at < bytes.length; ) at += (await this.file.write(bytes, at, bytes.length - at, this.length + at)).bytesWritten;
    this.length += bytes.length;
  }

  /** On disk now. */
  async finish(): Promise<FileEntry> {
    await this.file.sync();
    await this.file.close();
    return { name: this.name, length: this.length, checksum: crcText(this.crc) };
  }

  /** Given up; whoever removes the folder removes it. */
  async abandon(): Promise<void> {
    await this.file.close().catch(() => {});
  }
}

/** A file as the manifest lists it. */
export interface FileEntry {
  readonly name: string;
  /** bytes */
  readonly length: number;
  readonly checksum: string;
}

/** Compares a file with what the manifest says of it. Throws Error with a reason. */
export async function checkFile(folder: string, { name, length, checksum }: FileEntry): Promise<void> {
  const file = await open(`${folder}/${name}`, 'r').catch(() => undefined);
  if (!file) throw new Error(`its file ${name} is missing`);
  try {
    const { size } = await file.stat();
    if (size !== length) throw new Error(`its file ${name} has ${size} bytes, not ${length}`);
    const bytes = Buffer.allocUnsafe(Math.min(CHECK_BYTES, length));
    let crc = 0;
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
      if (bytesRead === 0) break;
      crc = crc32(bytes.subarray(0, bytesRead), crc);
      at += bytesRead;
    }
    if (crcText(crc) !== checksum) throw new Error(`its file ${name} is damaged`);
  } finally {
    await file.close();
  }
}
