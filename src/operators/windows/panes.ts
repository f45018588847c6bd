// in: records with event time, their keys, a grid of windows
// out: a row per window and key when the watermark passes the window's end

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext, PartialGroups } from '../../model/stage.ts';
import { orderText } from '../../model/order.ts';
import { unwrap } from '../../model/token.ts';
import type { Evictable, HeldState, StateReader, StateWriter } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import type { Groups } from '../groups/group-table.ts';
import type { GroupStore } from '../groups/groups.ts';
import type { Keys } from '../groups/keys.ts';
import { CallPrinter } from '../groups/print.ts';
import type { ResultRows } from '../groups/results.ts';
import { EarlyTimes } from './early.ts';
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
  private readonly panes: PaneList;
  private nextEnd = Number.POSITIVE_INFINITY;
  private readonly early: { readonly times: EarlyTimes; readonly firsts: CallPrinter } | undefined;
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
    if (options.early > 0) this.early = { times: new EarlyTimes(options.early), firsts: new CallPrinter(store.calls.at(-1)!) };
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
      if (pane && this.early) this.expectEarly(batch, row, pane);
      if (pane) this.takeRow(batch, row, pane, watermark + 1);
      else if (pane === null) this.late.add(row, watermark, this.keptUntil(time[row]!));
    }
    this.addRows(batch);
    this.late.flush(batch);
  }

  /** A record's key prints at the first multiple behind its first record in a window, even if the watermark has passed that. */
  private expectEarly(batch: Batch, row: number, pane: Pane): void {
    const { times } = this.early!;
    const [time, watermark] = [batch.time[row]!, batch.watermark[row]!];
    times.expect(time, watermark);
    if (times.behind(time) > watermark) return;
    this.addRows(batch);
    const { grid } = this.options;
    for (let end = grid.nextEnd(pane.start, watermark + 1); end < Number.POSITIVE_INFINITY; end = grid.nextEnd(pane.start, end)) {
      const hasBegun = this.panes.within(grid.startOf(end), end).some((groups) => this.store.has(groups, this.keys, row));
      if (!hasBegun) times.start(end, this.keys.text(row), time);
    }
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
      if (at < this.nextEnd - 1) this.fireEarly(at);
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

  /** What open windows hold at a multiple of `--early`. */
  private fireEarly(at: number): void {
    const { times } = this.early!;
    const keys = times.pass();
    const ends = new Set(keys?.keys());
    for (const pane of keys ? [] : this.panes) for (const end of this.openEnds(pane, at)) ends.add(end);
    this.context.cause.order = `${orderText(at)}1`;
    let count = 0;
    for (const end of [...ends].sort((a, b) => a - b)) {
      count += this.fireWindow(end, end - 1, (groups) => (keys ? keys.get(end)!.sort().map((key) => this.store.slotOf(groups, key)) : this.startedBefore(groups, at)));
    }
    if (!keys && count === 0) times.skipTo(this.leastFirst(at));
  }

  /** Ends of the windows of a pane that end behind a watermark. */
  private *openEnds({ start }: Pane, watermark: number): Generator<number> {
    const { grid } = this.options;
    for (let end = grid.nextEnd(start, watermark + 1); end < Number.POSITIVE_INFINITY; end = grid.nextEnd(start, end)) yield end;
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

  /** Slots in key order whose first record was before `time`, as the last call of the store tells. */
  private startedBefore(groups: Groups, time: number): number[] {
    return [...this.store.order(groups).view.subarray(0, groups.size)].filter((slot) => this.firstOf(groups, slot) < time);
  }

  private firstOf(groups: Groups, slot: number): number {
    return Number(unwrap(this.early!.firsts.value(groups, slot)));
  }

  /** The first time of a record in a window that ends behind a watermark; Infinity: there is no such window. */
  private leastFirst(watermark: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const pane of this.panes) {
      if (this.openEnds(pane, watermark).next().done) continue;
      for (let slot = 0; slot < pane.groups.size; slot++) least = Math.min(least, this.firstOf(pane.groups, slot));
    }
    return least;
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

  /** When the first window fires that a pane is in and that has not; behind the last one, when the pane is let go. */
  due(_: string, [start]: readonly [start: number, saved: unknown]): string {
    const { grid, lateness } = this.options;
    const end = grid.nextEnd(start, Math.max(this.timeline.now, this.fired) + 1);
    return orderText(end < Number.POSITIVE_INFINITY ? end - 1 : grid.lastEnd(start) - 1 + lateness);
  }

  evict(): void {
    this.panes.clear();
    this.last = undefined;
    this.nextEnd = Number.POSITIVE_INFINITY;
  }

  override save(to: StateWriter): void {
    super.save(to);
    this.panes.save(to);
  }

  /** What is due follows from the panes and the watermark: all before that has been printed. */
  override load(from: StateReader): void {
    super.load(from);
    this.panes.load(from);
    const { now } = this.timeline;
    this.nextEnd = Math.min(this.nextEnd, this.panes.endBehind(Math.max(now + 1, from.due ?? Number.NEGATIVE_INFINITY)));
    if (this.nextEnd < Number.POSITIVE_INFINITY) for (const { start } of this.panes) this.early?.times.expect(start, now);
  }
}
