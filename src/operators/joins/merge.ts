// in: the rows of two inputs
// out: the steps of an operator with two inputs, in an order that does not depend on how they were cut into batches

import { memory } from '../../wasm/memory.ts';
import type { Feeder, Layout, OperatorContext, Receiver, Side, TwoInputOperator } from '../../model/stage.ts';
import type { Batch } from '../../model/batch.ts';
import type { StateReader, StateWriter } from '../../model/state.ts';
import { RowFeeder } from './feeder.ts';
import type { InputRows } from './input-rows.ts';
import type { Row } from './row.ts';

/**
 * How two inputs are taken: `time`, by event time, the left one first where times are equal; `left`, the left one to its end, then the right one;
 * `record`, each record of the stream, then what a branch made of it.
 */
export type MergeOrder = 'time' | 'left' | 'record';

/** What a merge knows from the plan. */
export interface MergePlan {
  readonly order: MergeOrder;
  /** the watermark behind a batch is the one before the next row; see RightInput */
  readonly isExact: boolean;
  /** layout of the records that a branch is given one by one */
  readonly feed: Layout | undefined;
}

/** The watermark is the smaller one of both inputs. It steps before the next row is taken (Flink: AbstractStreamOperatorV2, IndexedCombinedWatermarkStatus). */
export abstract class Merge implements TwoInputOperator {
  /** the watermark that stands */
  protected now = Number.NEGATIVE_INFINITY;
  private taken = 0;
  protected isOver = false;
  /** of a branch: the watermark of what has been taken of it */
  private branchNow = Number.NEGATIVE_INFINITY;

  constructor(
    protected readonly context: OperatorContext,
    private readonly plan: MergePlan,
    protected readonly leftRows: InputRows,
    protected readonly rightRows: InputRows,
  ) {}

  get right(): Receiver {
    return this.rightRows;
  }

  push(batch: Batch): void {
    this.leftRows.push(batch);
  }

  end(): void {
    this.leftRows.end();
  }

  /** Takes a row that is in the stream. */
  protected abstract take(row: Row): void;
  /** The watermark steps from `now` to this one; whatever waited for it comes out. */
  protected abstract step(watermark: number): void;
  /** Passes on what has come out. */
  protected abstract flush(): void;

  advance(): Side | undefined {
    if (this.isOver) return undefined;
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    const side = this.plan.order === 'time' ? this.takeByTime() : this.takeLeftFirst();
    if (side === undefined) this.isOver = true;
    this.flush();
    kernels.scratchSet(mark);
    if (this.isOver) this.context.out.end();
    return side;
  }

  private takeByTime(): Side | undefined {
    const { leftRows, rightRows } = this;
    for (;;) {
      const [left, right] = [leftRows.next, rightRows.next];
      if (!left && !leftRows.hasEnded) return 'left';
      if (!right && !rightRows.hasEnded) return 'right';
      this.reach(Math.min(leftRows.watermark, rightRows.watermark));
      if (!left && !right) return undefined;
      // A row that was dropped before it had a time is taken at once.
      this.takeNext(!right || (left && !(left.time > right.time) && !Number.isNaN(right.time)) ? leftRows : rightRows);
    }
  }

  private takeLeftFirst(): Side | undefined {
    const { leftRows, rightRows } = this;
    while (leftRows.next) {
      this.reach(Math.min(leftRows.watermark, rightRows.hasEnded ? rightRows.watermark : this.branchNow));
      this.takeNext(leftRows);
    }
    if (!leftRows.hasEnded) return 'left';
    while (rightRows.next) {
      this.reach(Math.min(leftRows.after, rightRows.watermark));
      this.takeNext(rightRows);
    }
    if (!rightRows.hasEnded) return 'right';
    this.reach(Math.min(leftRows.after, rightRows.after));
    return undefined;
  }

  /** Takes the next row of an input. */
  protected takeNext(rows: InputRows): void {
    const row = rows.take();
    if (row.text === '') return;
    row.arrival = this.taken++;
    this.take(row);
  }

  private reach(watermark: number): void {
    if (!(watermark > this.now)) return;
    this.step(watermark);
    this.now = watermark;
  }

  get hasLeftEnded(): boolean {
    return this.leftRows.hasEnded;
  }

  get pending(): number {
    const { size, hasEnded } = this.leftRows;
    return this.plan.isExact || hasEnded ? size : Math.max(0, size - 1);
  }

  /** The watermark behind the next record of the stream. */
  private behind(): number {
    const second = this.leftRows.second;
    if (second) return second.watermark;
    return this.plan.isExact ? this.leftRows.after : this.leftRows.watermark;
  }

  takeRecord(rows: number): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    const { leftRows, rightRows } = this;
    this.reach(Math.min(leftRows.watermark, this.branchNow));
    const behind = this.behind();
    this.takeNext(leftRows);
    for (let i = 0; i < rows && rightRows.next; i++) {
      this.branchNow = Math.max(this.branchNow, rightRows.watermark);
      this.reach(Math.min(behind, this.branchNow));
      this.takeNext(rightRows);
    }
    this.branchNow = Math.max(this.branchNow, rightRows.watermark);
    if (this.pending === 0) {
      if (this.plan.isExact) this.reach(Math.min(leftRows.watermark, this.branchNow));
      this.flush();
    }
    kernels.scratchSet(mark);
  }

  feeder(context: OperatorContext): Feeder {
    return new RowFeeder(context, this.plan.feed!, () => ({ row: this.leftRows.next!, behind: this.behind() }));
  }

  savePending(): unknown {
    const { now, taken, isOver, branchNow } = this;
    return { now, taken, isOver, branchNow, left: this.leftRows.save(), right: this.rightRows.save() };
  }

  loadPending(saved: unknown): void {
    const { now, taken, isOver, branchNow, left, right } = saved as Record<string, unknown>;
    this.leftRows.load(left);
    this.rightRows.load(right);
    const haveEnded = this.leftRows.hasEnded && this.rightRows.hasEnded;
    Object.assign(this, { now, taken, isOver: isOver === true && haveEnded, branchNow });
  }

  abstract save(to: StateWriter): void;
  abstract load(from: StateReader): void;
}
