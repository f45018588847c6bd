// in: how many bytes are wanted
// out: an area of kernel memory that grows

import { memory } from './memory.ts';

/** Bytes in kernel memory, filled from the front. */
export class Area {
  at: number;
  used = 0;

  constructor(private size: number) {
    this.at = memory().alloc(size);
  }

  get next(): number {
    return this.at + this.used;
  }

  /** behind the last byte that there is room for */
  get limit(): number {
    return this.at + this.size;
  }

  /** Makes room for so many more bytes. What is there may move. */
  need(bytes: number): void {
    if (this.used + bytes > this.size) this.resize(2 ** Math.ceil(Math.log2(this.used + bytes)));
  }

  /** Twice the room. What is there may move. */
  grow(): void {
    this.resize(this.size * 2);
  }

  private resize(size: number): void {
    const at = memory().alloc(size);
    memory().memory.copyWithin(at, this.at, this.at + this.used);
    memory().free(this.at, this.size);
    [this.at, this.size] = [at, size];
  }

  /** Appends bytes of kernel memory. */
  copy(from: number, bytes: number): void {
    this.need(bytes);
    memory().memory.copyWithin(this.next, from, from + bytes);
    this.used += bytes;
  }

  /** Puts the place for the next bytes at a multiple of 8. */
  align(): void {
    this.used = (this.used + 7) & ~7;
  }

  bytes(): Buffer {
    return memory().memory.subarray(this.at, this.at + this.used);
  }

  free(): void {
    memory().free(this.at, this.size);
  }
}
