// in: the rows of a stream, and those that a branch makes of each
// out: the steps of an operator in which they meet again: each record, then what the branch made of it

import type { Batch } from '../../model/batch.ts';
import type { Feeder, Layout, OperatorContext, Receiver } from '../../model/stage.ts';
import { NONE_EVICTED } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import { RowFeeder } from './feeder.ts';
import type { InputRows } from './input-rows.ts';
import type { Row } from './row.ts';

/** Rows of each input whose keys are looked up together. */
const AHEAD = 2048;

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
export abstract class BranchMerge {
  /** the watermark that stands */
  protected now = Number.NEGATIVE_INFINITY;
  protected taken = 0;
  /** the watermark of its input before the row at hand */
  protected before = Number.NEGATIVE_INFINITY;
  /** of a branch: the watermark of what has been taken of it */
  protected branchNow = Number.NEGATIVE_INFINITY;
  /** of a branch: the watermark of the stream behind the record that was taken last */
  protected leftNow = Number.NEGATIVE_INFINITY;

  constructor(
    protected readonly context: OperatorContext,
    protected readonly plan: MergePlan,
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

  /** Takes a row that is in the stream, copied. */
  protected abstract take(row: Row): void;
  /** The watermark steps from `now` to this one; whatever waited for it comes out. */
  protected abstract step(watermark: number): void;
  /** Brings what is kept of a row's key into memory. */
  protected need(key: string): void {
    const { evicted } = this.context;
    if (evicted !== NONE_EVICTED) evicted.need(key, this.soon);
  }

  private readonly soon = () => [...this.leftRows.keysAhead(AHEAD), ...this.rightRows.keysAhead(AHEAD)];

  /** Passes on what has come out. */
  protected abstract flush(): void;

  /** Takes the next row of an input. */
  protected takeNext(rows: InputRows): void {
    this.before = rows.watermark;
    if (!rows.isGhost) this.takeRow(rows, this.taken++);
    rows.skip();
  }

  /** Takes the next row of an input, which is in the stream. @param arrival how many have been taken before it */
  protected takeRow(rows: InputRows, arrival: number): void {
    const row = rows.peek()!;
    row.arrival = arrival;
    this.take(row);
  }

  protected reach(watermark: number): void {
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
}
