// in: records with event time, their keys, a grid of windows
// out: a row per window and key when the watermark passes the window's end

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext, PartialGroups } from '../../model/stage.ts';
import { orderText } from '../../model/order.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import type { Groups } from '../groups/group-table.ts';
import type { GroupStore } from '../groups/groups.ts';
import type { Keys } from '../groups/keys.ts';
import type { ResultRows } from '../groups/results.ts';
import { EarlyResults } from './early-results.ts';
import type { Grid } from './grid.ts';
import type { LateRecords } from './late.ts';
import { type Pane, PaneList } from './pane-list.ts';
import { TimedOperator } from './timed-operator.ts';

export interface PaneOptions {
  readonly grid: Grid;
  /** ms that a window is kept behind its end */
  readonly lateness: number;
  /** ms between results of an open window; 0: none */
  readonly early: number;
}

/** Windows of fixed places in time (Flink: WindowOperator with EventTimeTrigger, accumulating). */
export class PaneWindows extends TimedOperator implements Evictable {
  readonly evictable = this;
  /** early results of a key may be of several windows, and come out by window */
  readonly isDueTogether: boolean;
  private readonly panes: PaneList;
  private nextEnd = Number.POSITIVE_INFINITY;
  private readonly early: EarlyResults | undefined;
  private last: Pane | undefined;
  /** the time up to which all has fired */
  private fired = Number.NEGATIVE_INFINITY;
  private readonly rows = memory().u32(MAX_ROWS);
  private readonly tables = memory().u32(MAX_ROWS);
  private readonly groupsOf: Groups[] = new Array(MAX_ROWS);
  private rowCount = 0;

  constructor(
    context: OperatorContext,
    private readonly options: PaneOptions,
    readonly keys: Keys,
    private readonly store: GroupStore,
    private readonly results: ResultRows,
    private readonly late: LateRecords,
  ) {
    super(context);
    this.panes = new PaneList(options.grid, store);
    this.isDueTogether = options.early > 0;
    if (options.early > 0) this.early = new EarlyResults(options.early, options.grid, this.panes, store, (end, slotsOf) => this.fireWindow(end, end - 1, slotsOf));
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
      if (watermark >= this.timeline.next) {
        this.addRows(batch);
        this.timeline.to(batch, row);
      }
      const pane = this.paneOf(time[row]!, watermark + 1);
      if (pane && this.early?.comesLate(time[row]!, watermark)) {
        this.addRows(batch);
        this.early.begin(batch, row, pane, this.keys);
      }
      if (pane) this.takeRow(batch, row, pane, watermark + 1);
      else if (pane === null) this.late.add(row, watermark, this.keptUntil(time[row]!));
    }
    this.addRows(batch);
    this.late.flush(batch);
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

  /** Late records print their keys again, and records begin what is printed early: of these stages rows must come one by one. */
  absorb({ of, rows, watermark, piece }: PartialGroups): boolean {
    const pane = this.paneAt(of, this.timeline.now + 1);
    if (pane) this.store.absorb(pane.groups, piece);
    else this.late.addAll(rows, watermark, this.keptUntil(of));
    return pane !== null;
  }

  /** The pane of a time; undefined: it is in no window; null: all its windows are over. */
  private paneOf(time: number, bound: number): Pane | undefined | null {
    return this.paneAt(this.options.grid.pane(time), bound);
  }

  private paneAt(start: number, bound: number): Pane | undefined | null {
    const { grid, lateness } = this.options;
    let pane = this.last;
    if (pane === undefined || pane.start !== start) pane = this.panes.find(start);
    if (pane === undefined) {
      if (Number.isNaN(start)) return undefined;
      if (grid.lastEnd(start) + lateness <= bound) return null;
      pane = this.panes.open(start);
      this.nextEnd = Math.min(this.nextEnd, grid.nextEnd(start, bound));
    } else if (pane.lastEnd + lateness <= bound) return null;
    this.last = pane;
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
    return this.early ? Math.min(end, this.early.times.next) : end;
  }

  /** Fires what the watermark reaches, in order of ends, and lets go of what no window needs any more. */
  fire(_: number, before: number, until: number): void {
    this.results.watermark = before;
    for (let at = this.nextTimer(); at < Number.POSITIVE_INFINITY && at <= until; at = this.nextTimer()) {
      if (at < this.nextEnd - 1) {
        this.context.cause.order = `${orderText(at)}1`;
        this.early!.fire(at);
      }
      else this.fireEnd(this.nextEnd);
    }
    this.last = undefined;
    this.fired = until;
    this.panes.closeUntil(until + 1 - this.options.lateness);
  }

  private fireEnd(end: number): void {
    this.context.cause.order = `${orderText(end - 1)}0`;
    this.fireWindow(end, end - 1);
    this.nextEnd = this.panes.endBehind(end);
    if (this.nextEnd === Number.POSITIVE_INFINITY) this.early?.times.stop();
  }

  /** Prints what a window holds, all or some of it, with that event time; returns the number of rows. */
  private fireWindow(end: number, time: number, slotsOf?: (groups: Groups) => number[]): number {
    const start = this.options.grid.startOf(end);
    const parts = this.panes.within(start, end);
    if (parts.length === 0) return 0;
    const groups = parts.length === 1 ? parts[0]! : this.store.merged(parts);
    const slots = slotsOf?.(groups);
    const count = slots ? slots.length : groups.size;
    if (count > 0) this.results.window(start, end);
    if (slots) this.results.emitSlots(groups, slots, () => time);
    else this.results.emitAll(groups, time);
    if (parts.length > 1) this.store.close(groups);
    return count;
  }

  /** A late record that its windows still take: those that have fired print the record's key again. */
  private fireAgain(row: number, pane: Pane, bound: number): void {
    const { grid, lateness } = this.options;
    let end = grid.nextEnd(pane.start, bound - lateness);
    for (; end <= bound && end < Number.POSITIVE_INFINITY; end = grid.nextEnd(pane.start, end)) {
      this.fireWindow(end, end - 1, (groups) => [this.store.slot(groups, this.keys, row)]);
    }
  }

  held(): HeldState {
    return this.panes.held();
  }

  /** When the first window fires that a pane is in and that has not, or the key prints early; behind the last one, when the pane is let go. */
  due(name: string, value: StateValue): string {
    if (name === 'begun') return orderText((value as readonly number[])[1]!);
    const { grid, lateness } = this.options;
    const [start, beside] = value as readonly [start: number, beside: StateValue];
    const fired = Math.max(this.timeline.now, this.fired);
    const end = grid.nextEnd(start, fired + 1);
    if (end === Number.POSITIVE_INFINITY) return orderText(grid.lastEnd(start) - 1 + lateness);
    return orderText(this.early && Array.isArray(beside) ? Math.min(end - 1, this.early.due(beside, fired)) : end - 1);
  }

  evict(): void {
    this.panes.clear();
    this.early?.times.clear();
    this.last = undefined;
    this.nextEnd = Number.POSITIVE_INFINITY;
  }

  override save(to: StateWriter): void {
    super.save(to);
    this.panes.save(to);
    this.early?.save(to);
  }

  /** What is due follows from the panes and the watermark: all before that has been printed. */
  override load(from: StateReader): void {
    super.load(from);
    this.panes.load(from);
    const fired = Math.max(this.timeline.now, (from.due ?? Number.NEGATIVE_INFINITY) - 1);
    this.nextEnd = Math.min(this.nextEnd, this.panes.endBehind(fired + 1));
    if (this.nextEnd < Number.POSITIVE_INFINITY) this.early?.load(from, fired);
  }
}
