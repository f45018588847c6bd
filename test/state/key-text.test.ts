// in: keys in memory that was used before
// out: their texts, whatever stands behind them

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyTexts } from '../../src/operators/groups/row-results.ts';
import { memory } from '../../src/wasm/memory.ts';

const STRING = '\x06';
const BYTES = 1024;

/** Bytes of an address's neighbourhood are all ones, as another user of the memory may have left them. */
function soil(at: number, bytes: number): void {
  memory().memory.fill(0xff, at, at + bytes);
}

test('a key of a table', () => {
  const m = memory();
  const { kernels } = m;
  const used = Array.from({ length: 8 }, () => m.alloc(BYTES));
  for (const at of used) soil(at, BYTES);
  for (const at of used) m.free(at, BYTES);
  const table = kernels.tableNew(0);
  const key = m.alloc(16);
  const end = m.put(`${STRING}ab\0`, key);
  const slot = kernels.tableUpsert(table, key, end - key, 1);
  const text = m.alloc(64);
  const behind = kernels.printComponent(kernels.slotKey(table, slot), text);
  assert.equal(m.memory.latin1Slice(text, behind), '"ab"');
});

test('a key outside of tables', () => {
  const m = memory();
  const top = m.kernels.scratchTop();
  m.needScratch(top, BYTES);
  soil(top, BYTES);
  assert.deepEqual(keyTexts(`${STRING}ab\0${STRING}c\0`).map(({ bytes }) => bytes), ['"ab"', '"c"']);
});
