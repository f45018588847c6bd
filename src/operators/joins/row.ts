// in: rows of two inputs
// out: what a stage with two inputs keeps of them

/** What is kept of the records of one key. */
export interface KeyRows {
  readonly key: string;
  /** in order of arrival; some may be gone */
  left: Row[];
  right: Row[];
  /** how many of them are gone */
  leftGone: number;
  rightGone: number;
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
  group: KeyRows | undefined;
  /** what it is written as; see Splicer */
  parts: unknown;

  /**
   * @param key its key's bytes, one char a byte; undefined: a component is null, so that it has no partner
   * @param text its JSON, one char a byte; empty: the row is not in the stream, it only moves the watermark
   * @param watermark the one of its input before it
   */
  constructor(
    readonly isLeft: boolean,
    readonly key: string | undefined,
    readonly text: string,
    readonly time: number,
    readonly watermark: number,
    readonly windowStart: number,
    readonly windowEnd: number,
  ) {}
}

/** A row as plain data, for snapshots. */
export type SavedRow = readonly [key: string | null, text: string, time: number, watermark: number, start: number, end: number, arrival: number, isMatched: boolean];

export function saveRow(row: Row): SavedRow {
  return [row.key ?? null, row.text, row.time, row.watermark, row.windowStart, row.windowEnd, row.arrival, row.isMatched];
}

export function loadRow(saved: SavedRow, isLeft: boolean): Row {
  const [key, text, time, watermark, start, end, arrival, isMatched] = saved;
  return Object.assign(new Row(isLeft, key ?? undefined, text, time, watermark, start, end), { arrival, isMatched });
}

/** The records of each key, by key. */
export class KeyTable {
  readonly keys = new Map<string, KeyRows>();

  private get(key: string): KeyRows {
    let rows = this.keys.get(key);
    if (!rows) this.keys.set(key, (rows = { key, left: [], right: [], leftGone: 0, rightGone: 0 }));
    return rows;
  }

  /** What is kept of a key; undefined: nothing. */
  find(key: string | undefined): KeyRows | undefined {
    return key === undefined ? undefined : this.keys.get(key);
  }

  /** Keeps a row that has a key. */
  keep(row: Row): void {
    const group = (row.group = this.get(row.key!));
    (row.isLeft ? group.left : group.right).push(row);
  }

  /** The row is no longer kept. */
  drop(row: Row): void {
    const { group } = row;
    row.isGone = true;
    if (!group) return;
    row.group = undefined;
    const side = row.isLeft ? 'left' : 'right';
    const gone = row.isLeft ? ++group.leftGone : ++group.rightGone;
    // Rows are mostly taken out from the front: half of them at a time costs little.
    if (gone * 2 < group[side].length) return;
    group[side] = group[side].filter((kept) => !kept.isGone);
    if (row.isLeft) group.leftGone = 0;
    else group.rightGone = 0;
    if (group.left.length === 0 && group.right.length === 0) this.keys.delete(group.key);
  }
}
