// in: rows of two inputs
// out: pairs of equal key that fall into the same window

import type { OperatorContext } from '../../model/stage.ts';
import type { HeldState, StateReader, StateWriter } from '../../model/state.ts';
import { heldList, sumHeld } from '../../state/held.ts';
import type { Grid } from '../windows/grid.ts';
import { OpenWindows } from '../windows/open.ts';
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

/** Pairs come out at once, rows without a partner when the window is over (Flink SQL: WindowJoinOperator, which waits with both). */
export class WindowJoin extends Merge {
  private readonly open = new OpenWindows<Content>((start, end) => ({ table: new KeyTable('rows', (rows) => ({ start, end, rows: saveRows(rows) })), keyless: [] }));
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
    for (let end = this.grid.nextEnd(pane, Number.NEGATIVE_INFINITY); end < Number.POSITIVE_INFINITY; end = this.grid.nextEnd(pane, end)) {
      if (end - 1 > this.now) this.takeInto(end === last ? row : copyOf(row), this.grid.startOf(end), end);
    }
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
    if (this.open.nextEnd - 1 <= watermark && this.open.nextEnd < Number.POSITIVE_INFINITY) {
      for (const { start, end, content } of this.open.takeUntil(watermark + 1)) this.close(content, { time: end - 1, window: { start, end } });
    }
    this.results.watermark = watermark;
  }

  private close({ table, keyless }: Content, place: Place): void {
    if (!this.rules.leftAlone && !this.rules.rightAlone) return;
    const alone = [...keyless];
    for (const row of table.rows()) if (this.meeting.comesAlone(row)) alone.push(row);
    alone.sort(bySide);
    for (const row of alone) this.meeting.alone(row, place);
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
      const { start, end, rows } = saved as { start: number; end: number; rows: SavedRows };
      for (const row of loadRows(rows)) this.open.get(start, end).content.table.keep(row);
    });
    const rest = from.whole('rest') as { keyless: { start: number; end: number; isLeft: boolean; row: SavedRow }[]; watermark: number } | undefined;
    for (const { start, end, isLeft, row } of rest?.keyless ?? []) this.open.get(start, end).content.keyless.push(loadRow(row, isLeft));
    this.results.watermark = rest?.watermark ?? this.results.watermark;
  }
}

/** A row is kept once for each window. */
function copyOf(row: Row): Row {
  const copy = new Row(row.isLeft, row.key, row.text, row.time, row.window);
  copy.arrival = row.arrival;
  return copy;
}
