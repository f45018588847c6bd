// in: how far a file was read
// out: words that say so, by which the file is found again under whatever name it has then

import { createHash } from 'node:crypto';

/** First bytes of a file that its fingerprint is made of, at most. */
export const FINGERPRINT_BYTES = 256;

/** How far a file was read: enough to go on from there in another process. */
export interface FilePosition {
  /** device and inode, as decimal numbers, which may be larger than a double holds */
  readonly dev: string;
  readonly ino: string;
  /** bytes of whole lines that were handed out */
  readonly offset: number;
  /** the first bytes that were handed out: an inode may be given to another file one day */
  readonly fingerprint: Fingerprint;
  /** what a format must know to go on in mid-file: the header of csv and tsv */
  readonly header?: string | undefined;
  /** bytes of NDJSON, made of what stands behind `offset`, that were handed out, too (formats other than json) */
  readonly skip?: number | undefined;
  /** number of the line at `offset` (formats other than json) */
  readonly line?: number | undefined;
  /** number of the record behind what was handed out, if somebody counts them; for messages */
  readonly counted?: number | undefined;
  /** lines before `offset`, in this file and those before it, that were no records (formats other than json) */
  readonly rejected?: number | undefined;
}

export interface Fingerprint {
  /** how many bytes it was made of */
  readonly bytes: number;
  readonly hash: string;
}

/** @param first the first bytes of the file, FINGERPRINT_BYTES at most */
export function fingerprint(first: Buffer): Fingerprint {
  return { bytes: first.length, hash: createHash('sha256').update(first).digest('hex').slice(0, 32) };
}
