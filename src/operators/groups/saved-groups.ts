// in: the groups of a window, pane or stage, which go on changing
// out: the groups as they were when they were frozen, a piece at a time; and groups from such pieces

import { type FrozenState, KEY_GROUPS, type Piece, type StateReader, type StateValue, type StoredAccumulator } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import type { Call, GroupedRows } from './calls.ts';
import type { Groups } from './group-table.ts';

/** What a call keeps of a group in JavaScript: the call's index, and its accumulator's state. */
type Extra = readonly [call: number, state: StateValue];

/** Bytes of a piece: to take one does not hold the job up for longer than a batch does. */
const PIECE_BYTES = 1 << 18;
/** Groups that keep something in JavaScript too are saved one by one, so fewer of them at a time. */
const SLOW_GROUPS = 512;

const ALL_GROUPS = new Uint8Array(KEY_GROUPS).fill(1);

/** Groups whose accumulators are kept as they are, until somebody has taken them. */
export class FrozenGroups implements FrozenState {
  /** whether anything of the groups is kept in JavaScript */
  private readonly hasExtras: boolean;
  /** by slot: that, of groups that have changed since */
  private readonly images = new Map<number, readonly Extra[]>();

  /** @param thawed the groups are their owner's again */
  constructor(
    private readonly groups: Groups,
    private readonly calls: readonly Call[],
    private readonly thawed: () => void,
  ) {
    this.hasExtras = calls.some(({ index }) => groups.states[index] !== undefined || groups.wide[index] !== undefined);
    memory().kernels.tableFreeze(groups.table);
    this.count = groups.size;
  }

  private readonly count: number;

  private get accumulators(): StoredAccumulator[] {
    return this.calls.flatMap(({ kind, offset, call }) => (kind === 'other' ? [] : [{ name: call.text, kind, offset }]));
  }

  /** A group is about to change. */
  keep(slot: number): void {
    if (!this.hasExtras || slot >= this.count || slot < memory().kernels.frozenNext(this.groups.table) || this.images.has(slot)) return;
    this.images.set(slot, this.extrasOf(slot));
  }

  next(): Piece | undefined {
    const m = memory();
    const { kernels } = m;
    const { table } = this.groups;
    const first = kernels.frozenNext(table);
    const most = kernels.frozenRows(table, PIECE_BYTES);
    if (most === 0) return undefined;
    const n = this.hasExtras ? Math.min(most, SLOW_GROUPS) : most;
    const beside = this.beside(first, first + n);
    const at = kernels.scratchTop();
    const bytes = kernels.frozenBytes(table, n);
    m.needScratch(at, bytes);
    kernels.takeFrozen(table, n, at);
    return { bytes: m.memory.subarray(at, at + bytes), ...beside, accumulators: this.accumulators };
  }

  release(): void {
    memory().kernels.tableThaw(this.groups.table);
    this.thawed();
  }

  private beside(from: number, to: number): Pick<Piece, 'keys' | 'values'> {
    const [keys, values]: [string[], StateValue[]] = [[], []];
    for (let slot = from; this.hasExtras && slot < to; slot++) {
      const extras = this.images.get(slot) ?? this.extrasOf(slot);
      this.images.delete(slot);
      if (extras.length === 0) continue;
      keys.push(keyOf(this.groups, slot));
      values.push(extras);
    }
    return { keys, values };
  }

  private extrasOf(slot: number): readonly Extra[] {
    const { states, wide } = this.groups;
    const extras: Extra[] = [];
    for (const { index, call } of this.calls) {
      const state = states[index] ? states[index][slot] : wide[index]?.get(slot);
      if (state !== undefined) extras.push([index, call.accumulator.save(state)]);
    }
    return extras;
  }
}

/** Rows are about to change their groups, some of which are frozen. */
export function keepImages(rows: GroupedRows): void {
  const { at, view, count, tables, slots, slotOf, groupsOf } = rows;
  for (let k = 0; k < count; k++) groupsOf[view[k]!]!.frozen?.keep(slotOf[view[k]!]!);
  memory().kernels.keepImages(at, count, tables, slots);
}

/** The same of groups that others are about to be merged into: slot map[s] of them, for s < count. */
export function keepMapped(groups: Groups, map: { at: number; view: Uint32Array }, count: number): void {
  const m = memory();
  const mark = m.kernels.scratchTop();
  m.needScratch(mark, count * 8);
  const [rows, tables] = [new Uint32Array(m.buffer, mark, count), new Uint32Array(m.buffer, mark + count * 4, count)];
  tables.fill(groups.table);
  for (let s = 0; s < count; s++) {
    rows[s] = s;
    groups.frozen!.keep(map.view[s]!);
  }
  m.kernels.keepImages(mark, count, mark + count * 4, map.at);
}

/** Gives back what a piece holds. */
export function pieceReader({ bytes, keys, values }: Piece): StateReader {
  return {
    keyed: () => {},
    whole: () => undefined,
    groups(_, take, beside) {
      take(0, bytes, ALL_GROUPS);
      keys.forEach((key, i) => beside(0, key, values[i]));
    },
  };
}

/** The key of a slot: encoded bytes, one char a byte. */
export function keyOf({ table }: Groups, slot: number): string {
  const m = memory();
  const at = m.kernels.slotKey(table, slot) >>> 0;
  return m.memory.latin1Slice(at, at + m.kernels.slotKeyLength(table, slot));
}

/** The slot of a key, given as its encoded bytes; made if need be. */
export function slotOf({ table }: Groups, key: string): number {
  const m = memory();
  const at = m.kernels.scratchTop();
  m.needScratch(at, key.length + 64);
  m.put(key, at);
  return m.kernels.tableUpsert(table, at, key.length, m.kernels.hashKey(at, key.length));
}

/** Puts groups that were saved into tables, in place of what is there under their keys. @param groupsOf what they belong to */
export function loadGroups(from: StateReader, name: string, calls: readonly Call[], groupsOf: (of: StateValue) => Groups): void {
  const m = memory();
  from.groups(name, (of, bytes, wanted) => {
    const at = m.kernels.scratchTop();
    m.needScratch(at, bytes.length + wanted.length + 8);
    m.memory.set(wanted, at);
    m.memory.set(bytes, at + wanted.length);
    m.kernels.loadPiece(groupsOf(of).table, at + wanted.length, at);
  }, (of, key, extras) => {
    const groups = groupsOf(of);
    const slot = slotOf(groups, key);
    for (const [index, state] of extras as readonly Extra[]) {
      const loaded = calls[index]!.call.accumulator.load(state);
      const states = groups.states[index];
      if (states) states[slot] = loaded;
      else groups.wideOf(index).set(slot, loaded);
    }
  });
}
