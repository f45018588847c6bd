// in: the frames of blocks, in order
// out: their rows, as batches for a chain of stages

import { FrameOrigin, kindAt, Kind, unpackFrames } from '../../exchange/frame.ts';
import type { FrameSpec } from '../../exchange/frame-rows.ts';
import type { Area } from '../../wasm/area.ts';
import type { Batch } from '../../model/batch.ts';
import { unpackGroups } from '../../exchange/partials.ts';
import type { Operator, Receiver } from '../../model/stage.ts';
import type { PlannedEdge } from '../../plan/plan.ts';
import { memory } from '../../wasm/memory.ts';
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
    private readonly chain: Receiver & Pick<Operator, 'absorb'>,
  ) {
    this.batch = makeBatch(edge.layout);
    this.batch.origin = this.origin;
  }

  /** The next block. @param firstLine number of its first line, if that is known */
  take({ at, next }: Area, source = '', firstLine = 1): void {
    Object.assign(this.origin, { source, firstLine });
    let { watermark } = this;
    for (let from = at; from < next; ) {
      if (kindAt(from) === Kind.groups) {
        from = this.takeGroups(from);
        continue;
      }
      from = unpackFrames(from, next, this.batch, this.spec);
      watermark = raise(this.batch, this.watermark);
      this.chain.push(this.batch);
    }
    this.watermark = watermark;
  }

  /** Of a block's own watermark it is known only here what it is. */
  private takeGroups(from: number): number {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    const { part, next } = unpackGroups(from);
    this.chain.absorb!({ ...part, watermark: Math.max(part.watermark, this.watermark) });
    kernels.scratchSet(mark);
    return next;
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
