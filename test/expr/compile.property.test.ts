// in: random expressions and records, from a seed
// out: compiled loops give what the tree-walking interpreter gives, on tokens and on values

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExpression } from '../../src/expr/parse.ts';
import { interpret, Unspecified } from './interpreter.ts';
import { Random } from './random.ts';
import { kept, print, printed, TestScope, values } from './support.ts';

const NAMES = ['a', 'b', 's', 't', 'o', 'list', 'gone', 'class'];
const PATHS = [...NAMES, 'o.x', 'o["y z"]', '$.a', '$["s"]', 'list[0]', 'list[7]', 's.length', 'list.length', 's[1]', 'o?.x?.y', 'list[a]', 'o.list'];
const CONSTANTS = ['0', '1', '(-2)', '2.5', '1e3', '"a"', '"é\\n"', '"12"', "''", 'true', 'false', 'null', 'undefined', '`t${a}`', '[a, 1]'];
const BINARY = '== != === !== < <= > >= + - * / % ** & | ^ << >> >>>'.split(' ');
const METHODS = [
  '.includes("a")', '.slice(0, 2)', '.toUpperCase()', '.split("")', '.map((x, i) => x + i)', '.filter(x => x > 1)', '.toFixed(1)', '.at(-1)', '.join("-")',
  '.repeat(2)', '.repeat(-1)', '.some(x => x == a)', '.reduce((n, x) => n + x, 0)', '.indexOf(b)', '.padStart(5, s)',
];

function expression(random: Random, depth: number): string {
  const inner = () => expression(random, depth - 1);
  if (depth === 0) return random.of(random.chance(0.75) ? PATHS : CONSTANTS);
  switch (random.below(10)) {
    case 0:
      return `(${random.of(['!', '-', '+', '~', 'typeof '])} ${inner()})`;
    case 1:
      return `(${inner()} ${random.of(['&&', '||'])} ${inner()})`;
    case 2:
      return `((${inner()}) ?? (${inner()}))`;
    case 3:
      return `(${inner()} ? ${inner()} : ${inner()})`;
    case 4:
      return `(${inner()})${random.of(METHODS)}`;
    case 5:
      return `Math.${random.of(['floor', 'abs', 'max'])}(${inner()})`;
    case 7:
      return `(${random.of(PATHS)} ${random.of(['==', '!=', '<', '>='])} ${random.of(CONSTANTS)})`;
    case 6:
      return random.chance(0.5) ? `({x: ${inner()}, "y": 1}).x` : `\`\${${inner()}}-\${${inner()}}\``;
    default:
      return `(${inner()} ${random.of(BINARY)} ${inner()})`;
  }
}

const VALUES = ['0', '1', '-1', '2', '2.50', '-0.0', '12', '1e3', '"a"', '"\\u00e9\\n"', '"é\\n"', '"12"', '""', '"日本"', 'true', 'false', 'null'];
const DEEP = ['{"x":1.10,"y z":"a"}', '{"x":{"y":3}}', '{"length":"7","x":null}', '{"list":[1,2]}', '[]', '[1, 2.0, "a"]', '[null,[3]]', '{}'];

function record(random: Random): string {
  const names = NAMES.filter(() => random.chance(0.8));
  return `{${names.map((name) => `"${name}": ${random.of(name === 'o' || name === 'list' ? [...DEEP, ...VALUES] : [...VALUES, '{"x":5}'])}`).join(', ')}}`;
}

const SEED = Number(process.env['SEED'] ?? 1);

function expectedOf(node: unknown, lines: readonly string[]): unknown[] | undefined {
  try {
    return lines.map((line) => interpret(node, {}, JSON.parse(line)));
  } catch (error) {
    if (error instanceof Unspecified) return undefined;
    throw error;
  }
}

test('compiled loops equal the interpreter', () => {
  const random = new Random(SEED);
  for (let round = 0; round < 1500; round++) {
    const text = expression(random, 1 + random.below(3));
    const lines = Array.from({ length: 8 }, () => record(random));
    const { node } = parseExpression(text);
    const expected = expectedOf(node, lines);
    if (expected === undefined) continue;
    for (const scope of [new TestScope(), new TestScope(new Set(NAMES))]) {
      const message = `seed ${SEED}: ${text} on ${lines.join('\n')}`;
      assert.deepEqual(values(text, lines, scope), expected, message);
      assert.deepEqual(kept(text, lines, scope), [...expected.keys()].filter((r) => expected[r]), message);
    }
  }
});

test('the literal-keeping variant prints the same value', () => {
  const random = new Random(SEED + 1);
  for (let round = 0; round < 800; round++) {
    const text = random.chance(0.3) ? random.of(PATHS) : expression(random, 1 + random.below(2));
    const line = record(random);
    const found = expectedOf(parseExpression(text).node, [line]);
    if (found === undefined) continue;
    const expected = print(found[0]);
    const got = printed(text, line);
    const same = got === undefined ? undefined : JSON.stringify(JSON.parse(got));
    assert.equal(same, expected, `seed ${SEED}: ${text} on ${line}`);
  }
});
