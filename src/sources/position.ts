// in: a file descriptor
// out: words for how far its file was read, by which another run finds the file and the place again

import { fstatSync, readFileSync, readSync, type BigIntStats } from 'node:fs';
import { crc32 } from '../model/crc32.ts';

/** As much of a file's start, and of what stands before a place in it, is compared. */
const PRINT_BYTES = 4096;

/** A stretch of bytes, for comparison. */
export interface Print {
  readonly bytes: number;
  readonly crc: number;
}

/** Which file it is. Numbers as text: they may be larger than a double holds. */
export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
}

/** How far an input was read. What is a file is known by device, inode and first bytes; a pipe by nothing but its bytes. */
export interface InputPosition {
  readonly kind: 'file' | 'pipe' | 'follow';
  readonly identity: FileIdentity;
  /** first bytes of the file */
  readonly head?: Print;
  /** bytes of the file when its end was reached */
  readonly size?: number;
  /** where reading began (stdin may have been read before); bytes of the file */
  readonly start?: number;
  /** where reading goes on, if the file can be read from there; undefined: from its start, skipping what had been handed out */
  readonly seek?: Place;
  /** of files that are followed: their positions by name */
  readonly followed?: unknown;
  /** of these: by name, lines that were no records and have been told so far */
  readonly rejected?: Readonly<Record<string, number>>;
  /** of these: by name, number of the record behind what was taken */
  readonly counted?: Readonly<Record<string, number>>;
}

export interface Place {
  /** bytes of the file */
  readonly at: number;
  /** what stands before it */
  readonly tail: Print;
  /** the last line had no newline yet, and was taken as whole */
  readonly open: boolean;
}

export function identityOf({ dev, ino }: BigIntStats): FileIdentity {
  return { device: String(dev), inode: String(ino) };
}

export const isSameFile = (a: FileIdentity, b: FileIdentity): boolean => a.device === b.device && a.inode === b.inode;

export function headPrint(fd: number): Print {
  return print(fd, 0, PRINT_BYTES);
}

/** What stands before `at`. */
export function tailPrint(fd: number, at: number): Print {
  return print(fd, Math.max(0, at - PRINT_BYTES), Math.min(at, PRINT_BYTES));
}

/** Whether the file still starts with these bytes. */
export function hasHead(fd: number, { bytes, crc }: Print): boolean {
  const now = print(fd, 0, bytes);
  return now.bytes === bytes && now.crc === crc;
}

export function hasTail(fd: number, at: number, tail: Print): boolean {
  const now = print(fd, at - tail.bytes, tail.bytes);
  return now.bytes === tail.bytes && now.crc === tail.crc;
}

function print(fd: number, from: number, length: number): Print {
  const bytes = Buffer.alloc(length);
  let n = 0;
  for (let got = -1; n < length && got !== 0; n += got) got = readSync(fd, bytes, n, length - n, from + n);
  return { bytes: n, crc: crc32(bytes.subarray(0, n), 0) };
}

export const sizeOf = (fd: number): number => fstatSync(fd).size;

/** Where the next read of a descriptor would begin, which is not at 0 where somebody has read before us; 0 where the system does not say. */
export function offsetOf(fd: number): number {
  try {
    return Number(/^pos:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))![1]);
  } catch {
    return 0;
  }
}
