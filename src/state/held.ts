// in: what operators keep
// out: how many keys that are, and about how many bytes of memory it takes

import type { HeldState } from '../model/state.ts';

/** Entries of a map or array that are looked at; the others are taken to be like them. */
const SAMPLE = 256;
/** Of what is inside an entry, fewer. */
const INNER_SAMPLE = 16;
/** Nested deeper than this, things are not looked at. */
const DEEPEST = 12;

/** Bytes of V8's parts, on a 64 bit machine: as its heap snapshots show them. */
const WORD = 8;
const HEADER = 24;
const STRING_HEADER = 16;
const MAP_ENTRY = 40;

export const NOTHING: HeldState = { keys: 0, bytes: 0 };

/** State by key. */
export function heldByKey(state: ReadonlyMap<unknown, unknown>): HeldState {
  return { keys: state.size, bytes: sized(state, state.size, SAMPLE, ([key, value], seen) => MAP_ENTRY + sizeOf(key, seen) + sizeOf(value, seen)) };
}

/** Things that are no key's, or whose key is counted already. */
export function heldList(things: Iterable<unknown>, count: number): HeldState {
  return { keys: 0, bytes: sized(things, count, SAMPLE, (thing, seen) => WORD + sizeOf(thing, seen)) };
}

export function sumHeld(parts: Iterable<HeldState>): HeldState {
  let [keys, bytes] = [0, 0];
  for (const part of parts) {
    keys += part.keys;
    bytes += part.bytes;
  }
  return { keys, bytes };
}

/** Bytes of `count` things, from every so many of them. What several of them share is counted once. */
function sized<T>(things: Iterable<T>, count: number, sample: number, size: (thing: T, seen: Set<unknown>) => number, seen = new Set<unknown>()): number {
  const every = Math.max(1, Math.ceil(count / sample));
  let [at, looked, bytes] = [0, 0, 0];
  for (const thing of things) {
    if (at++ % every !== 0) continue;
    looked++;
    bytes += size(thing, seen);
  }
  return looked === 0 ? 0 : Math.round((bytes / looked) * count);
}

/** About how many bytes a value takes, with all that hangs on it and is not in `seen`. */
export function sizeOf(value: unknown, seen = new Set<unknown>(), depth = 0): number {
  if (typeof value === 'string') return STRING_HEADER + Math.ceil(value.length / WORD) * WORD;
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 0 : 2 * WORD;
  if (typeof value === 'bigint') return HEADER;
  if (typeof value !== 'object' || value === null || seen.has(value) || depth > DEEPEST) return 0;
  seen.add(value);
  const inner = (part: unknown) => sizeOf(part, seen, depth + 1);
  if (ArrayBuffer.isView(value)) return HEADER * 3 + value.byteLength;
  if (Array.isArray(value)) return HEADER + sized(value, value.length, INNER_SAMPLE, (part) => WORD + inner(part), seen);
  if (value instanceof Map) return HEADER * 2 + sized(value, value.size, INNER_SAMPLE, ([key, part]) => MAP_ENTRY + inner(key) + inner(part), seen);
  if (value instanceof Set) return HEADER * 2 + sized(value, value.size, INNER_SAMPLE, (part) => MAP_ENTRY - WORD + inner(part), seen);
  let bytes = HEADER;
  for (const name of Object.keys(value)) bytes += WORD + inner((value as Record<string, unknown>)[name]);
  return bytes;
}
