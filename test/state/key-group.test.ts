// in: bytes of keys
// out: their hash in JavaScript is that of the kernels, and spreads over all key groups

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY_GROUPS } from '../../src/model/state.ts';
import { groupOfHash, hashKey, keyGroup } from '../../src/state/key-group.ts';
import { memory } from '../../src/wasm/memory.ts';
import { Random } from '../property/random.ts';

function kernelHash(key: string): number {
  const m = memory();
  const at = m.kernels.scratchTop();
  m.put(key, at);
  return m.kernels.hashKey(at, key.length) >>> 0;
}

test('the hash is that of the kernels', () => {
  const random = new Random(1);
  for (let round = 0; round < 20_000; round++) {
    const key = Array.from({ length: random.int(0, 33) }, () => String.fromCharCode(random.int(0, 255))).join('');
    assert.equal(hashKey(key), kernelHash(key), JSON.stringify(key));
    assert.equal(keyGroup(key), groupOfHash(kernelHash(key)));
  }
});

test('keys spread over all key groups', () => {
  const counts = new Array<number>(KEY_GROUPS).fill(0);
  for (let i = 0; i < KEY_GROUPS * 100; i++) counts[keyGroup(`\x06user-${i}\0`)]!++;
  assert.ok(Math.min(...counts) > 60 && Math.max(...counts) < 150, String(counts));
});
