// in: what is kept of keys that have slots, which goes on changing
// out: the same as it was at one moment, a slice at a time
//
// Copy on write, as KeyedState has it: what is about to change before its turn is saved first.

import type { FrozenParts, StateValue, StateWriter } from '../model/state.ts';
import { slices } from './slices.ts';

/** Keys by slot. A slot stays its key's until all has been taken. */
export interface Slots {
  /** slots that are in use */
  readonly count: number;
  /** encoded bytes, one char a byte */
  keyOf(slot: number): string;
  /** A copy of what is kept of a slot's key; undefined: nothing. */
  saved(slot: number): StateValue;
}

export class FrozenSlots implements FrozenParts {
  /** those before it have been taken */
  private at = 0;
  /** slots behind it came later */
  private readonly end: number;
  /** what has changed meanwhile, as it was */
  private readonly images = new Map<number, StateValue>();

  /** @param thaw changes need not be told any more */
  constructor(
    private readonly name: string,
    private readonly slots: Slots,
    private readonly thaw: () => void,
  ) {
    this.end = slots.count;
  }

  /** What is kept of a slot is about to change. */
  keep(slot: number): void {
    if (slot >= this.at && slot < this.end && !this.images.has(slot)) this.images.set(slot, this.slots.saved(slot));
  }

  next(to: StateWriter): boolean {
    if (this.at === this.end) return false;
    const [keys, values] = [[], []] as [string[], StateValue[]];
    for (const end = Math.min(this.at + slices.keys, this.end); this.at < end; this.at++) {
      const value = this.take(this.at);
      if (value === undefined) continue;
      keys.push(this.slots.keyOf(this.at));
      values.push(value);
    }
    if (keys.length > 0) to.columns(this.name, keys, values);
    return true;
  }

  private take(slot: number): StateValue {
    if (!this.images.has(slot)) return this.slots.saved(slot);
    const image = this.images.get(slot);
    this.images.delete(slot);
    return image;
  }

  release(): void {
    this.thaw();
  }
}
