// in: the frames of blocks, in order
// out: their rows, as batches for a chain of stages

import { FrameOrigin, unpackFrames } from '../../exchange/frame.ts';
import type { FrameSpec } from '../../exchange/frame-rows.ts';
import type { Area } from '../../wasm/area.ts';
import type { Batch } from '../../model/batch.ts';
import type { Receiver } from '../../model/stage.ts';
import type { PlannedEdge } from '../../plan/plan.ts';
import { makeBatch } from '../frame.ts';

/** The beginning of a task that gets its rows from other subtasks. */
export class FrameFeed {
  private readonly origin = new FrameOrigin();
  private readonly batch: Batch;
  /** the watermark behind the last block */
  private watermark = Number.NEGATIVE_INFINITY;

  constructor(
    edge: PlannedEdge,
    private readonly spec: FrameSpec,
    private readonly chain: Receiver,
  ) {
    this.batch = makeBatch(edge.layout);
    this.batch.origin = this.origin;
  }

  /** The next block. @param firstLine number of its first line, if that is known */
  take({ at, next }: Area, source = '', firstLine = 1): void {
    Object.assign(this.origin, { source, firstLine });
    let { watermark } = this;
    for (let from = at; from < next; ) {
      from = unpackFrames(from, next, this.batch, this.spec);
      watermark = raise(this.batch, this.watermark);
      this.chain.push(this.batch);
    }
    this.watermark = watermark;
  }

  /** No block follows. @param bytes of all input */
  drain(bytes: number): void {
    this.batch.begin(0);
    this.batch.after = Number.POSITIVE_INFINITY;
    this.batch.afterSequence = bytes;
    this.chain.push(this.batch);
    this.chain.end();
  }
}

/** A block's own watermarks know nothing of the blocks before it, whose is `least`. Returns the one behind the batch. */
function raise(batch: Batch, least: number): number {
  const { watermark, rows } = batch;
  for (let row = 0; row < rows && watermark[row]! < least; row++) watermark[row] = least;
  batch.after = Math.max(batch.after, least);
  return batch.after;
}
