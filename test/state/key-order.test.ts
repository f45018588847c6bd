// in: keys of all kinds
// out: they come in the order of their bytes

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inKeyOrder } from '../../src/state/key-order.ts';
import { Random } from '../property/random.ts';

test('keys come in the order of their bytes', () => {
  const random = new Random(1);
  for (let round = 0; round < 300; round++) {
    const before = 'x'.repeat(random.int(0, 9));
    const keys = new Set(Array.from({ length: random.int(0, 60) }, () => before + Array.from({ length: random.int(0, 10) }, () => random.pick(['\0', 'a', 'b', '\xff'])).join('')));
    const expected = [...keys].sort((a, b) => (a < b ? -1 : 1));
    assert.deepEqual([...inKeyOrder([...keys].map((key) => [key, key.length] as const))], expected.map((key) => [key, key.length]));
  }
});
