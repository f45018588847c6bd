// in: the value of a group, which holds its record as the kernels keep it (wasm/assembly/accumulate.ts)
// out: what it holds, for people

import type { StateSlice, StoredAccumulator } from '../model/state.ts';

/** The value of an entry of a slice, with a record in words instead of its bytes. */
export function shownValue(slice: StateSlice, value: unknown): unknown {
  if (!('bytes' in slice) || !slice.accumulators) return value;
  const inWords = (record: unknown) => shownAccumulators(Buffer.from(record as string, 'latin1'), slice.accumulators!);
  return slice.of === null ? inWords(value) : [slice.of, inWords((value as unknown[])[1])];
}

/** What each aggregate call has so far, by the call's text: a count, a sum, the sum and number of an average, the least or greatest value. */
function shownAccumulators(record: Buffer, accumulators: readonly StoredAccumulator[]): Record<string, unknown> {
  return Object.fromEntries(accumulators.map(({ name, kind, offset }) => [name, shown(record, kind, offset)]));
}

function shown(record: Buffer, kind: StoredAccumulator['kind'], at: number): unknown {
  if (kind === 'count') return Number(record.readBigUInt64LE(at));
  const number = decimal(record.readBigInt64LE(at), record.readUInt32LE(at + 8));
  if (kind === 'min' || kind === 'max') return record.readUInt32LE(at + 12) === 0 ? null : number;
  const n = Number(record.readBigUInt64LE(at + 16));
  return kind === 'avg' ? { sum: number, n } : n === 0 ? null : number;
}

/** `int` · 10^-`scale`; as text where a double does not tell it exactly. */
function decimal(int: bigint, scale: number): number | string {
  const digits = String(int < 0n ? -int : int).padStart(scale + 1, '0');
  const text = `${int < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
  return digits.length > 15 ? text : Number(text);
}
