// in: rows of two inputs
// out: what is kept of them: their bytes in kernel memory, a number for each, and lists of those of each key and side

import type { FrozenParts, HeldState, StateValue } from '../../model/state.ts';
import { FrozenSlots } from '../../state/frozen-slots.ts';
import { memory } from '../../wasm/memory.ts';
import type { RecordBytes } from './byte-splicer.ts';
import { UNKNOWN } from './byte-shapes.ts';
import { KeySlots } from './key-slots.ts';
import type { RowWindow } from './row.ts';

/** No row, or no slot. */
export const NONE = -1;

const FIRST_ROOM = 256;
/** Bytes of a row in the columns. */
const COLUMN_BYTES = 48;

/** A row's cells: address and length of its line, slot of its key, the rows of the same slot and side before and behind it, in order of arrival, shape, flags. */
const [AT, LENGTH, SLOT, BEFORE, NEXT, SHAPE, FLAGS] = [0, 1, 2, 3, 4, 5, 6];
const CELLS = 8;

const [LEFT, MATCHED, GONE] = [1, 2, 4];

/** First and last row of each side, of one slot. */
const ENDS = 4;
const placeOf = (slot: number, isLeft: boolean) => slot * ENDS + (isLeft ? 0 : 2);

/** Rows that are kept, by number; numbers of those that are released are given to others. */
export class RowStore {
  private room = FIRST_ROOM;
  times = new Float64Array(FIRST_ROOM);
  /** their places among the rows that were taken of both inputs */
  arrivals = new Float64Array(FIRST_ROOM);
  /** all else of a row stands together, since it is asked for together */
  private cells = new Int32Array(FIRST_ROOM * CELLS);
  private windows: (RowWindow | undefined)[] = [];
  private used = 0;
  private readonly released: number[] = [];
  private bytes = 0;
  private lists = new Int32Array(FIRST_ROOM * ENDS);
  private frozen: FrozenSlots | undefined;
  /** its memory is to be given back when nothing is frozen any more */
  private isOver = false;
  readonly keys = new KeySlots(
    (slot) => this.isEmpty(slot),
    (slots, count) => this.renumber(slots, count),
  );

  /** @param renumbered keys have got other slots */
  constructor(private readonly renumbered: () => void = () => {}) {}

  /** Keeps a row's line, which may move afterwards; its number is returned. */
  add(isLeft: boolean, line: number, length: number, time: number, window: RowWindow | undefined, arrival: number): number {
    const row = this.released.pop() ?? this.used++;
    if (row === this.room) this.grow();
    const { cells } = this;
    const at = row * CELLS;
    cells[at + AT] = memory().kernels.keepLine(line, length);
    cells[at + LENGTH] = length;
    cells[at + SLOT] = NONE;
    cells[at + SHAPE] = UNKNOWN;
    cells[at + FLAGS] = isLeft ? LEFT : 0;
    this.bytes += length;
    this.times[row] = time;
    this.arrivals[row] = arrival;
    if (window) this.windows[row] = window;
    return row;
  }

  private grow(): void {
    this.room *= 2;
    const { room } = this;
    const larger = <T extends { set(from: T): void }>(to: T, from: T) => (to.set(from), to);
    this.times = larger(new Float64Array(room), this.times);
    this.arrivals = larger(new Float64Array(room), this.arrivals);
    this.cells = larger(new Int32Array(room * CELLS), this.cells);
  }

  /** Puts a row behind the others of a slot and of its side. */
  link(row: number, slot: number): void {
    this.frozen?.keep(slot);
    this.makeLists(slot);
    if (this.isEmpty(slot)) this.keys.fill();
    const place = placeOf(slot, this.isLeft(row));
    const { cells, lists } = this;
    const last = lists[place + 1]! - 1;
    cells[row * CELLS + SLOT] = slot;
    cells[row * CELLS + BEFORE] = last;
    cells[row * CELLS + NEXT] = NONE;
    if (last === NONE) lists[place] = row + 1;
    else cells[last * CELLS + NEXT] = row;
    lists[place + 1] = row + 1;
  }

  private makeLists(slot: number): void {
    if ((slot + 1) * ENDS <= this.lists.length) return;
    const lists = new Int32Array(2 ** Math.ceil(Math.log2(slot + 1)) * 2 * ENDS);
    lists.set(this.lists);
    this.lists = lists;
  }

  private isEmpty(slot: number): boolean {
    // Slots behind the end of the lists have never had a row.
    return !this.lists[slot * ENDS] && !this.lists[slot * ENDS + 2];
  }

  private renumber(slots: Int32Array, count: number): void {
    this.renumbered();
    const lists = new Int32Array(Math.max(FIRST_ROOM, 2 ** Math.ceil(Math.log2(count + 1))) * ENDS);
    slots.forEach((to, from) => {
      if (to === NONE) return;
      lists.set(this.lists.subarray(from * ENDS, (from + 1) * ENDS), to * ENDS);
      for (const isLeft of [true, false]) for (let row = this.first(from, isLeft); row !== NONE; row = this.next(row)) this.cells[row * CELLS + SLOT] = to;
    });
    this.lists = lists;
  }

  /** The first row of a slot on one side; NONE: there is none. */
  first(slot: number, isLeft: boolean): number {
    return (this.lists[placeOf(slot, isLeft)] ?? 0) - 1;
  }

  /** The next row of the same slot and side; NONE: there is none. */
  next(row: number): number {
    return this.cells[row * CELLS + NEXT]!;
  }

  /** Forgets a row; its number stays taken until it is released. */
  drop(row: number): void {
    const { cells } = this;
    const at = row * CELLS;
    const length = cells[at + LENGTH]!;
    this.frozen?.keep(cells[at + SLOT]!);
    memory().kernels.free(cells[at + AT]!, length + 1);
    this.bytes -= length;
    cells[at + FLAGS]! |= GONE;
    if (this.windows.length > 0) this.windows[row] = undefined;
    if (cells[at + SLOT] !== NONE) this.unlink(row, cells[at + SLOT]!);
  }

  private unlink(row: number, slot: number): void {
    const { cells, lists } = this;
    const before = cells[row * CELLS + BEFORE]!;
    const next = cells[row * CELLS + NEXT]!;
    const place = placeOf(slot, this.isLeft(row));
    if (before === NONE) lists[place] = next + 1;
    else cells[before * CELLS + NEXT] = next;
    if (next === NONE) lists[place + 1] = before + 1;
    else cells[next * CELLS + BEFORE] = before;
    if (this.isEmpty(slot)) this.keys.leave();
  }

  /** The number of a row that was dropped may be given to another one. */
  release(row: number): void {
    this.released.push(row);
  }

  isLeft(row: number): boolean {
    return (this.cells[row * CELLS + FLAGS]! & LEFT) !== 0;
  }

  isMatched(row: number): boolean {
    return (this.cells[row * CELLS + FLAGS]! & MATCHED) !== 0;
  }

  match(row: number): void {
    this.frozen?.keep(this.slotOf(row));
    this.cells[row * CELLS + FLAGS]! |= MATCHED;
  }

  isGone(row: number): boolean {
    return (this.cells[row * CELLS + FLAGS]! & GONE) !== 0;
  }

  hasSlot(row: number): boolean {
    return this.slotOf(row) !== NONE;
  }

  windowOf(row: number): RowWindow | undefined {
    return this.windows[row];
  }

  private slotOf(row: number): number {
    return this.cells[row * CELLS + SLOT]!;
  }

  /** Sets `into` to a row's bytes. */
  bytesOf(row: number, into: RecordBytes): void {
    const { cells } = this;
    const at = row * CELLS;
    into.at = cells[at + AT]!;
    into.end = into.at + cells[at + LENGTH]!;
    into.shape = cells[at + SHAPE]!;
  }

  setShape(row: number, shape: number): void {
    this.cells[row * CELLS + SHAPE] = shape;
  }

  /** All of a slot and side that have not been dropped, in order of arrival. */
  *ofSlot(slot: number, isLeft: boolean): Iterable<number> {
    for (let row = this.first(slot, isLeft); row !== NONE; row = this.next(row)) yield row;
  }

  /**
   * What is kept of keys as it is now, while it goes on changing. One at a time: what was handed over before must have been released.
   * @param saved all rows of a slot as plain data
   */
  freeze(name: string, saved: (slot: number) => StateValue): FrozenParts {
    const { keys } = this;
    keys.isFrozen = true;
    const slots = { count: keys.count, keyOf: (slot: number) => keys.keyOf(slot), saved: (slot: number) => (this.isEmpty(slot) ? undefined : saved(slot)) };
    return (this.frozen = new FrozenSlots(name, slots, () => this.thaw()));
  }

  private thaw(): void {
    this.keys.isFrozen = false;
    this.frozen = undefined;
    if (this.isOver) this.free();
  }

  /** Slots of which something is kept. */
  *filled(): Iterable<number> {
    const { count } = this.keys;
    for (let slot = 0; slot < count; slot++) if (!this.isEmpty(slot)) yield slot;
  }

  /** All rows that have a slot, key by key. */
  *keyed(): Iterable<number> {
    for (const slot of this.filled()) {
      yield* this.ofSlot(slot, true);
      yield* this.ofSlot(slot, false);
    }
  }

  /** Gives back the memory of all rows; nothing may be asked of it any more. What is frozen can still be taken. */
  free(): void {
    this.isOver = true;
    if (this.frozen) return;
    const { cells } = this;
    for (let row = 0; row < this.used; row++) if (!this.isGone(row)) memory().kernels.free(cells[row * CELLS + AT]!, cells[row * CELLS + LENGTH]! + 1);
    this.keys.free();
  }

  textOf(row: number): string {
    const at = this.cells[row * CELLS + AT]!;
    return memory().memory.latin1Slice(at, at + this.cells[row * CELLS + LENGTH]!);
  }

  /** Its key's bytes, one char a byte; undefined: it has none. */
  keyOf(row: number): string | undefined {
    return this.hasSlot(row) ? this.keys.keyOf(this.slotOf(row)) : undefined;
  }

  held(): HeldState {
    return { keys: this.keys.used, bytes: this.keys.bytes + this.bytes + (this.used - this.released.length) * COLUMN_BYTES };
  }
}
