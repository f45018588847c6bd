// in: rows of two inputs
// out: pairs of equal key that fall into the same window

import type { OperatorContext } from '../../model/stage.ts';
import { orderText } from '../../model/order.ts';
import { type Evictable, type HeldState, NONE_EVICTED, type StateReader, type StateValue, type StateWriter } from '../../model/state.ts';
import { heldList, sumHeld } from '../../state/held.ts';
import type { Grid } from '../windows/grid.ts';
import { OpenWindows, type OwnWindow } from '../windows/open.ts';
import type { InputRows } from './input-rows.ts';
import type { LateRows } from './late-rows.ts';
import { Meeting } from './meeting.ts';
import type { MergePlan } from './branch-merge.ts';
import { Merge } from './merge.ts';
import type { JoinResults } from './results.ts';
import type { Place } from './result-maker.ts';
import { bySide, KeyTable, loadRow, loadRows, Row, type SavedRow, type SavedRows, saveRow, saveRows } from './row.ts';
import type { JoinRules } from './types.ts';

/** What is kept of a window. */
interface Content {
  readonly table: KeyTable;
  /** rows that have no key, and come out alone */
  readonly keyless: Row[];
}

/** The rows of a key and window, as plain data. */
interface OwnRows {
  readonly start: number;
  readonly end: number;
  readonly rows: SavedRows;
}

/** A row of a window, as plain data. */
interface WindowRow {
  readonly start: number;
  readonly end: number;
  readonly isLeft: boolean;
  readonly row: SavedRow;
}

/** Pairs come out at once, rows without a partner when the window is over (Flink SQL: WindowJoinOperator, which waits with both). */
export class WindowJoin extends Merge implements Evictable {
  readonly evictable = this;
  private readonly open = new OpenWindows<Content>((start, end) => ({ table: new KeyTable('rows', (rows) => ({ start, end, rows: saveRows(rows) }) satisfies OwnRows), keyless: [] }));
  private readonly meeting: Meeting;

  constructor(
    context: OperatorContext,
    merge: MergePlan,
    private readonly rules: JoinRules,
    private readonly grid: Grid,
    left: InputRows,
    right: InputRows,
    private readonly results: JoinResults,
    private readonly late: LateRows,
  ) {
    super(context, merge, left, right);
    this.meeting = new Meeting(rules, results);
  }

  /** A record is late when all its windows are over. */
  protected take(row: Row): void {
    const pane = this.grid.pane(row.time);
    if (Number.isNaN(pane)) return;
    const last = this.grid.lastEnd(pane);
    if (last - 1 <= this.now) {
      this.late.add(row, this.now, last - 2);
      return;
    }
    if (row.key !== undefined) this.need(row.key);
    for (let end = this.grid.nextEnd(pane, Number.NEGATIVE_INFINITY); end < Number.POSITIVE_INFINITY; end = this.grid.nextEnd(pane, end)) {
      if (end - 1 > this.now) this.takeInto(end === last ? row : copyOf(row), this.grid.startOf(end), end);
    }
  }

  private get isOnDisk(): boolean {
    return this.context.evicted !== NONE_EVICTED;
  }

  private takeInto(row: Row, start: number, end: number): void {
    const { table, keyless } = this.open.get(start, end).content;
    const place: Place = { time: end - 1, window: { start, end } };
    const at = () => place;
    const group = table.find(row.key);
    const others = group ? (row.isLeft ? group.right : group.left).filter((other) => !other.isGone) : [];
    if (!this.meeting.meet(row, others, table, at, at)) return;
    if (row.key !== undefined) table.keep(row);
    else if (this.meeting.comesAlone(row)) keyless.push(row);
  }

  protected step(watermark: number): void {
    const { evicted } = this.context;
    const first = Math.min(this.open.nextEnd - 1, evicted.nextDue);
    if (first <= watermark && first < Number.POSITIVE_INFINITY) {
      evicted.fire(watermark, (until) => this.closeUntil(until));
      if (this.isOnDisk) this.putSorted();
    }
    this.results.watermark = watermark;
  }

  private closeUntil(watermark: number): void {
    const closed = this.open.takeUntil(watermark + 1);
    if (!this.rules.leftAlone && !this.rules.rightAlone) return;
    for (const window of closed) {
      if (this.isOnDisk) this.sort(window);
      else this.close(window);
    }
  }

  private close({ start, end, content }: OwnWindow<Content>): void {
    const place: Place = { time: end - 1, window: { start, end } };
    for (const row of this.aloneIn(content).sort(bySide)) this.meeting.alone(row, place);
  }

  private aloneIn({ table, keyless }: Content): Row[] {
    const alone = [...keyless];
    for (const row of table.rows()) if (this.meeting.comesAlone(row)) alone.push(row);
    return alone;
  }

  /** Not all keys of a window are in memory together. */
  private sort({ start, end, content }: OwnWindow<Content>): void {
    const { sorted } = this.context.evicted;
    for (const row of this.aloneIn(content)) sorted.add(orderText(end, row.isLeft ? 0 : 1, row.arrival), { start, end, isLeft: row.isLeft, row: saveRow(row) });
  }

  private putSorted(): void {
    this.context.evicted.sorted.take((value) => {
      const { start, end, isLeft, row } = value as WindowRow;
      this.meeting.alone(loadRow(row, isLeft), { time: end - 1, window: { start, end } });
    });
  }

  protected flush(): void {
    this.results.flush();
  }

  protected heldRows(): HeldState {
    return sumHeld(this.open.all().flatMap(({ content: { table, keyless } }) => [table.keys.held(), heldList(keyless, keyless.length)]));
  }

  save(to: StateWriter): void {
    for (const { content } of this.open.all()) content.table.keys.save(to);
    const keyless = this.open.all().flatMap(({ start, end, content }) => content.keyless.map((row) => ({ start, end, isLeft: row.isLeft, row: saveRow(row) })));
    to.whole('rest', { keyless, watermark: this.results.watermark });
  }

  load(from: StateReader): void {
    from.keyed('rows', (_, saved) => {
      const { start, end, rows } = saved as OwnRows;
      for (const row of loadRows(rows)) this.open.get(start, end).content.table.keep(row);
    });
    const rest = from.whole('rest') as { keyless: WindowRow[]; watermark: number } | undefined;
    for (const { start, end, isLeft, row } of rest?.keyless ?? []) this.open.get(start, end).content.keyless.push(loadRow(row, isLeft));
    this.results.watermark = rest?.watermark ?? this.results.watermark;
  }

  evict(): void {
    for (const { content } of this.open.all()) content.table.keys.clear();
  }

  due(_: string, saved: StateValue): string {
    return orderText((saved as OwnRows).end - 1);
  }
}

/** A row is kept once for each window. */
function copyOf(row: Row): Row {
  const copy = new Row(row.isLeft, row.key, row.text, row.time, row.window);
  copy.arrival = row.arrival;
  return copy;
}
