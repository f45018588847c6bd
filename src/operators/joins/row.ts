// in: rows of two inputs
// out: what a stage with two inputs keeps of them

import type { StateValue } from '../../model/state.ts';
import { type Kept, KeyedState } from '../../state/keyed-state.ts';

/** What is kept of the records of one key. */
export interface KeyRows extends Kept {
  readonly key: string;
  /** in order of arrival; some may be gone */
  left: Row[];
  right: Row[];
  /** how many of them are gone */
  leftGone: number;
  rightGone: number;
}

/** The window that a row belongs to. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** A row of one of the inputs, as it outlives its batch. */
export class Row {
  /** its place among the rows that were taken of both inputs */
  arrival = 0;
  /** it has had a partner */
  isMatched = false;
  /** it is no longer kept */
  isGone = false;
  /** what is kept of its key */
  group: KeyRows | undefined = undefined;
  /** what it is written as; see Splicer */
  parts: unknown = undefined;

  /**
   * @param key its key's bytes, one char a byte; undefined: a component is null, so that it has no partner
   * @param text its JSON, one char a byte
   */
  constructor(
    readonly isLeft: boolean,
    readonly key: string | undefined,
    readonly text: string,
    readonly time: number,
    readonly window: RowWindow | undefined,
  ) {}
}

/** A row as plain data, for snapshots. */
export type SavedRow = readonly [key: string | null, text: string, time: number, start: number | null, end: number | null, arrival: number, isMatched: boolean];

/** Where a saved row has its key, its time and its arrival. */
export const [KEY, TIME, ARRIVAL] = [0, 2, 5] as const;

export function saveRow(row: Row): SavedRow {
  return [row.key ?? null, row.text, row.time, row.window?.start ?? null, row.window?.end ?? null, row.arrival, row.isMatched];
}

export function loadRow(saved: SavedRow, isLeft: boolean): Row {
  const [key, text, time, start, end, arrival, isMatched] = saved;
  return Object.assign(new Row(isLeft, key ?? undefined, text, time, start === null ? undefined : { start, end: end! }), { arrival, isMatched });
}

/** Left rows before right ones, each in order of arrival. */
export function bySide(a: Row, b: Row): number {
  return Number(b.isLeft) - Number(a.isLeft) || a.arrival - b.arrival;
}

/** Most keys have rows of one side only. Nothing may be put in here. */
const NONE: Row[] = [];

/** The records of each key, by key. */
export class KeyTable {
  readonly keys: KeyedState<KeyRows>;

  /** @param save see KeptRules */
  constructor(name: string, save: (rows: KeyRows) => StateValue) {
    this.keys = new KeyedState(name, { save });
  }

  private get(key: string): KeyRows {
    let rows = this.keys.get(key);
    if (!rows) this.keys.set(key, (rows = { version: 0, key, left: NONE, right: NONE, leftGone: 0, rightGone: 0 }));
    return rows;
  }

  /** What is kept of a key, which may change from here on; undefined: nothing. */
  find(key: string | undefined): KeyRows | undefined {
    return key === undefined ? undefined : this.keys.get(key);
  }

  /** Keeps a row that has a key. `group`: what `find` gave for the key, if nothing has been dropped since. */
  keep(row: Row, group?: KeyRows): void {
    const rows = (row.group = group ?? this.get(row.key!));
    const side = row.isLeft ? rows.left : rows.right;
    if (side !== NONE) side.push(row);
    else if (row.isLeft) rows.left = [row];
    else rows.right = [row];
  }

  /** The row is no longer kept. Its key was looked up by `find` since the last batch. */
  drop(row: Row): void {
    const { group } = row;
    row.isGone = true;
    if (!group) return;
    row.group = undefined;
    if (row.isLeft) {
      // Rows are mostly taken out from the front: half of them at a time costs little.
      if (++group.leftGone * 2 < group.left.length) return;
      group.left = stillKept(group.left, group.leftGone);
      group.leftGone = 0;
    } else {
      if (++group.rightGone * 2 < group.right.length) return;
      group.right = stillKept(group.right, group.rightGone);
      group.rightGone = 0;
    }
    if (group.left.length === 0 && group.right.length === 0) this.keys.delete(group.key);
  }

  /** All rows that are kept, key by key. */
  *rows(): Iterable<Row> {
    for (const [, { left, right }] of this.keys.entries()) {
      for (const row of left) if (!row.isGone) yield row;
      for (const row of right) if (!row.isGone) yield row;
    }
  }
}

function stillKept(rows: readonly Row[], gone: number): Row[] {
  return gone === rows.length ? NONE : rows.filter((row) => !row.isGone);
}

/** What is kept of a key, as plain data. */
export interface SavedRows {
  readonly left: readonly SavedRow[];
  readonly right: readonly SavedRow[];
}

export function saveRows({ left, right }: KeyRows): SavedRows {
  const rows = (side: readonly Row[]) => side.filter((row) => !row.isGone).map(saveRow);
  return { left: rows(left), right: rows(right) };
}

export function loadRows({ left, right }: SavedRows): Row[] {
  return [...left.map((row) => loadRow(row, true)), ...right.map((row) => loadRow(row, false))];
}
