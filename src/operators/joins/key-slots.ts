// in: encoded keys in kernel memory
// out: small numbers for them, which are given to others when a key is of no more use

import { memory } from '../../wasm/memory.ts';

/** Fewer slots that stand empty are not worth while. */
const FEW = 1024;

/** A hash table of keys that come and go. */
export class KeySlots {
  private table = memory().kernels.tableNew(0);
  private empty = 0;
  /** slots stay their keys' for now */
  isFrozen = false;

  /** @param moved takes over what belongs to a slot, when keys get others; `count` of them are in use now */
  constructor(
    private readonly isEmpty: (slot: number) => boolean,
    private readonly moved: (slots: Int32Array, count: number) => void,
  ) {}

  get count(): number {
    return memory().kernels.tableCount(this.table);
  }

  /** Keys that something is kept of. */
  get used(): number {
    return this.count - this.empty;
  }

  get bytes(): number {
    return memory().kernels.tableBytes(this.table);
  }

  /** The slot of a key; -1: it has none. */
  find(at: number, length: number, hash: number): number {
    return memory().kernels.tableFind(this.table, at, length, hash);
  }

  /** The slot of a key, which it is given if need be. Slots that were known before may be others now. */
  make(at: number, length: number, hash: number): number {
    const before = this.begin();
    const slot = memory().kernels.tableUpsert(this.table, at, length, hash);
    this.empty += this.count - before;
    return slot;
  }

  /** The same for rows [from, to): addresses of columns; places of keys are counted from `base`. */
  makeAll(base: number, from: number, to: number, keyStart: number, keyLength: number, hashes: number, slots: number): void {
    const before = this.begin();
    memory().kernels.makeSlots(this.table, base, from, to, keyStart, keyLength, hashes, slots);
    this.empty += this.count - before;
  }

  private begin(): number {
    if (!this.isFrozen && this.empty > FEW && this.empty * 2 > this.count) this.compact();
    return this.count;
  }

  /** findSlots of the kernels. */
  findAll(sel: number, count: number, keyStart: number, keyLength: number, hashes: number, slots: number): void {
    memory().kernels.findSlots(this.table, sel, count, keyStart, keyLength, hashes, slots);
  }

  /** Something is kept of a slot's key from now on. */
  fill(): void {
    this.empty--;
  }

  /** Nothing is kept of it any more. */
  leave(): void {
    this.empty++;
  }

  /** Keys of which nothing is kept lose their slots. */
  private compact(): void {
    const { kernels } = memory();
    const { table, count } = this;
    const slots = new Int32Array(count).fill(-1);
    this.table = kernels.tableNew(0);
    for (let slot = 0; slot < count; slot++) {
      if (this.isEmpty(slot)) continue;
      const [at, length] = [kernels.slotKey(table, slot), kernels.slotKeyLength(table, slot)];
      slots[slot] = kernels.tableUpsert(this.table, at, length, kernels.hashKey(at, length));
    }
    kernels.tableFree(table);
    this.empty = 0;
    this.moved(slots, this.count);
  }

  /** A slot's key, one char a byte. */
  keyOf(slot: number): string {
    const m = memory();
    const at = m.kernels.slotKey(this.table, slot);
    return m.memory.latin1Slice(at, at + m.kernels.slotKeyLength(this.table, slot));
  }

  free(): void {
    memory().kernels.tableFree(this.table);
  }
}
