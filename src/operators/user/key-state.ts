// in: a key's bytes
// out: the key as user code sees it, and a place for its states and timers

import type { KeyedTimer } from '../../state/keyed-timers.ts';
import type { Kept } from '../../state/keyed-state.ts';
import { keyTexts } from '../groups/row-results.ts';
import type { Slots } from './state-table.ts';

/** Everything that is kept of one key. */
export class KeyState implements Slots, Kept {
  version = 0;
  readonly slots: unknown[] = [];
  sweepAt = Number.POSITIVE_INFINITY;
  /** timers by their time */
  event: Map<number, KeyedTimer<KeyState>> | undefined;
  processing: Map<number, KeyedTimer<KeyState>> | undefined;
  private value: unknown = undefined;

  /** @param text the key's encoded bytes, one char a byte */
  constructor(readonly text: string) {}

  /** As user code sees it: its value, or an array of several. */
  get key(): unknown {
    return (this.value ??= keyValue(this.text));
  }
}

function keyValue(text: string): unknown {
  const values = keyTexts(text).map((t) => t.value);
  return values.length === 1 ? values[0] : values;
}
