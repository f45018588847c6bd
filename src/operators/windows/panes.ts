// in: records with event time, their keys, a grid of windows
// out: a row per window and key when the watermark passes the window's end

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext } from '../../model/stage.ts';
import { orderText } from '../../model/order.ts';
import { unwrap } from '../../model/token.ts';
import { memory } from '../../wasm/memory.ts';
import type { Groups } from '../groups/group-table.ts';
import type { GroupStore } from '../groups/groups.ts';
import type { Keys } from '../groups/keys.ts';
import { CallPrinter } from '../groups/print.ts';
import type { ResultRows } from '../groups/results.ts';
import type { Grid } from './grid.ts';
import type { LateRecords } from './late.ts';
import { TimedOperator } from './timed-operator.ts';

/** Groups of the records in one pane. */
interface Pane {
  readonly start: number;
  /** end of the last window that holds it */
  readonly lastEnd: number;
  readonly groups: Groups;
}

export interface PaneOptions {
  readonly grid: Grid;
  /** ms that a window is kept behind its end */
  readonly lateness: number;
  /** ms between results of an open window; 0: none */
  readonly early: number;
}

/** Windows of fixed places in time (Flink: WindowOperator with EventTimeTrigger, accumulating). */
export class PaneWindows extends TimedOperator {
  /** by start, ascending */
  private readonly panes: Pane[] = [];
  private nextEnd = Number.POSITIVE_INFINITY;
  /** the next multiple of `early` while windows are open */
  private nextEarly = Number.POSITIVE_INFINITY;
  private readonly firsts: CallPrinter | undefined;
  private last: Pane | undefined;
  private readonly rows = memory().u32(MAX_ROWS);
  private readonly tables = memory().u32(MAX_ROWS);
  private readonly groupsOf: Groups[] = new Array(MAX_ROWS);
  private rowCount = 0;

  constructor(
    context: OperatorContext,
    private readonly options: PaneOptions,
    private readonly keys: Keys,
    private readonly store: GroupStore,
    private readonly results: ResultRows,
    private readonly late: LateRecords,
  ) {
    super(context);
    if (options.early > 0) this.firsts = new CallPrinter(store.calls.at(-1)!);
  }

  protected passOn(after: number): void {
    this.results.finishBatch(after);
  }

  protected take(batch: Batch): void {
    this.keys.encode(batch);
    this.store.prepare(batch);
    const { sel, count, watermark: watermarks, time } = batch;
    for (let k = 0; k < count; k++) {
      const row = sel[k]!;
      const watermark = watermarks[row]!;
      if (watermark >= this.nextTimer()) {
        this.addRows(batch);
        this.timeline.to(batch, row);
      }
      const pane = this.paneOf(time[row]!, watermark + 1);
      if (pane && this.firsts) this.expectEarly(time[row]!);
      if (pane) this.takeRow(batch, row, pane, watermark + 1);
      else if (pane === null) this.late.add(row, watermark, this.keptUntil(time[row]!));
    }
    this.addRows(batch);
    this.late.flush(batch);
  }

  /** A record's key prints at the first multiple behind the record. */
  private expectEarly(time: number): void {
    const { early } = this.options;
    this.nextEarly = Math.min(this.nextEarly, (Math.floor(time / early) + 1) * early);
  }

  private takeRow(batch: Batch, row: number, pane: Pane, bound: number): void {
    this.rows.view[this.rowCount++] = row;
    this.tables.view[row] = pane.groups.table;
    this.groupsOf[row] = pane.groups;
    if (this.options.lateness > 0 && this.options.grid.nextEnd(pane.start, Number.NEGATIVE_INFINITY) <= bound) {
      this.addRows(batch);
      this.results.watermark = bound - 1;
      this.context.cause.sequence = batch.sequence[row]!;
      this.fireAgain(row, pane, bound);
    }
  }

  /** The latest watermark at which a record of that time is not late. */
  private keptUntil(time: number): number {
    const { grid, lateness } = this.options;
    return grid.lastEnd(grid.pane(time)) + lateness - 2;
  }

  /** The pane of a time; undefined: it is in no window; null: all its windows are over. */
  private paneOf(time: number, bound: number): Pane | undefined | null {
    const { grid, lateness } = this.options;
    const start = grid.pane(time);
    let pane = this.last;
    if (pane === undefined || pane.start !== start) pane = this.find(start);
    if (pane === undefined) {
      if (Number.isNaN(start)) return undefined;
      const lastEnd = grid.lastEnd(start);
      if (lastEnd + lateness <= bound) return null;
      pane = this.open(start, lastEnd, bound);
    } else if (pane.lastEnd + lateness <= bound) return null;
    this.last = pane;
    return pane;
  }

  private find(start: number): Pane | undefined {
    const { panes } = this;
    // Most records are of the newest panes.
    for (let i = panes.length - 1; i >= 0; i--) {
      const pane = panes[i]!;
      if (pane.start === start) return pane;
      if (pane.start < start) return undefined;
    }
    return undefined;
  }

  private open(start: number, lastEnd: number, bound: number): Pane {
    const pane = { start, lastEnd, groups: this.store.open() };
    let i = this.panes.length;
    while (i > 0 && this.panes[i - 1]!.start > start) i--;
    this.panes.splice(i, 0, pane);
    this.nextEnd = Math.min(this.nextEnd, this.options.grid.nextEnd(start, bound));
    return pane;
  }

  /** Gives the rows so far to their groups. */
  private addRows(batch: Batch): void {
    if (this.rowCount === 0) return;
    this.store.add(batch, this.rows, this.rowCount, this.tables.at, this.groupsOf, this.keys);
    this.rowCount = 0;
  }

  nextTimer(): number {
    const end = this.nextEnd - 1;
    return end < this.nextEarly ? end : this.nextEarly;
  }

  /** Fires what the watermark reaches, in order of ends, and lets go of what no window needs any more. */
  fire(watermark: number, before: number): void {
    this.results.watermark = before;
    for (let at = this.nextTimer(); at < Number.POSITIVE_INFINITY && at <= watermark; at = this.nextTimer()) {
      if (this.nextEarly < this.nextEnd - 1) this.fireEarly(this.nextEarly, before);
      else this.fireEnd(this.nextEnd);
    }
    this.closePanes(watermark + 1);
  }

  private fireEnd(end: number): void {
    this.fireWindow(this.options.grid.startOf(end), end);
    this.nextEnd = this.endBehind(end);
    if (this.nextEnd === Number.POSITIVE_INFINITY) this.nextEarly = Number.POSITIVE_INFINITY;
  }

  /**
   * What open windows hold at a multiple of `early`, of keys that had their first record before it
   * (Flink: ContinuousEventTimeTrigger, which prints whether or not something has changed).
   */
  private fireEarly(at: number, before: number): void {
    const { grid, early } = this.options;
    const ends = new Set<number>();
    const passed = Math.max(at, before) + 1;
    for (const pane of this.panes) {
      for (let end = grid.nextEnd(pane.start, passed); end < Number.POSITIVE_INFINITY; end = grid.nextEnd(pane.start, end)) ends.add(end);
    }
    for (const end of [...ends].sort((a, b) => a - b)) this.fireWindow(grid.startOf(end), end, at);
    this.nextEarly = at + early;
  }

  private endBehind(after: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const pane of this.panes) least = Math.min(least, this.options.grid.nextEnd(pane.start, after));
    return least;
  }

  private closePanes(bound: number): void {
    while (this.panes.length > 0 && this.panes[0]!.lastEnd + this.options.lateness <= bound) {
      const pane = this.panes.shift()!;
      if (this.last === pane) this.last = undefined;
      this.store.close(pane.groups);
    }
  }

  private panesIn(start: number, end: number): Groups[] {
    const found: Groups[] = [];
    for (const pane of this.panes) if (pane.start >= start && pane.start < end) found.push(pane.groups);
    return found;
  }

  /** Prints all keys of a window, or those whose first record was before `early`. */
  private fireWindow(start: number, end: number, early?: number): void {
    const parts = this.panesIn(start, end);
    if (parts.length === 0) return;
    const groups = parts.length === 1 ? parts[0]! : this.store.merged(parts);
    this.results.window(start, end);
    this.context.cause.order = early === undefined ? `${orderText(end - 1)}0` : `${orderText(early)}1`;
    if (early === undefined) this.results.emitAll(groups, end - 1);
    else this.results.emitSlots(groups, this.startedBefore(groups, early), () => end - 1);
    if (parts.length > 1) this.store.close(groups);
  }

  /** Slots in key order whose first record was before `time`, as the last call of the store tells. */
  private startedBefore(groups: Groups, time: number): number[] {
    const slots = [...this.store.order(groups).view.subarray(0, groups.size)];
    return slots.filter((slot) => Number(unwrap(this.firsts!.value(groups, slot))) < time);
  }

  /** A late record that its windows still take: those that have fired print the record's key again. */
  private fireAgain(row: number, pane: Pane, bound: number): void {
    const { grid, lateness } = this.options;
    let end = grid.nextEnd(pane.start, bound - lateness);
    for (; end <= bound && end < Number.POSITIVE_INFINITY; end = grid.nextEnd(pane.start, end)) {
      const start = grid.startOf(end);
      const parts = this.panesIn(start, end);
      const groups = parts.length === 1 ? parts[0]! : this.store.merged(parts);
      this.results.window(start, end);
      this.results.emitKey(groups, this.keys, row, end - 1);
      if (parts.length > 1) this.store.close(groups);
    }
  }
}
