// in: values of all kinds in many spellings
// out: equal values have equal keys, and their order is the one of DESIGN.md section 5

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonText, encodeBytes } from '../../src/model/token.ts';
import { canonicalJson, canonicalKeys, compareStrings } from '../../src/expr/canonical.ts';
import { compareValues } from '../../src/expr/order.ts';
import { hashText } from '../../src/expr/hash.ts';
import { Random } from './random.ts';

const text = (json: string) => new JsonText(encodeBytes(json));

/** In order; values of one line are equal. */
const ORDERED: readonly (readonly unknown[])[] = [
  [null, undefined, Number.NaN, Number.POSITIVE_INFINITY, text('null')],
  [false, text('false')],
  [true, text('true')],
  [text('-1e400')],
  [-5, text('-5.0')],
  [0, -0, text('-0'), text('0e5'), text('0.000')],
  [text('1e-400')],
  [1e-7, text('0.0000001')],
  [0.1, text('0.10'), text('1e-1')],
  [1, text('1.0'), text('10e-1')],
  [2 ** 53, text('9007199254740992')],
  [text('9007199254740993'), text('9007199254740993.0')],
  [1e21, text('1000000000000000000000')],
  [text('1e400'), text('10E+399')],
  ['', text('""')],
  ['1', text('"1"')],
  ['a"\n', text('"a\\"\\n"'), text('"\\u0061\\u0022\\u000a"')],
  ['é', text('"é"'), text('"\\u00e9"')],
  ['\uffff', text('"\uffff"')],
  ['𝒳', text('"𝒳"'), text('"\\ud835\\udcb3"')],
  [[1, 'a'], text('[1.0, "\\u0061"]')],
  [text('[9007199254740993]')],
  [[], text('[ ]')],
  [{ a: 1, b: [null] }, text('{"b" : [null] , "a":10e-1}'), text('{"a":5,"b":[null],"a":1}')],
  [{ b: 1 }, text('{"b":1}')],
  [{}, text('{}')],
];

test('keys and order', () => {
  ORDERED.forEach((left, i) => {
    ORDERED.forEach((right, j) => {
      for (const a of left) {
        for (const b of right) {
          const message = `${String(canonicalJson(a))} and ${String(canonicalJson(b))}`;
          assert.equal(canonicalJson(a) === canonicalJson(b), i === j, message);
          assert.equal(Math.sign(compareValues(a, b)) + 0, Math.sign(i - j), message);
        }
      }
    });
  });
});

test('brackets nested deeper than calls can be', () => {
  const deep = `${'[{"b":'.repeat(5000)}1.0${', "a":2}]'.repeat(5000)}`;
  assert.equal(canonicalJson(text(deep)), `${'[{"a":2,"b":'.repeat(5000)}1${'}]'.repeat(5000)}`);
});

test('lists of keys', () => {
  assert.notEqual(canonicalKeys(['a,b', 'c']), canonicalKeys(['a', 'b,c']));
  assert.notEqual(canonicalKeys(['a","b']), canonicalKeys(['a', 'b']));
});

test('strings are ordered by their UTF-8 bytes', () => {
  const random = new Random(21);
  const pieces = ['a', 'b', '\u007f', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '𝒳', '\u0000'];
  for (let i = 0; i < 3000; i++) {
    const make = () => Array.from({ length: random.below(5) }, () => random.of(pieces)).join('');
    const [a, b] = [make(), make()];
    assert.equal(Math.sign(compareStrings(a, b)) + 0, Buffer.compare(Buffer.from(a), Buffer.from(b)), JSON.stringify([a, b]));
  }
});

test('hashes are MurmurHash3', () => {
  // the test vectors that other implementations use
  assert.equal(hashText('', 0), 0);
  assert.equal(hashText('', 1), 0x514e28b7);
  assert.equal(hashText('a', 0), 0x3c2569b2);
  assert.equal(hashText('Hello, world!', 0), 0xc0363e43);
  assert.equal(hashText('The quick brown fox jumps over the lazy dog', 0x9747b28c), 0x2fa826cd);
});
