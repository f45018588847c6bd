// in: times of records, a grid of windows
// out: the panes that are open, each with the groups of its records

import type { HeldState, StateReader, StateWriter } from '../../model/state.ts';
import { sumHeld } from '../../state/held.ts';
import type { Groups } from '../groups/group-table.ts';
import type { GroupStore } from '../groups/groups.ts';
import type { Grid } from './grid.ts';

/** Groups of the records in one pane. */
export interface Pane {
  readonly start: number;
  /** end of the last window that holds it */
  readonly lastEnd: number;
  readonly groups: Groups;
}

/** Open panes, by start. */
export class PaneList {
  /** ascending */
  private readonly panes: Pane[] = [];

  constructor(
    private readonly grid: Grid,
    private readonly store: GroupStore,
  ) {}

  [Symbol.iterator](): Iterator<Pane> {
    return this.panes[Symbol.iterator]();
  }

  /** The pane that starts there; undefined: it is not open. */
  find(start: number): Pane | undefined {
    const { panes } = this;
    // Most records are of the newest panes.
    for (let i = panes.length - 1; i >= 0; i--) {
      const pane = panes[i]!;
      if (pane.start === start) return pane;
      if (pane.start < start) return undefined;
    }
    return undefined;
  }

  open(start: number): Pane {
    const pane = { start, lastEnd: this.grid.lastEnd(start), groups: this.store.open() };
    let i = this.panes.length;
    while (i > 0 && this.panes[i - 1]!.start > start) i--;
    this.panes.splice(i, 0, pane);
    return pane;
  }

  /** The groups of the panes in a window. */
  within(start: number, end: number): Groups[] {
    const found: Groups[] = [];
    for (const pane of this.panes) if (pane.start >= start && pane.start < end) found.push(pane.groups);
    return found;
  }

  /** The end of the first window behind `after` that holds a pane; Infinity: there is none. */
  endBehind(after: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const pane of this.panes) least = Math.min(least, this.grid.nextEnd(pane.start, after));
    return least;
  }

  /** Lets go of panes whose last window ended at or before `bound`. */
  closeUntil(bound: number): void {
    while (this.panes.length > 0 && this.panes[0]!.lastEnd <= bound) this.store.close(this.panes.shift()!.groups);
  }

  held(): HeldState {
    return sumHeld(this.panes.map(({ groups }) => groups.held()));
  }

  /** Lets go of all. */
  clear(): void {
    for (const { groups } of this.panes.splice(0)) this.store.close(groups);
  }

  save(to: StateWriter): void {
    for (const { start, groups } of this.panes) this.store.save(to, 'panes', start, groups);
  }

  load(from: StateReader): void {
    this.store.load(from, 'panes', (start) => (this.find(start as number) ?? this.open(start as number)).groups);
  }
}
