// in: the panes of windows that print before their end, too (`--early`), and the keys that begin in them
// out: what open windows hold, at the multiples of a duration

import type { Batch } from '../../model/batch.ts';
import type { StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { unwrap } from '../../model/token.ts';
import type { Groups } from '../groups/group-table.ts';
import type { GroupStore } from '../groups/groups.ts';
import type { Keys } from '../groups/keys.ts';
import { CallPrinter } from '../groups/print.ts';
import { EarlyTimes } from './early.ts';
import type { Grid } from './grid.ts';
import type { Pane, PaneList } from './pane-list.ts';

/** Prints some groups of the window that ends at `end`; returns how many. */
type PrintWindow = (end: number, slotsOf: (groups: Groups) => number[]) => number;

/** What a pane has beside kernel memory for a key: index and saved state of each call that is kept in JavaScript. */
type Beside = readonly (readonly [call: number, saved: StateValue])[];

/** Of panes whose last call is the first event time of a key: when they print early, and what. */
export class EarlyResults {
  readonly times: EarlyTimes;
  private readonly firsts: CallPrinter;

  constructor(
    every: number,
    private readonly grid: Grid,
    private readonly panes: PaneList,
    private readonly store: GroupStore,
    private readonly print: PrintWindow,
  ) {
    this.times = new EarlyTimes(every);
    this.firsts = new CallPrinter(store.calls.at(-1)!);
  }

  /** A record is about to come into a pane. Whether the watermark has passed the first multiple behind it. */
  comesLate(time: number, watermark: number): boolean {
    this.times.expect(time, watermark);
    return this.times.behind(time) <= watermark;
  }

  /** Such a record: if its key begins with it in a window, it prints there at the first multiple behind it all the same. */
  begin(batch: Batch, row: number, pane: Pane, keys: Keys): void {
    for (const end of this.openEnds(pane, batch.watermark[row]!)) {
      const hasBegun = this.panes.within(this.grid.startOf(end), end).some((groups) => this.store.has(groups, keys, row));
      if (!hasBegun) this.times.start(end, keys.text(row), batch.time[row]!);
    }
  }

  /** Prints what open windows hold at a multiple. */
  fire(at: number): void {
    const keys = this.times.pass();
    const ends = new Set(keys?.keys());
    for (const pane of keys ? [] : this.panes) for (const end of this.openEnds(pane, at)) ends.add(end);
    let count = 0;
    for (const end of [...ends].sort((a, b) => a - b)) {
      count += this.print(end, (groups) => (keys ? keys.get(end)!.sort().map((key) => this.store.slotOf(groups, key)) : this.startedBefore(groups, at)));
    }
    if (!keys && count === 0) this.times.skipTo(this.leastFirst(at));
  }

  /** Ends of the windows of a pane that end behind a watermark. */
  private *openEnds({ start }: Pane, watermark: number): Generator<number> {
    const { grid } = this;
    for (let end = grid.nextEnd(start, watermark + 1); end < Number.POSITIVE_INFINITY; end = grid.nextEnd(start, end)) yield end;
  }

  /** Slots in key order whose first record was before `time`. */
  private startedBefore(groups: Groups, time: number): number[] {
    return [...this.store.order(groups).view.subarray(0, groups.size)].filter((slot) => this.firstOf(groups, slot) < time);
  }

  private firstOf(groups: Groups, slot: number): number {
    return Number(unwrap(this.firsts.value(groups, slot)));
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

  /** When a key prints next that has this in a pane, all having printed up to `fired`. */
  due(beside: Beside, fired: number): number {
    const { index, call } = this.store.calls.at(-1)!;
    const saved = beside.find(([of]) => of === index)![1];
    const first = Number(unwrap(call.accumulator.result(call.accumulator.load(saved))));
    return this.times.behind(Math.max(first, fired));
  }

  save(to: StateWriter): void {
    for (const { key, end, due } of this.times.begun) to.keyed('begun', key, [end, due]);
  }

  /** Nothing is due before or at `fired`, but for what it had begun with. */
  load(from: StateReader, fired: number): void {
    from.keyed('begun', (key, value) => {
      const [end, due] = value as readonly [end: number, due: number];
      this.times.goOn(end, key, due);
    });
    for (const { start } of this.panes) this.times.expect(start, fired);
  }
}
