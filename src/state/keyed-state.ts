// in: what an operator keeps of keys, which goes on changing
// out: the same as it was at one moment, a slice at a time
//
// Copy on write: when state is frozen, nothing but a number changes. What is about to change before it has been taken is saved first, the rest when its turn comes.

import type { FrozenParts, HeldState, StateReader, StateValue, StateWriter } from '../model/state.ts';
import { heldByKey } from './held.ts';
import { slices } from './slices.ts';

/** What is kept of a key. */
export interface Kept {
  /** KeyedState's own: the moment behind which it was last about to change */
  version: number;
}

/** Turns what is kept of a key into plain data, and back. */
export interface KeptRules<T> {
  /** A copy, which later changes do not reach. */
  save(kept: T, key: string): StateValue;
  /** The same, where it is read at once, so that it may be made of what is kept itself. Not given: a copy. */
  show?(kept: T, key: string): StateValue;
  /** Not given: its owner loads what it has handed over. */
  load?(saved: StateValue, key: string): T;
}

/** State by key, in JavaScript. */
export class KeyedState<T extends Kept> {
  private kept = new Map<string, T>();
  private version = 0;
  private frozen: FrozenKeys<T> | undefined;

  constructor(
    private readonly name: string,
    private readonly rules: KeptRules<T>,
  ) {}

  /** What is kept of a key; it may be changed, until the next batch. */
  get(key: string): T | undefined {
    const found = this.kept.get(key);
    if (this.frozen && found && found.version !== this.version) this.keep(key, found);
    return found;
  }

  /** What is kept of a key, to be looked at. */
  peek(key: string): T | undefined {
    return this.kept.get(key);
  }

  /** What is kept of a key is about to change. */
  touch(key: string): void {
    if (this.frozen) this.get(key);
  }

  private keep(key: string, found: T): void {
    found.version = this.version;
    this.frozen!.keep(key, found);
  }

  set(key: string, kept: T): void {
    this.touch(key);
    kept.version = this.version;
    this.kept.set(key, kept);
  }

  delete(key: string): void {
    this.touch(key);
    this.kept.delete(key);
  }

  /** All of it, to be looked at. */
  entries(): IterableIterator<[string, T]> {
    return this.kept.entries();
  }

  clear(): void {
    // What is frozen goes on being taken out of the old one.
    if (this.frozen) this.kept = new Map();
    else this.kept.clear();
  }

  held(): HeldState {
    return heldByKey(this.kept);
  }

  /** Hands over all as it is now. One at a time: what was handed over before must have been released. */
  save(to: StateWriter): void {
    this.version++;
    this.frozen = new FrozenKeys(this.name, this.rules, this.kept, this.version, () => (this.frozen = undefined));
    to.frozen(this.frozen);
  }

  load(from: StateReader): void {
    from.keyed(this.name, (key, saved) => this.set(key, this.rules.load!(saved, key)));
  }
}

class FrozenKeys<T extends Kept> implements FrozenParts {
  /** not taken yet */
  private left: number;
  private readonly waiting: Iterator<[string, T]>;
  /** what has changed meanwhile, as it was */
  private readonly imageKeys: string[] = [];
  private readonly images: StateValue[] = [];

  constructor(
    private readonly name: string,
    private readonly rules: KeptRules<T>,
    kept: ReadonlyMap<string, T>,
    private readonly version: number,
    private readonly thaw: () => void,
  ) {
    this.left = kept.size;
    this.waiting = kept.entries();
  }

  /** A key is about to change. */
  keep(key: string, kept: T): void {
    this.imageKeys.push(key);
    this.images.push(this.rules.save(kept, key));
  }

  /** Where few are left that have not changed, images make up for them, so that parts are of one size. */
  next(to: StateWriter): boolean {
    if (this.left === 0) return false;
    const [keys, values] = [[], []] as [string[], StateValue[]];
    this.take(keys, values);
    const room = slices.keys - keys.length;
    if (room > 0) {
      keys.push(...this.imageKeys.splice(-room));
      values.push(...this.images.splice(-room));
    }
    this.left -= keys.length;
    if (keys.length > 0) to.columns(this.name, keys, values);
    return true;
  }

  /** Looks at the next ones; takes those that have not changed. */
  private take(keys: string[], values: StateValue[]): void {
    const { rules, version, waiting } = this;
    for (let n = 0; n < slices.keys; n++) {
      const { done, value } = waiting.next();
      if (done) return;
      const [key, kept] = value;
      if (kept.version === version) continue;
      kept.version = version;
      keys.push(key);
      values.push(rules.show ? rules.show(kept, key) : rules.save(kept, key));
    }
  }

  release(): void {
    this.thaw();
  }
}
