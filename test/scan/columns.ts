// in: texts of JSON values
// out: a column of their tokens

import assert from 'node:assert/strict';
import type { Batch } from '../../src/model/batch.ts';
import type { TokenColumn } from '../../src/model/column.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { memory } from '../../src/wasm/memory.ts';
import { place, sharedBatch, tokenColumns } from './helpers.ts';

/** A column of these tokens, all rows selected. '' stands for a missing field. */
export function columnOf(texts: readonly string[]): { batch: Batch; column: TokenColumn } {
  const batch = sharedBatch();
  const [column] = tokenColumns(1);
  const scanner = new Scanner(memory(), [{ name: 'v', column: column! }]);
  const { from, end } = place(texts.map((t) => (t === '' ? '{}\n' : `{"v":${t}}\n`)).join(''));
  assert.equal(scanner.lines(from, end, batch).error, undefined);
  scanner.free();
  assert.equal(batch.rows, texts.length);
  batch.selectAll();
  return { batch, column: column! };
}
