// in: the rows of two inputs
// out: the steps of an operator with two inputs, in an order that does not depend on how they were cut into batches

import { memory } from '../../wasm/memory.ts';
import type { IdleSides, Side, TwoInputOperator } from '../../model/stage.ts';
import type { HeldState, StateReader, StateWriter } from '../../model/state.ts';
import { sumHeld } from '../../state/held.ts';
import { BranchMerge } from './branch-merge.ts';
import type { InputRows } from './input-rows.ts';

const NEITHER: IdleSides = { left: false, right: false };

/** Goes on with two inputs, in an order that does not depend on how they were cut into batches. */
export abstract class Merge extends BranchMerge implements TwoInputOperator {
  protected isOver = false;

  advance(idle = NEITHER): Side | undefined {
    if (this.isOver) return undefined;
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    const side = this.takeAll(idle);
    if (side === undefined) this.isOver = true;
    this.flush();
    kernels.scratchSet(mark);
    if (this.isOver) this.context.out.end();
    return side;
  }

  private takeAll(idle: IdleSides): Side | undefined {
    if (this.plan.order === 'time') return this.takeByTime(idle);
    return this.plan.order === 'right' ? this.takeRightFirst() : this.takeLeftFirst();
  }

  private takeByTime(idle: IdleSides): Side | undefined {
    const { leftRows, rightRows } = this;
    for (;;) {
      const [noLeft, noRight] = [leftRows.isEmpty, rightRows.isEmpty];
      const waitsForLeft = noLeft && !leftRows.hasEnded;
      const waitsForRight = noRight && !rightRows.hasEnded;
      if (waitsForLeft && !idle.left) return this.waitFor('left', waitsForRight && idle.right);
      if (waitsForRight && !idle.right) return this.waitFor('right', waitsForLeft);
      this.reach(waitsForLeft ? rightRows.watermark : waitsForRight ? leftRows.watermark : Math.min(leftRows.watermark, rightRows.watermark));
      if (noLeft && noRight) return this.waitForIdle(waitsForLeft, waitsForRight);
      this.takeNext(noRight || (!noLeft && isFirst(leftRows.time, rightRows.time)) ? leftRows : rightRows);
    }
  }

  /** The other input is idle, and so all that has come of this one counts. */
  private waitFor(side: Side, isAlone: boolean): Side {
    if (isAlone) this.reach((side === 'left' ? this.leftRows : this.rightRows).after);
    return side;
  }

  /** All has been taken that there is: where both inputs are silent, neither holds the watermark back. Undefined: both have ended. */
  private waitForIdle(left: boolean, right: boolean): Side | undefined {
    if (left && right) this.reach(Math.max(this.leftRows.after, this.rightRows.after));
    return left ? 'left' : right ? 'right' : undefined;
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

/** Takes rows as the bytes that they are; none is copied. */
export abstract class ByteMerge extends Merge {
  protected take(): void {}
  protected abstract override takeRow(rows: InputRows, arrival: number): void;
}

/** Whether a left row of this time is taken before a right one of that. A row that was dropped before it had a time is taken at once. */
function isFirst(left: number, right: number): boolean {
  return Number.isNaN(left) || left <= right;
}
