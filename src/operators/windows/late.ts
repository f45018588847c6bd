// in: records that came too late for all their windows
// out: a figure for the summary, and the records as they came in a file of their own

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext, Point, RecordOutput, RecordWriterSpec, StageCall } from '../../model/stage.ts';

/** What a stage does about late records, as its words say. */
export interface LatePlan {
  readonly file: string | undefined;
  /** how to write them, where there is a file */
  readonly writer: RecordWriterSpec | undefined;
  /** ms that the watermark stays behind the latest time */
  readonly delay: number;
}

export function planLate(call: StageCall, point: Point): LatePlan {
  const file = call.options['late-output'] as string | undefined;
  return { file, writer: file === undefined ? undefined : point.writer(), delay: point.delay };
}

/** Gathers the late records of a batch. */
export class LateRecords {
  private readonly file: RecordOutput | undefined;
  private readonly rows = new Uint32Array(MAX_ROWS);
  private count = 0;

  constructor(
    private readonly context: OperatorContext,
    private readonly plan: LatePlan,
  ) {
    this.file = plan.file === undefined ? undefined : context.output(plan.file, plan.writer!);
  }

  /** A record was behind `limit`, the latest watermark that would have kept it. */
  add(row: number, watermark: number, limit: number): void {
    this.context.late(this.plan.delay + watermark - limit);
    if (this.file) this.rows[this.count++] = row;
  }

  /** So many records without a file to write them to were behind `limit`, the last of them at this watermark. */
  addAll(records: number, watermark: number, limit: number): void {
    this.context.late(this.plan.delay + watermark - limit, records);
  }

  /** Writes them; changes which rows of the batch are selected. */
  flush(batch: Batch): void {
    if (this.count === 0) return;
    batch.sel.set(this.rows.subarray(0, this.count));
    batch.count = this.count;
    this.count = 0;
    this.file?.write(batch);
  }
}
