// in: the groups of a window, pane or stage
// out: each group as plain data under its key, and back

import type { StateValue } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import type { Call } from './calls.ts';
import type { Groups } from './group-table.ts';

/** What a call keeps of a group in JavaScript: the call's index, and its accumulator's state. */
type Extra = readonly [call: number, state: StateValue];

/** The bytes of a group's accumulators in kernel memory, one char a byte (a string is saved ten times as fast as an array of bytes); and what there is beside them. */
export type SavedGroup = string | readonly [bytes: string, extras: readonly Extra[]];

/** Slots whose texts are cut out of one. */
const CHUNK = 1 << 14;

/** Hands over all groups, in the order of their slots. @param bytes of a group's accumulators */
export function saveGroups(groups: Groups, calls: readonly Call[], bytes: number, put: (key: string, saved: SavedGroup, slot: number) => void): void {
  const { kernels, memory: m } = memory();
  const count = groups.size;
  const keeps = keptIn(groups, calls);
  for (let first = 0; first < count; first += CHUNK) {
    const behind = Math.min(first + CHUNK, count);
    // Entries stand behind one another, and so do the keys.
    const entries = kernels.accumulatorOf(groups.table, first, 0) >>> 0;
    const stride = (kernels.accumulatorOf(groups.table, 1, 0) >>> 0) - (kernels.accumulatorOf(groups.table, 0, 0) >>> 0);
    const accumulators = m.latin1Slice(entries, entries + (behind - first) * stride);
    const keys = kernels.slotKey(groups.table, first) >>> 0;
    const texts = m.latin1Slice(keys, (kernels.slotKey(groups.table, behind - 1) >>> 0) + kernels.slotKeyLength(groups.table, behind - 1));
    for (let slot = first, at = 0; slot < behind; slot++) {
      const end = at + kernels.slotKeyLength(groups.table, slot);
      const start = (slot - first) * stride;
      const group = accumulators.slice(start, start + bytes);
      put(texts.slice(at, end), keeps ? withExtras(group, groups, calls, slot) : group, slot);
      at = end;
    }
  }
}

/** Whether anything of the groups is kept in JavaScript. */
function keptIn({ states, wide }: Groups, calls: readonly Call[]): boolean {
  return calls.some(({ index }) => states[index] !== undefined || wide[index] !== undefined);
}

function withExtras(bytes: string, { states, wide }: Groups, calls: readonly Call[], slot: number): SavedGroup {
  const extras: Extra[] = [];
  for (const { index, call } of calls) {
    const state = states[index] ? states[index][slot] : wide[index]?.get(slot);
    if (state !== undefined) extras.push([index, call.accumulator.save(state)]);
  }
  return extras.length > 0 ? [bytes, extras] : bytes;
}

/** The slot of a key, given as its encoded bytes; made if need be. */
export function slotOf({ table }: Groups, key: string): number {
  const m = memory();
  const at = m.kernels.scratchTop();
  m.needScratch(at, key.length + 64);
  m.put(key, at);
  return m.kernels.tableUpsert(table, at, key.length, m.kernels.hashKey(at, key.length));
}

/** Puts a group that `saveGroups` gave into a table, in place of what is there under its key. Returns its slot. */
export function loadGroup(groups: Groups, calls: readonly Call[], key: string, saved: SavedGroup): number {
  const m = memory();
  const slot = slotOf(groups, key);
  const [bytes, extras] = typeof saved === 'string' ? [saved, []] : saved;
  m.put(bytes, m.kernels.accumulatorOf(groups.table, slot, 0) >>> 0);
  for (const [index, state] of extras) {
    const loaded = calls[index]!.call.accumulator.load(state);
    const states = groups.states[index];
    if (states) states[slot] = loaded;
    else groups.wideOf(index).set(slot, loaded);
  }
  return slot;
}
