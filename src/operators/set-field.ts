// in: a compiled expression
// out: the field that it sets, in the rows of a batch

import type { CompiledValue } from '../expr/compile.ts';
import type { Batch } from '../model/batch.ts';
import { fieldValue } from '../model/token.ts';

/** Sets a field of the selected rows. */
export function setField(batch: Batch, value: CompiledValue, register: number): void {
  const { values } = batch.columns[register] as { values: unknown[] };
  value.evaluate(batch, values);
  for (let k = 0; k < batch.count; k++) {
    const row = batch.sel[k]!;
    if (typeof values[row] === 'number') values[row] = fieldValue(values[row]);
  }
}
