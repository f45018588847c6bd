// in: many keys
// out: those that were added are there, and few of the others

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyFilter } from '../../src/state/key-filter.ts';

test('no key is forgotten, and few others are taken for one', () => {
  const filter = new KeyFilter();
  const key = (n: number) => `\x05${n}`;
  for (let n = 0; n < 3_000_000; n++) filter.add(key(n));
  for (let n = 0; n < 3_000_000; n += 7) assert.ok(filter.has(key(n)));
  let wrong = 0;
  for (let n = 3_000_000; n < 3_100_000; n++) if (filter.has(key(n))) wrong++;
  assert.ok(wrong < 500, `${wrong} of 100000`);
});
