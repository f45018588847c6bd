// in: rows of batches with their keys, aggregates of a stage
// out: groups: what the rows of each key add up to, in one table per window or pane

import type { AggregateCall } from '../../expr/aggregates/call.ts';
import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { Piece, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import { Call } from './calls.ts';
import { Groups } from './group-table.ts';
import type { Keys } from './keys.ts';
import { FrozenGroups, keepImages, keepMapped, keyOf, loadGroups, pieceReader, slotOf } from './saved-groups.ts';

/** Spare tables that are kept for the windows to come. */
const SPARE = 16;

/** Makes, fills and merges the groups of one stage. */
export class GroupStore {
  readonly calls: readonly Call[];
  private readonly bytes: number;
  private readonly others: readonly boolean[];
  private readonly slotsOf = memory().u32(MAX_ROWS);
  private readonly spare: number[] = [];
  /** groups that are being saved; true: they are to be closed behind that */
  private readonly frozen = new Map<Groups, boolean>();
  private readonly sorted = new Room();
  private readonly mapped = new Room();

  constructor(calls: readonly AggregateCall[]) {
    let offset = 0;
    this.calls = calls.map((call, index) => {
      const made = new Call(call, index, offset);
      offset += made.bytes;
      return made;
    });
    this.bytes = offset;
    this.others = this.calls.map((c) => c.kind === 'other');
  }

  open(): Groups {
    return new Groups(this.spare.pop() ?? memory().kernels.tableNew(this.bytes), this.others);
  }

  /** The groups are not needed any more. */
  close(groups: Groups): void {
    if (groups.frozen) {
      this.frozen.set(groups, true);
      return;
    }
    const { kernels } = memory();
    const { table } = groups;
    if (this.spare.length === SPARE) {
      kernels.tableFree(table);
      return;
    }
    kernels.tableClear(table);
    this.spare.push(table);
  }

  /** Takes all groups out. */
  clear(groups: Groups): void {
    memory().kernels.tableClear(groups.table);
    groups.clear();
  }

  /** Evaluates what the aggregates read, for the selected rows. */
  prepare(batch: Batch): void {
    for (const call of this.calls) call.prepare(batch);
  }

  /** Adds rows of the batch that was prepared: row r to its key's group in groupsOf[r], whose table is tables[r]. */
  add(batch: Batch, rows: { at: number; view: Uint32Array }, count: number, tables: number, groupsOf: readonly Groups[], keys: Keys): void {
    const { slotsOf: slots } = this;
    memory().kernels.assignSlots(rows.at, count, tables, keys.start.at, keys.length.at, keys.hash.at, slots.at);
    const grouped = { at: rows.at, view: rows.view, count, tables, slots: slots.at, slotOf: slots.view, groupsOf };
    if (this.frozen.size > 0) keepImages(grouped);
    for (const call of this.calls) call.add(batch, grouped);
  }

  /** By row: the slot of its key in the table whose address stands at `tables` for the row, made if need be. Valid until the next call. */
  slots(batch: Batch, tables: number, keys: Keys): Uint32Array {
    memory().kernels.assignSlots(batch.at.sel, batch.count, tables, keys.start.at, keys.length.at, keys.hash.at, this.slotsOf.at);
    return this.slotsOf.view;
  }

  /** The slot of a row's key, made if need be. */
  slot(groups: Groups, keys: Keys, row: number): number {
    return memory().kernels.tableUpsert(groups.table, keys.start.view[row]!, keys.length.view[row]!, keys.hash.view[row]!);
  }

  /** Whether there is a group of a row's key. */
  has(groups: Groups, keys: Keys, row: number): boolean {
    return memory().kernels.tableFind(groups.table, keys.start.view[row]!, keys.length.view[row]!, keys.hash.view[row]!) >= 0;
  }

  /** The slot of a key, given as the bytes of its encoding; made if need be. */
  slotOf(groups: Groups, key: string): number {
    return slotOf(groups, key);
  }

  /** The key of a slot, as the bytes of its encoding. */
  keyOf(groups: Groups, slot: number): string {
    return keyOf(groups, slot);
  }

  /** Makes the group of the empty key, which is there without any record. */
  openEmpty(groups: Groups): void {
    slotOf(groups, '');
  }

  /** New groups of all that the parts hold, which stay as they are; earlier parts first. */
  merged(parts: readonly Groups[]): Groups {
    const to = this.open();
    for (const from of parts) this.merge(to, from);
    return to;
  }

  /** Adds what a piece holds, whose rows came behind those of the groups. */
  absorb(to: Groups, piece: Piece): void {
    const from = this.open();
    this.load(pieceReader(piece), 'groups', () => from);
    this.merge(to, from);
    this.close(from);
  }

  private merge(to: Groups, from: Groups): void {
    const map = this.mapped.ensure(from.size);
    memory().kernels.mapSlots(to.table, from.table, map.at);
    if (to.frozen) keepMapped(to, map, from.size);
    for (const call of this.calls) call.merge(to, from, map);
  }

  /** All groups, a piece at a time; they may not change meanwhile. */
  pieces(groups: Groups): FrozenGroups {
    return new FrozenGroups(groups, this.calls, () => {});
  }

  /** Hands over all groups. They may change and be closed meanwhile: what is taken is as it was now. @param of which of several they are */
  save(to: StateWriter, name: string, of: StateValue, groups: Groups): void {
    this.frozen.set(groups, false);
    const frozen = new FrozenGroups(groups, this.calls, () => this.thawed(groups));
    groups.frozen = frozen;
    to.groups(name, of, frozen);
  }

  private thawed(groups: Groups): void {
    const isClosed = this.frozen.get(groups);
    this.frozen.delete(groups);
    groups.frozen = undefined;
    if (isClosed) this.close(groups);
  }

  /** Puts groups that were handed over in their place. */
  load(from: StateReader, name: string, groupsOf: (of: StateValue) => Groups): void {
    loadGroups(from, name, this.calls, groupsOf);
  }

  /** All slots in the order of their keys; valid until the next call. */
  order(groups: Groups): { at: number; view: Uint32Array } {
    const slots = this.sorted.ensure(groups.size);
    memory().kernels.sortSlots(groups.table, slots.at);
    return slots;
  }
}

/** An array of u32 in kernel memory that can be asked to be larger. */
class Room {
  private made = memory().u32(64);

  ensure(length: number): { at: number; view: Uint32Array } {
    if (length > this.made.view.length) {
      memory().free(this.made.at, this.made.view.byteLength);
      this.made = memory().u32(2 ** Math.ceil(Math.log2(length)));
    }
    return this.made;
  }
}
