// in: what rows add up to
// out: the same as bytes beside frames, and back

import { deserialize, serialize } from 'node:v8';
import type { PartialGroups } from '../model/stage.ts';
import type { Area } from '../wasm/area.ts';
import { memory } from '../wasm/memory.ts';
import { HEAD, Kind } from './frame.ts';

/** Beside the groups' bytes: what is kept of them in JavaScript, and the values that were skipped. */
type Beside = readonly [keys: readonly string[], values: readonly unknown[], skipped: readonly number[]];

/** bytes: nothing u32, rows u32, length u32, kind u32, of f64, watermark f64; then bytes of groups u32, bytes of what is beside them u32 */
const GROUPS_HEAD = HEAD + 8;

/** Appends groups. */
export function packGroups(to: Area, { of, rows, watermark, piece, skipped }: PartialGroups): void {
  const { bytes, keys, values } = piece;
  const hasMore = keys.length > 0 || skipped.some((count) => count > 0);
  const beside = hasMore ? serialize([keys, values, skipped] satisfies Beside) : Buffer.alloc(0);
  to.align();
  const start = to.used;
  to.need(GROUPS_HEAD + bytes.length + beside.length + 64);
  const m = memory();
  m.memory.set(bytes, to.next + GROUPS_HEAD);
  m.memory.set(beside, to.next + GROUPS_HEAD + bytes.length);
  to.used += GROUPS_HEAD + bytes.length + beside.length;
  to.align();
  new Uint32Array(m.buffer, to.at + start, 4).set([0, rows, to.used - start, Kind.groups]);
  new Float64Array(m.buffer, to.at + start + 16, 2).set([of, watermark]);
  new Uint32Array(m.buffer, to.at + start + HEAD, 2).set([bytes.length, beside.length]);
}

/** The groups at an address, and the address behind them. Their bytes are valid as long as what they were read from. */
export function unpackGroups(at: number): { part: PartialGroups; next: number } {
  const m = memory();
  const [, rows, length] = new Uint32Array(m.buffer, at, 3) as unknown as [number, number, number];
  const [of, watermark] = new Float64Array(m.buffer, at + 16, 2) as unknown as [number, number];
  const [size, besideSize] = new Uint32Array(m.buffer, at + HEAD, 2) as unknown as [number, number];
  const from = at + GROUPS_HEAD;
  const [keys, values, skipped] = besideSize > 0 ? (deserialize(m.memory.subarray(from + size, from + size + besideSize)) as Beside) : ([[], [], []] as const);
  return { part: { of, rows, watermark, skipped, piece: { bytes: m.memory.subarray(from, from + size), keys, values } }, next: at + length };
}
