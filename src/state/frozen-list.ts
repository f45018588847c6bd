// in: things of keys, which do not change, though others take their place
// out: those that there are now, handed over a slice at a time

import type { FrozenParts, StateValue, StateWriter } from '../model/state.ts';
import { slices } from './slices.ts';

/** What a thing is handed over as. */
export interface ListRules<T> {
  /** encoded bytes, one char a byte */
  key(thing: T): string;
  plain(thing: T): StateValue;
}

/** @param things nobody else's */
export function frozenList<T>(name: string, things: readonly T[], { key, plain }: ListRules<T>): FrozenParts {
  let at = 0;
  return {
    next(to: StateWriter): boolean {
      const some = things.slice(at, (at += slices.keys));
      if (some.length > 0) to.columns(name, some.map(key), some.map(plain));
      return some.length > 0;
    },
    release: () => {},
  };
}
