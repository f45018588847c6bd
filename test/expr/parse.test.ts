// in: lists as people write them
// out: their names, paths and values

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barePath, negated } from '../../src/expr/ast.ts';
import { parseAssignments, parseExpression, parseExpressions, parseFields, parseNamed, parsePairs } from '../../src/expr/parse.ts';
import { printed, value } from './support.ts';

const names = (text: string) => parseNamed(text, { aggregates: true }).map((item) => item.name);

test('items name themselves', () => {
  assert.deepEqual(names('a.b, items[0].sku, items[1], $["@timestamp"], $.x'), ['b', 'sku', 'items_1', '@timestamp', 'x']);
  assert.deepEqual(names('count(), sum(price), quantile(ms, 0.9), max(user.age), count(lower(a.b))'), [
    'count',
    'sum_price',
    'quantile_ms_0_9',
    'max_age',
    'count_lower_b',
  ]);
});

test('names before an equals sign', () => {
  const text = `a=b==c, "@t" = 1, 'it''s' == x, class = default, $["k v"] = xs.map(x => x == 1, 2), t = \`,\``;
  assert.deepEqual(names(text.replace(", 'it''s' == x", '')), ['a', '@t', 'class', 'k v', 't']);
});

test('an expression after a name may hold anything', () => {
  const [item] = parseAssignments('ok = a == "x, y = z" && b => 1'.replace('b => 1', 'b >= 1'));
  assert.equal(item!.name, 'ok');
  assert.equal(item!.text.slice(item!.node.start, item!.node.end), 'a == "x, y = z" && b >= 1');
});

test('spread is an item of its own', () => {
  const [, spread] = parseAssignments('a = 1, ...bid.inner');
  assert.equal(spread!.spread, true);
  assert.deepEqual(barePath(spread!), ['bid', 'inner']);
});

test('reserved words are names of fields', () => {
  const line = '{"class":1,"default":2,"in":3,"new":4,"function":5,"this":6,"a":{"class":7,"true":8},"let":9,"return":10}';
  assert.equal(value('class + default / 2 + in + new / 4 + function + this', line), 1 + 1 + 3 + 1 + 5 + 6);
  assert.equal(value('a.class + a.true + let + return', line), 34);
});

test('paths', () => {
  const path = (text: string) => barePath(parseExpression(text));
  assert.deepEqual(path('a.b["c d"][0]'), ['a', 'b', 'c d', 0]);
  assert.deepEqual(path('(a)?.b'), ['a', 'b']);
  assert.deepEqual(path('$'), []);
  assert.deepEqual(path('$[`x`]'), ['x']);
  for (const text of ['a + b', '"a"', 'a[b]', 'Math.PI', 'undefined', 'lower(a)', '-a']) assert.equal(path(text), undefined, text);
});

test('lists of other kinds', () => {
  assert.deepEqual(parseFields('a, b.c, "x y", $["z"]'), [['a'], ['b', 'c'], ['x y'], ['z']]);
  assert.deepEqual(parsePairs('a, b.c = d, "x y" = "z"'), [
    { left: ['a'], right: ['a'] },
    { left: ['b', 'c'], right: ['d'] },
    { left: ['x y'], right: ['z'] },
  ]);
  const [first, second] = parseExpressions('-bids, name');
  assert.deepEqual(barePath(negated(first!)!), ['bids']);
  assert.equal(negated(second!), undefined);
});

test('bare paths keep their literals', () => {
  const line = '{"a":12345678901234567890,"b":1.10,"c":{"d":[1.0,{"e":2.50}]},"s":"\\u00e9","n":null}';
  assert.equal(printed('a', line), '12345678901234567890');
  assert.equal(printed('c.d[1].e', line), '2.50');
  assert.equal(printed('c.d[0]', line), '1.0');
  assert.equal(printed('c', line), '{"d":[1.0,{"e":2.50}]}');
  assert.equal(printed('$', line), line);
  assert.equal(printed('s', line), '"\\u00e9"');
  assert.equal(printed('n', line), 'null');
  assert.equal(printed('gone', line), undefined);
  assert.equal(printed('n ?? b', line), '1.10');
  assert.equal(printed('b > 1 ? a : b', line), '12345678901234567890');
  assert.equal(printed('coalesce(gone, n, a)', line), '12345678901234567890');
  assert.equal(printed('b && a', line), '12345678901234567890');
  assert.equal(printed('json(a) + json(c)', line), '"12345678901234567890{\\"d\\":[1.0,{\\"e\\":2.50}]}"');
  assert.equal(printed('b * 1', line), '1.1');
});
