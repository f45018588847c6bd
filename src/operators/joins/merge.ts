// in: the rows of two inputs
// out: the steps of an operator with two inputs, in an order that does not depend on how they were cut into batches

import { memory } from '../../wasm/memory.ts';
import type { Feeder, Layout, OperatorContext, Receiver, Side, TwoInputOperator } from '../../model/stage.ts';
import type { Batch } from '../../model/batch.ts';
import type { HeldState, StateReader, StateWriter } from '../../model/state.ts';
import { sumHeld } from '../../state/held.ts';
import { RowFeeder } from './feeder.ts';
import type { InputRows } from './input-rows.ts';
import type { Row } from './row.ts';

/**
 * How two inputs are taken: `time`, by event time, the left one first where times are equal; `left`, the left one to its end, then the right one;
 * `right`, the right one to its end, then the left one, whose watermark alone counts; `record`, each record of the stream, then what a branch made of it.
 */
export type MergeOrder = 'time' | 'left' | 'right' | 'record';

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
  /** the watermark of its input before the row at hand */
  protected before = Number.NEGATIVE_INFINITY;
  protected isOver = false;
  /** of a branch: the watermark of what has been taken of it */
  private branchNow = Number.NEGATIVE_INFINITY;
  /** of a branch: the watermark of the stream behind the record that was taken last */
  private leftNow = Number.NEGATIVE_INFINITY;

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
    const side = this.takeAll();
    if (side === undefined) this.isOver = true;
    this.flush();
    kernels.scratchSet(mark);
    if (this.isOver) this.context.out.end();
    return side;
  }

  private takeAll(): Side | undefined {
    if (this.plan.order === 'time') return this.takeByTime();
    return this.plan.order === 'right' ? this.takeRightFirst() : this.takeLeftFirst();
  }

  private takeByTime(): Side | undefined {
    const { leftRows, rightRows } = this;
    for (;;) {
      const [noLeft, noRight] = [leftRows.isEmpty, rightRows.isEmpty];
      if (noLeft && !leftRows.hasEnded) return 'left';
      if (noRight && !rightRows.hasEnded) return 'right';
      this.reach(Math.min(leftRows.watermark, rightRows.watermark));
      if (noLeft && noRight) return undefined;
      this.takeNext(noRight || (!noLeft && isFirst(leftRows.time, rightRows.time)) ? leftRows : rightRows);
    }
  }

  private takeLeftFirst(): Side | undefined {
    const { leftRows, rightRows } = this;
    while (!leftRows.isEmpty) {
      this.reach(Math.min(leftRows.watermark, rightRows.hasEnded ? rightRows.watermark : this.branchNow));
      this.takeNext(leftRows);
    }
    if (!leftRows.hasEnded) return 'left';
    while (!rightRows.isEmpty) {
      this.reach(Math.min(leftRows.after, rightRows.watermark));
      this.takeNext(rightRows);
    }
    if (!rightRows.hasEnded) return 'right';
    this.reach(Math.min(leftRows.after, rightRows.after));
    return undefined;
  }

  private takeRightFirst(): Side | undefined {
    const { leftRows, rightRows } = this;
    while (!rightRows.isEmpty) this.takeNext(rightRows);
    if (!rightRows.hasEnded) return 'right';
    while (!leftRows.isEmpty) {
      this.reach(leftRows.watermark);
      this.takeNext(leftRows);
    }
    this.reach(leftRows.after);
    return leftRows.hasEnded ? undefined : 'left';
  }

  /** Takes the next row of an input. */
  protected takeNext(rows: InputRows): void {
    this.before = rows.watermark;
    const row = rows.take();
    if (!row) return;
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
    const second = this.leftRows.secondWatermark;
    if (second !== undefined) return second;
    return this.plan.isExact ? this.leftRows.after : this.leftRows.watermark;
  }

  takeRecord(rows: number): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    const { leftRows, rightRows } = this;
    const before = leftRows.watermark;
    this.leftNow = this.behind();
    this.reach(Math.min(before, this.branchNow));
    this.takeNext(leftRows);
    for (let i = 0; i < rows && !rightRows.isEmpty; i++) this.takeOfBranch(before);
    this.finishRecord();
    kernels.scratchSet(mark);
  }

  takeBranch(): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    while (!this.rightRows.isEmpty) this.takeOfBranch(this.leftNow);
    this.finishRecord();
    kernels.scratchSet(mark);
  }

  /** @param left the watermark of the stream */
  private takeOfBranch(left: number): void {
    this.branchNow = Math.max(this.branchNow, this.rightRows.watermark);
    this.reach(Math.min(left, this.branchNow));
    this.takeNext(this.rightRows);
  }

  /** The watermarks step, first that of the stream. */
  private finishRecord(): void {
    this.reach(Math.min(this.leftNow, this.branchNow));
    this.branchNow = Math.max(this.branchNow, this.rightRows.watermark);
    this.reach(Math.min(this.leftNow, this.branchNow));
    if (this.pending === 0) this.flush();
  }

  feeder(context: OperatorContext): Feeder {
    return new RowFeeder(context, this.plan.feed!, () => ({ row: this.leftRows.peek(), watermark: this.leftRows.watermark, behind: this.behind() }));
  }

  savePending(): unknown {
    const { now, taken, isOver, branchNow, leftNow } = this;
    return { now, taken, isOver, branchNow, leftNow, left: this.leftRows.save(), right: this.rightRows.save() };
  }

  loadPending(saved: unknown): void {
    const { left, right, ...own } = saved as Record<string, unknown>;
    Object.assign(this, own);
    this.leftRows.load(left);
    this.rightRows.load(right);
    this.isOver &&= this.leftRows.hasEnded && this.rightRows.hasEnded;
  }

  /** What is kept of rows that have been taken. */
  protected abstract heldRows(): HeldState;

  held(): HeldState {
    return sumHeld([this.heldRows(), this.leftRows.held(), this.rightRows.held()]);
  }

  abstract save(to: StateWriter): void;
  abstract load(from: StateReader): void;
}

/** Whether a left row of this time is taken before a right one of that. A row that was dropped before it had a time is taken at once. */
function isFirst(left: number, right: number): boolean {
  return Number.isNaN(left) || left <= right;
}
