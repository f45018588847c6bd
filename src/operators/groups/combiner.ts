// in: rows of batches, in a subtask that does not keep their groups
// out: what they add up to, by pane and by the subtask that does

import type { AggregatePlan } from '../../expr/aggregates/plan.ts';
import type { AggregateCall } from '../../expr/aggregates/call.ts';
import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { Combiner, PartialGroups, StagePlan } from '../../model/stage.ts';
import { memory } from '../../wasm/memory.ts';
import type { Groups } from './group-table.ts';
import { GroupStore } from './groups.ts';
import { Keys, type KeyPlan } from './keys.ts';

export interface CombinerPlan {
  readonly keys: KeyPlan;
  /** of the stage's operators */
  readonly calls: readonly AggregateCall[];
  readonly aggregates: AggregatePlan;
  /** The start of a time's pane; NaN: it is in none. Not given: all times are in one. */
  readonly paneOf?: (time: number) => number;
}

/** The row is in no part. */
const NONE = 0xffff;

/** How a stage adds rows up before they are dealt out. */
export function combine(plan: CombinerPlan): NonNullable<StagePlan['combine']> {
  return (targets, targetOf) => new GroupCombiner(plan, targets, targetOf);
}

/** Groups of the rows of one pane that go to the same subtask. */
class Part {
  of = 0;
  rows = 0;
  watermark = Number.NEGATIVE_INFINITY;
  /** by row: address of the groups' table, and the groups */
  readonly tables = memory().u32(MAX_ROWS);
  readonly groupsOf: readonly Groups[];
  readonly skipped: number[];

  constructor(
    readonly groups: Groups,
    calls: number,
  ) {
    this.tables.view.fill(groups.table);
    this.groupsOf = new Array<Groups>(MAX_ROWS).fill(groups);
    this.skipped = new Array<number>(calls).fill(0);
  }
}

class GroupCombiner implements Combiner {
  rows = 0;
  private readonly keys: Keys;
  private readonly store: GroupStore;
  /** by target: by pane */
  private readonly parts: readonly Map<number, Part>[];
  private readonly spare: Part[] = [];
  /** those that the rows at hand are of, and by row which of them */
  private readonly touched: Part[] = [];
  private readonly partOf = new Uint16Array(MAX_ROWS);
  private readonly selected = memory().u32(MAX_ROWS);

  constructor(
    private readonly plan: CombinerPlan,
    targets: number,
    private readonly targetOf: (hash: number) => number,
  ) {
    this.keys = new Keys(plan.keys);
    this.store = new GroupStore(plan.calls);
    this.parts = Array.from({ length: targets }, () => new Map<number, Part>());
  }

  get groups(): number {
    let groups = 0;
    for (const parts of this.parts) for (const part of parts.values()) groups += part.groups.size;
    return groups;
  }

  prepare(batch: Batch): void {
    this.keys.encode(batch);
    this.store.prepare(batch);
  }

  add(batch: Batch, from: number, to: number): void {
    this.rows += to - from;
    this.touched.length = 0;
    const isWhole = this.assign(batch, from, to);
    for (const [index, part] of this.touched.entries()) this.addTo(part, batch, isWhole ? this.all(batch, from, to) : this.select(index, batch, from, to));
  }

  /** Finds the part of each row. Returns whether it is the same for all. */
  private assign({ sel, time }: Batch, from: number, to: number): boolean {
    const { paneOf } = this.plan;
    const isOne = this.parts.length === 1;
    if (isOne && !paneOf) return this.touch(0, 0) === 0;
    let [lastPane, lastTarget, last, isWhole] = [Number.NaN, 0, NONE, true];
    for (let k = from; k < to; k++) {
      const row = sel[k]!;
      const pane = paneOf ? paneOf(time[row]!) : 0;
      const target = isOne ? 0 : this.targetOf(this.keys.hash.view[row]!);
      if (pane !== lastPane || target !== lastTarget) {
        [lastPane, lastTarget, last] = [pane, target, Number.isNaN(pane) ? NONE : this.touch(target, pane)];
        if (last !== 0) isWhole = false;
      }
      this.partOf[row] = last;
    }
    return isWhole;
  }

  /** Index of a part among those touched. */
  private touch(target: number, of: number): number {
    const parts = this.parts[target]!;
    let part = parts.get(of);
    if (!part) parts.set(of, (part = this.open(of)));
    const index = this.touched.indexOf(part);
    return index >= 0 ? index : this.touched.push(part) - 1;
  }

  private open(of: number): Part {
    const part = this.spare.pop() ?? new Part(this.store.open(), this.plan.aggregates.calls.length);
    part.of = of;
    return part;
  }

  private all({ sel }: Batch, from: number, to: number): number {
    this.selected.view.set(sel.subarray(from, to));
    return to - from;
  }

  private select(index: number, { sel }: Batch, from: number, to: number): number {
    let rows = 0;
    for (let k = from; k < to; k++) if (this.partOf[sel[k]!] === index) this.selected.view[rows++] = sel[k]!;
    return rows;
  }

  private addTo(part: Part, batch: Batch, rows: number): void {
    part.rows += rows;
    part.watermark = batch.watermark[this.selected.view[rows - 1]!]!;
    // The plan may be that of an operator, too, which counts for itself.
    const { skipped } = this.plan.aggregates;
    const before = skipped.slice();
    this.store.add(batch, this.selected, rows, part.tables.at, part.groupsOf, this.keys);
    for (const [i, count] of before.entries()) {
      part.skipped[i]! += skipped[i]! - count;
      skipped[i] = count;
    }
  }

  take(target: number, use: (part: PartialGroups) => void): void {
    const parts = this.parts[target]!;
    for (const part of parts.values()) this.handOver(part, use);
    parts.clear();
    this.rows = 0;
  }

  private handOver(part: Part, use: (part: PartialGroups) => void): void {
    const { of, groups, watermark } = part;
    const pieces = this.store.pieces(groups);
    let [rows, skipped] = [part.rows, part.skipped.slice()];
    for (let piece = pieces.next(); piece; piece = pieces.next()) {
      use({ of, watermark, piece, rows, skipped });
      [rows, skipped] = [0, []];
    }
    pieces.release();
    this.store.clear(groups);
    part.rows = 0;
    part.skipped.fill(0);
    this.spare.push(part);
  }
}
