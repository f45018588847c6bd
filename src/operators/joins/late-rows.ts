// in: rows that came too late to be joined
// out: a figure for the summary, and the records as they came in a file of their own

import type { LineOutput, OperatorContext } from '../../model/stage.ts';
import type { Row } from './row.ts';

/** What is known of late records from the plan. */
export interface LateRowsPlan {
  readonly file: string | undefined;
  /** ms that the watermark stays behind the latest time, by side */
  readonly leftDelay: number;
  readonly rightDelay: number;
}

export class LateRows {
  private readonly file: LineOutput | undefined;

  constructor(
    private readonly context: OperatorContext,
    private readonly plan: LateRowsPlan,
  ) {
    this.file = plan.file === undefined ? undefined : context.lines(plan.file);
  }

  /** A record was behind `limit`, the latest watermark that would have kept it. */
  add(row: Row, watermark: number, limit: number): void {
    this.context.late((row.isLeft ? this.plan.leftDelay : this.plan.rightDelay) + watermark - limit);
    this.file?.writeLine(row.text);
  }
}
