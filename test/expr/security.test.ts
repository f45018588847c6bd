// in: attempts to get out of an expression
// out: each is refused, or reaches nothing but data

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileValue } from '../../src/expr/compile.ts';
import { parseExpression } from '../../src/expr/parse.ts';
import { TextError } from '../../src/model/errors.ts';
import { printed, TestScope, value } from './support.ts';

const REFUSED = [
  'a.constructor("return 1")()',
  '"".constructor.constructor("return process")()',
  'a.map.call(a, x => x)',
  'a["map"](x => x)',
  'a[b](1)',
  '(x => x)(1)',
  '(() => 1)()',
  'Function("return 1")()',
  'eval("1")',
  'require("fs")',
  'import("fs")',
  'process.exit()',
  'globalThis.process.exit()',
  'a.toString.call(a)',
  'a.map(Function)()',
  'a.map(x => x.constructor("x")())',
  'new Function("x")',
  'function () {}',
  'class {}',
  'this.x()',
  'a`x`',
  'async x => x',
  'a.map(async x => x)',
  'a.map((x = 1) => x)',
  'a.map(({b}) => b)',
  'a.map((...b) => b)',
  '({get a() { return 1 }})',
  '({a() {}})',
  'Math',
  'Math["floor"](1)',
  'Math.constructor',
  'Math.floor.call(1)',
  'a.sort(x => y = 1)',
  'a.match(/x/y)',
  'matches(a, /x/y)',
  'delete a.b',
  'void 0',
  'a instanceof b',
  'await a',
  'new.target()',
  '$.constructor("x")',
  'a.valueOf()',
  'a.hasOwnProperty("x")',
  'a.push(1)',
  'a.matchAll(/x/g)',
  'lower.call(1)',
  'super.x()',
];

for (const text of REFUSED) {
  test(`refused: ${text}`, () => assert.throws(() => compileValue(parseExpression(text), new TestScope()), TextError));
}

test('names of the language reach nothing but own fields', () => {
  const line = '{"a":{"x":1},"s":"text","list":[1]}';
  for (const text of ['globalThis', 'process', 'import.meta', 'new.target', 'this', 'yield', 'arguments', 'constructor', '__proto__', 'a.constructor', 'a.__proto__', 's.constructor', 'list.constructor', 'list["map"]']) {
    assert.equal(value(text, line), undefined, text);
    assert.equal(value(text, line, new TestScope(new Set(['a', 's', 'list']))), undefined, text);
  }
  for (const text of ['$["constructor"]', 'a[`${"const"}ructor`]', 'list[s ? "constructor" : 0]', '$.a["__proto__"]', '(a ?? 1).__proto__', '(1).constructor']) {
    assert.equal(value(text, line), undefined, text);
  }
  assert.equal(value('a.constructor + __proto__.b', '{"a":{"constructor":5},"__proto__":{"b":2}}'), 7);
});

test('an object literal cannot change a prototype', () => {
  assert.equal(printed('{"__proto__": {x: 1}, y: 2}'), '{"__proto__":{"x":1},"y":2}');
  assert.equal(value('({["__proto__"]: a}).x', '{"a":{"x":1}}'), undefined);
  assert.equal(value('({...a}).x', '{"a":{"__proto__":{"x":1}}}'), undefined);
});

test('text never becomes code', () => {
  assert.equal(value('"\\"); process.exit(9); (\\"\\u2028"'), '"); process.exit(9); ("\u2028');
  assert.equal(value('$["];process.exit(9);["]', '{"];process.exit(9);[":3}'), 3);
  assert.equal(value('`\\`${1}`'), '`1');
  assert.equal(value('[1].map(columns => columns + 1)[0]'), 2);
  assert.equal(value('batch', '{"batch":4}'), 4);
});

test('records cannot make an expression throw, or change what others see', () => {
  const line = '{"o":{"toString":1,"valueOf":1},"p":{"toString":"x"},"list":[3,1,2],"bad":"(","n":1e400}';
  for (const text of ['o + 1', '`${o}`', 'o > 1', '-o', '"a".repeat(o)', '[o].join(",")', 'list[o]', '({[o]: 1})', 'Math.max(o)', 's.x.y', 'matches("a", bad)']) {
    value(text, line);
  }
  for (const text of ['"x".repeat(-1)', '"x".repeat(1e12)', '(5).toFixed(200)', '"a".normalize("x")', '"a".replaceAll(/b/, "")', 'list.reduce(x => x.y.z)', '[].reduce((a, b) => a)']) {
    assert.equal(value(text, line), undefined, text);
  }
  assert.deepEqual(value('[list.sort(), list.reverse(), list]', line), [[1, 2, 3], [2, 1, 3], [3, 1, 2]]);
});
