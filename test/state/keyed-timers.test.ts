// in: timers set and deleted at random
// out: they come out by (time, key), and none that was deleted

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KeyedTimer, KeyedTimers } from '../../src/state/keyed-timers.ts';

/** mulberry32 */
function generator(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

test('the same timers as a sorted list', () => {
  const random = generator(7);
  const timers = new KeyedTimers<undefined>();
  let set: KeyedTimer<undefined>[] = [];
  const order = (a: KeyedTimer<undefined>, b: KeyedTimer<undefined>) => a.time - b.time || (a.key < b.key ? -1 : 1);
  for (let i = 0; i < 20_000; i++) {
    const deletes = i % 5000 < 2500 ? 1 : 8;
    if (set.length > 0 && random(10) < deletes) {
      const [timer] = set.splice(random(set.length), 1);
      timers.delete(timer!);
    } else if (set.length > 0 && random(10) === 0) {
      set.sort(order);
      assert.equal(timers.take(), set.shift());
    } else set.push(timers.add(random(1000), `${i}`, undefined));
    assert.equal(timers.next, set.reduce((least, t) => Math.min(least, t.time), Number.POSITIVE_INFINITY));
  }
  set = set.sort(order);
  while (set.length > 0) assert.equal(timers.take(), set.shift());
  assert.equal(timers.next, Number.POSITIVE_INFINITY);
});
