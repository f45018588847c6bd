// in: keys
// out: whether a key may have been among them: never a wrong no, seldom a wrong yes, in little memory
//
// Putze, Sanders, Singler: Cache-, hash- and space-efficient Bloom filters (2007), blocked: all bits of a key are in one line of the processor's cache.

import { hashKey } from './key-group.ts';

/** 16 MB: of 20 million keys, one in twenty that are not there seems to be. */
const WORDS = 1 << 22;
const BLOCK = 16;
/** Bits of a key. */
const BITS = 5;

export class KeyFilter {
  private readonly words = new Uint32Array(WORDS);

  /** memory that it takes */
  get bytes(): number {
    return this.words.byteLength;
  }

  add(key: string): void {
    const { words } = this;
    let hash = hashKey(key);
    const block = blockOf(hash);
    for (let i = 0; i < BITS; i++) {
      hash = next(hash);
      words[block + (hash >>> 28)]! |= 1 << ((hash >>> 23) & 31);
    }
  }

  has(key: string): boolean {
    const { words } = this;
    let hash = hashKey(key);
    const block = blockOf(hash);
    for (let i = 0; i < BITS; i++) {
      hash = next(hash);
      if ((words[block + (hash >>> 28)]! & (1 << ((hash >>> 23) & 31))) === 0) return false;
    }
    return true;
  }
}

const blockOf = (hash: number): number => (hash & (WORDS / BLOCK - 1)) * BLOCK;

/** A linear congruence (Numerical Recipes): its upper bits are good enough. */
const next = (hash: number): number => (Math.imul(hash, 1_664_525) + 1_013_904_223) >>> 0;
