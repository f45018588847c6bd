// in: values that state may be made of
// out: the same values, by way of their bytes

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyJson } from '../../src/snapshot/keys.ts';
import { ValueReader, ValueWriter } from '../../src/snapshot/values.ts';

const VALUES: readonly unknown[] = [
  null, undefined, true, false, 0, -0, 1, -1, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 32), 2 ** 53, 1.5, -1e300, Number.NaN, Infinity, -Infinity,
  0n, -(10n ** 40n), '', 'key\0\xff', 'ü€😀', '\ud800', 'x'.repeat(100_000), new Uint8Array(0), Uint8Array.from([0, 255, 7]),
  [], [1, [2, [null]]], {}, { a: 1, b: { a: [undefined] }, '': 'x', ['__proto__']: 3 }, new Map([[1, { a: 2 }]]), new Set(['x']), new Date(5),
];

test('every value comes back', () => {
  const writer = new ValueWriter();
  for (const value of [...VALUES, ...VALUES]) writer.value(value);
  const reader = new ValueReader(writer.written);
  for (const value of [...VALUES, ...VALUES]) assert.deepEqual(reader.value(), value);
  assert.ok(reader.isAtEnd);
});

test('bytes that come back are nobody else’s', () => {
  const writer = new ValueWriter();
  writer.value(Uint8Array.of(1, 2));
  const bytes = writer.written;
  const value = new ValueReader(bytes).value() as Uint8Array;
  bytes.fill(9);
  assert.deepEqual(value, Uint8Array.of(1, 2));
});

test('keys in words', () => {
  const normal = (e: number) => String.fromCharCode(0x82 + 40 + e);
  assert.deepEqual(keyJson('\x02\x03\x04'), ['null', 'false', 'true']);
  assert.deepEqual(keyJson('\x06a\0\xffb\0\x06\xc3\xbc\0'), ['"a\\u0000b"', '"ü"']);
  assert.deepEqual(keyJson(`\x05${normal(3)}\x0d\x1f\0`), ['123']);
  assert.deepEqual(keyJson(`\x05${normal(1)}\x10\0\x05\x80`), ['1.5', '0']);
  const negative = [...`${normal(0)}\x33\0`].map((c) => String.fromCharCode(c.charCodeAt(0) ^ 255)).join('');
  assert.deepEqual(keyJson(`\x05${negative}\x07[1]\0`), ['-0.5', '[1]']);
});
