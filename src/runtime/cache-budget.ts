// in: what was read and what went to disk
// out: how many keys may be in memory

import { sizes } from './sizes.ts';

/** Bytes of state in memory, roughly, for each operator. */
const BYTES = 16 << 20;
/** What a key takes in memory beside its state, and how much more its state takes there than on disk. */
const [PER_KEY, GROWTH] = [200, 3];
/** Rows after which keys are measured anew: the state of few keys grows, too. Their bytes are a guess. */
const ROWS = (4 * BYTES) / 200;

/** Keys are counted; how much state they have is known whenever they go to disk. */
export class CacheBudget {
  private keys = sizes.stateCache ?? 1 << 14;
  private rows = 0;

  /** Keys that are brought into memory at a time, where there are more than fit. */
  get part(): number {
    return Math.max(2, this.keys >> 2);
  }

  took(rows: number): void {
    this.rows += rows;
  }

  /** Whether so many keys are too much. */
  isOver(keys: number): boolean {
    return keys > this.keys || (this.rows > ROWS && keys > 0);
  }

  /** So many keys went to disk, with so many bytes of state. */
  spilled(keys: number, bytes: number): void {
    this.rows = 0;
    if (sizes.stateCache === undefined && keys > 0) this.keys = Math.max(16, Math.floor(BYTES / (PER_KEY + (GROWTH * bytes) / keys)));
  }
}
