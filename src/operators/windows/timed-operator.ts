// in: batches
// out: the steps that every operator with timers goes through at a batch, in one place

import type { Batch } from '../../model/batch.ts';
import type { Operator, OperatorContext } from '../../model/stage.ts';
import type { StateReader, StateWriter } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import { Timeline, type TimerOwner } from './timeline.ts';

/** Takes the rows, goes on to the watermark behind them, passes on what has come out, and gives the scratch stack back. */
export abstract class TimedOperator implements Operator, TimerOwner {
  protected readonly timeline: Timeline;

  constructor(protected readonly context: OperatorContext) {
    this.timeline = new Timeline(this, context);
  }

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    this.timeline.begin();
    if (batch.count > 0) this.take(batch);
    this.timeline.finish(batch);
    this.passOn(batch.after);
    kernels.scratchSet(mark);
  }

  end(): void {
    this.context.out.end();
  }

  /** Takes the selected rows, of which there is at least one; may change what is selected. */
  protected abstract take(batch: Batch): void;

  /** Passes on what has come out; the watermark behind it is `after`. */
  protected abstract passOn(after: number): void;

  save(to: StateWriter): void {
    this.timeline.save(to);
  }

  load(from: StateReader): void {
    this.timeline.load(from);
  }

  abstract nextTimer(): number;
  abstract fire(watermark: number, before: number, until: number): void;
}
