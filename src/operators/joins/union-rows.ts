// in: rows of two inputs
// out: all of them

import type { OperatorContext } from '../../model/stage.ts';
import type { HeldState, StateReader, StateWriter } from '../../model/state.ts';
import { NOTHING } from '../../state/held.ts';
import type { InputRows } from './input-rows.ts';
import type { MergePlan } from './branch-merge.ts';
import { Merge } from './merge.ts';
import type { JoinResults } from './results.ts';
import type { Row } from './row.ts';

/** Rows come out as they are taken; no results are made, but they go the same way. */
export class UnionRows extends Merge {
  constructor(
    context: OperatorContext,
    merge: MergePlan,
    left: InputRows,
    right: InputRows,
    private readonly results: JoinResults,
  ) {
    super(context, merge, left, right);
  }

  protected take(row: Row): void {
    this.results.leftAlone(row, row);
  }

  protected step(watermark: number): void {
    this.results.watermark = watermark;
  }

  protected flush(): void {
    this.results.flush();
  }

  protected heldRows(): HeldState {
    return NOTHING;
  }

  save(to: StateWriter): void {
    to.whole('watermark', this.results.watermark);
  }

  load(from: StateReader): void {
    this.results.watermark = (from.whole('watermark') as number | undefined) ?? this.results.watermark;
  }
}
