// in: what a join knows of its results from the plan
// out: what makes batches of them

import type { CompiledPredicate } from '../../expr/compile.ts';
import { MAX_ROWS, type Register } from '../../model/column.ts';
import type { JobSettings, Layout, OperatorContext, Receiver, RecordMaker } from '../../model/stage.ts';
import { memory } from '../../wasm/memory.ts';
import { TIME_BYTES } from '../groups/row-results.ts';
import type { RowWindow } from './row.ts';
import type { Splicer } from './splicer.ts';

/** Where the parts of a joined record go. */
export interface ResultPlan {
  readonly layout: Layout;
  /** registers of the window's bounds */
  readonly bounds: readonly [Register, Register] | undefined;
  readonly splicer: () => Splicer;
  /** decides whether a pair counts as one */
  readonly where: CompiledPredicate | undefined;
  readonly settings: JobSettings;
}

/** Where a result stands: its event time and window. */
export interface Place {
  readonly time: number;
  readonly window: RowWindow | undefined;
}

/** What makes batches of records, and the address of the texts of their windows' bounds, by row. */
export interface Maker {
  readonly records: RecordMaker;
  readonly bounds: number;
}

export function makerTo(out: Receiver, context: OperatorContext, { layout, bounds }: ResultPlan): Maker {
  const records = (Object.create(context, { out: { value: out } }) as OperatorContext).records(layout);
  return { records, bounds: bounds ? memory().alloc(MAX_ROWS * 2 * TIME_BYTES) : 0 };
}
