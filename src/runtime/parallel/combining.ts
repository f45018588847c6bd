// in: batches at the end of a task, behind which rows are added up by key
// out: frames of their rows, or, where there are many rows to a key, what they add up to, gathered for a block at a time
//
// Between two steps of the watermark that matter to the stage behind it, it does not matter when a row comes: so each stretch between them is
// added up apart, and sent behind the step before it. (Flink: local and global aggregation; Li et al., "No pane, no gain", 2005.)

import { packFrame } from '../../exchange/frame.ts';
import { packGroups } from '../../exchange/partials.ts';
import type { Area } from '../../wasm/area.ts';
import { memory } from '../../wasm/memory.ts';
import type { Batch } from '../../model/batch.ts';
import type { Combiner } from '../../model/stage.ts';
import type { TaskPlan } from '../../plan/tasks.ts';
import { sizes } from '../sizes.ts';
import { FrameOutlet } from './outlets.ts';

/** Groups are worth sending where so many rows are in each. */
const ROWS_PER_GROUP = 4;
/** So many rows tell whether they are. */
const ROWS_TO_TELL = 512;
/** Blocks whose rows are sent as they are, until it is tried again. */
const BLOCKS_BETWEEN = 32;

export class CombiningOutlet extends FrameOutlet {
  private readonly combiner: Combiner;
  private readonly rowsToTell = sizes.rowsToTell ?? ROWS_TO_TELL;
  /** of this block: rows that were added up, and groups of them that were sent */
  private added = 0;
  private sent = 0;
  /** blocks to come whose rows are sent */
  private skips = 0;
  /** the last batch of which rows were added up; its rows are not looked at again */
  private last: Batch | undefined;

  constructor(tasks: TaskPlan, targets: number, needsBytes: boolean) {
    super(tasks, targets, needsBytes);
    this.combiner = tasks.receiving!.plan.combine!(targets, (hash) => this.targetOf(hash));
  }

  override push(batch: Batch): void {
    const seen = this.seen(batch);
    if (this.skips > 0) {
      this.dealRows(seen);
      return;
    }
    this.combine(seen);
    this.last = seen;
    if (this.added >= this.rowsToTell && (this.sent + this.combiner.groups) * ROWS_PER_GROUP > this.added) this.sendRows();
  }

  override takeBlock(): Area[] {
    if (this.skips > 0) this.skips--;
    else this.send();
    [this.added, this.sent] = [0, 0];
    return super.takeBlock();
  }

  /** From now on, for a while. */
  private sendRows(): void {
    this.send();
    this.skips = BLOCKS_BETWEEN;
  }

  private combine(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    if (batch.count > 0) this.combiner.prepare(batch);
    let from = 0;
    for (let row = this.nextStep(batch, 0); row <= batch.rows; row = this.nextStep(batch, row)) {
      const to = firstSelected(batch, from, row);
      this.add(batch, from, to);
      this.step(batch, row);
      from = to;
    }
    this.add(batch, from, batch.count);
    kernels.scratchSet(mark);
  }

  private add(batch: Batch, from: number, to: number): void {
    if (to === from) return;
    this.combiner.add(batch, from, to);
    this.added += to - from;
  }

  /** The first row behind `row` before which the watermark steps; the number of rows stands for the place behind them all, one more for none. */
  private nextStep(batch: Batch, row: number): number {
    const { rows, watermark, after } = batch;
    if (row >= rows) return rows + 1;
    const steps = this.distribution?.steps;
    let before = watermark[row]!;
    const place = steps?.(before);
    for (let next = row + 1; next <= rows; next++) {
      const now = next < rows ? watermark[next]! : after;
      if (now === before) continue;
      before = now;
      if (!steps || !Object.is(steps(now), place)) return next;
    }
    return rows + 1;
  }

  /** The watermark steps before `row`: what came before that is sent, and the step behind it. */
  private step(batch: Batch, row: number): void {
    this.sendGroups();
    const isLast = row === batch.rows;
    const behind = isLast ? batch : { after: batch.watermark[row]!, afterSequence: batch.sequence[row]! };
    this.rows.forEach((rows, target) => {
      rows.clear();
      // With the row before it, since what fires carries the watermark that stood there.
      rows.addStep(row - 1);
      if (!isLast) rows.addStep(row);
      packFrame(this.areas[target]!, batch, rows, this.spec, behind);
    });
  }

  private sendGroups(): void {
    if (this.combiner.rows === 0) return;
    this.sent += this.combiner.groups;
    this.areas.forEach((area, target) => this.combiner.take(target, (part) => packGroups(area, part)));
  }

  /** What has been added up, and the watermark behind it. */
  private send(): void {
    this.sendGroups();
    const { last } = this;
    if (!last) return;
    this.rows.forEach((rows, target) => {
      rows.clear();
      packFrame(this.areas[target]!, last, rows, this.spec);
    });
    this.last = undefined;
  }
}

/** The first place from `from` on of a selected row that is not before `row`. */
function firstSelected({ sel, count }: Batch, from: number, row: number): number {
  let k = from;
  while (k < count && sel[k]! < row) k++;
  return k;
}
