// in: random decimals from a seed
// out: exact sums, quotients and roots, compared with rational arithmetic on bigints

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonText } from '../../src/model/token.ts';
import { average } from '../../src/expr/aggregates/numbers.ts';
import { DecimalSum } from '../../src/expr/aggregates/sum.ts';
import { AGGREGATES } from '../../src/expr/aggregates/table.ts';
import { compareDigits, digitsOf, divideToNumber, integerRoot, parseDecimal, printDigits, printSum, rootToNumber } from '../../src/expr/decimal.ts';
import { roundDecimal } from '../../src/expr/round.ts';
import { Random } from './random.ts';
import { print } from './support.ts';

const random = new Random(Number(process.env['SEED'] ?? 7));

function literal(): string {
  const digits = (n: number) => Array.from({ length: n }, () => random.below(10)).join('');
  const whole = String(BigInt(digits(1 + random.below(random.chance(0.2) ? 22 : 6))));
  const fraction = random.chance(0.6) ? `.${digits(1 + random.below(random.chance(0.2) ? 20 : 3))}` : '';
  const exponent = random.chance(0.1) ? `e${random.below(40) - 20}` : '';
  return `${random.chance(0.3) ? '-' : ''}${whole}${fraction}${exponent}`;
}

/** A literal as a fraction with a power of ten, by hand. */
function fraction(text: string): { n: bigint; d: bigint } {
  const [, sign, whole, part = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e(-?\d+))?$/.exec(text)!;
  const power = Number(exponent) - part.length;
  const n = BigInt(`${sign}${whole}${part}`);
  return power >= 0 ? { n: n * 10n ** BigInt(power), d: 1n } : { n, d: 10n ** BigInt(-power) };
}

function total(texts: readonly string[]): { n: bigint; d: bigint } {
  return texts.map(fraction).reduce((a, b) => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d }), { n: 0n, d: 1n });
}

/** How a column hands a literal over: a number where that is exact. */
const column = (text: string): unknown => (text.length <= 15 && !/e/.test(text) ? Number(text) : new JsonText(text));

/** Whether a double is the nearest to n/d: twice the error is at most the distance to either neighbour. */
function isNearest(x: number, n: bigint, d: bigint): boolean {
  const error = (y: number) => {
    const { n: yn, d: yd } = exactDouble(y);
    const e = yn * d - n * yd;
    return { n: e < 0n ? -e : e, d: yd * d };
  };
  const [own, up, down] = [error(x), error(neighbour(x, 1n)), error(neighbour(x, -1n))];
  return [up, down].every((other) => own.n * other.d <= other.n * own.d);
}

function exactDouble(x: number): { n: bigint; d: bigint } {
  let d = 1n;
  while (!Number.isInteger(x)) {
    x *= 2;
    d *= 2n;
  }
  return { n: BigInt(x), d };
}

function neighbour(x: number, step: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + step);
  return view.getFloat64(0);
}

test('sums are exact in any order, split anyhow, and after saving', () => {
  for (let round = 0; round < 400; round++) {
    const texts = Array.from({ length: 1 + random.below(30) }, literal);
    const expected = total(texts);
    const parts = [new DecimalSum(), new DecimalSum(), new DecimalSum()];
    for (const text of texts) assert.ok(random.of(parts).add(column(text)));
    const merged = DecimalSum.load(JSON.parse(JSON.stringify(parts[0]!.save())) as [string, number]);
    for (const part of parts.slice(1)) merged.merge(part);
    const { int, scale } = merged.total();
    assert.equal(int * expected.d, expected.n * 10n ** BigInt(scale), texts.join(' + '));
    const mean = average(merged.total(), texts.length);
    if (expected.n !== 0n) assert.ok(isNearest(mean, expected.n, expected.d * BigInt(texts.length)), `avg of ${texts.join(' ')}: ${mean}`);
  }
});

test('results of expressions are added by their shortest texts', () => {
  for (let round = 0; round < 40; round++) {
    const sum = new DecimalSum();
    const numbers = Array.from({ length: 60 }, () => (random.next() - 0.3) * 10 ** (random.below(12) - 5));
    for (const number of numbers) assert.ok(sum.add(number));
    for (const number of numbers.slice(50)) assert.ok(sum.add(number, -1));
    const { int, scale } = sum.total();
    const expected = total(numbers.slice(0, 50).map((number) => String(number).replace('e+', 'e')));
    assert.equal(int * expected.d, expected.n * 10n ** BigInt(scale));
  }
});

test('taking values out again leaves what the others sum to', () => {
  const sum = new DecimalSum();
  const texts = Array.from({ length: 200 }, literal);
  for (const text of texts) sum.add(column(text));
  for (const text of texts.slice(3)) sum.add(column(text), -1);
  const { int, scale } = sum.total();
  const expected = total(texts.slice(0, 3));
  assert.equal(int * expected.d, expected.n * 10n ** BigInt(scale));
});

test('variances and deviations are rounded once', () => {
  const [variance, deviation] = ['var', 'stddev'].map((name) => AGGREGATES.get(name)!.create([], () => assert.fail()));
  for (let round = 0; round < 300; round++) {
    const texts = Array.from({ length: 2 + random.below(20) }, literal);
    const n = BigInt(texts.length);
    const sum = total(texts);
    const square = texts.map(fraction).reduce((a, b) => ({ n: a.n * b.d * b.d + b.n * b.n * a.d, d: a.d * b.d * b.d }), { n: 0n, d: 1n });
    // (n·Σx² − (Σx)²) / n(n−1)
    const top = n * square.n * sum.d * sum.d - sum.n * sum.n * square.d;
    const bottom = n * (n - 1n) * square.d * sum.d * sum.d;
    const states = [variance!, deviation!].map((each) => texts.reduce((state, text) => each.add(state, column(text), undefined), each.create()));
    if (top === 0n) continue;
    const got = variance!.result(states[0]) as number;
    assert.ok(isNearest(got, top, bottom), `var of ${texts.join(' ')}: ${got}`);
    const root = deviation!.result(states[1]) as number;
    const { n: rn, d: rd } = exactDouble(neighbour(root, 1n));
    const { n: ln, d: ld } = exactDouble(neighbour(root, -1n));
    assert.ok(ln * ln * bottom <= top * ld * ld && top * rd * rd <= rn * rn * bottom, `stddev of ${texts.join(' ')}: ${root}`);
  }
});

test('divisions and roots at the edges', () => {
  assert.equal(divideToNumber(1n, 3n), 1 / 3);
  assert.equal(divideToNumber(-2n, 3n), -2 / 3);
  assert.equal(divideToNumber(10n ** 400n, 10n ** 399n), 10);
  assert.equal(divideToNumber(10n ** 400n, 1n), Number.POSITIVE_INFINITY);
  assert.equal(divideToNumber(1n, 10n ** 320n), 1e-320);
  assert.equal(divideToNumber(5n, 10n ** 324n), 5e-324);
  assert.equal(divideToNumber(2n ** 53n + 1n, 1n), 2 ** 53);
  assert.equal(divideToNumber(2n ** 53n + 3n, 1n), 2 ** 53 + 4);
  assert.equal(rootToNumber(2n, 1n), Math.SQRT2);
  assert.equal(rootToNumber(10n ** 600n, 1n), 1e300);
  assert.equal(rootToNumber(1n, 10n ** 600n), 1e-300);
  for (let i = 0n; i < 2000n; i++) {
    const root = integerRoot(i);
    assert.ok(root * root <= i && (root + 1n) * (root + 1n) > i);
  }
});

test('sums print exactly up to 38 digits', () => {
  const of = (...texts: string[]) => {
    const sum = new DecimalSum();
    for (const text of texts) sum.add(column(text));
    return print(sum.print());
  };
  assert.equal(of('0.1', '0.2'), '0.3');
  assert.equal(of('1.10', '2.20'), '3.3');
  assert.equal(of('1.5', '1.5'), '3');
  assert.equal(of('9007199254740993', '0'), '9007199254740993');
  assert.equal(of('12345678901234567890', '0.5'), '12345678901234567890.5');
  assert.equal(of('99999999999999999999999999999999999999', '0'), '99999999999999999999999999999999999999');
  assert.equal(of('99999999999999999999999999999999999999', '0.1'), '1e+38');
  assert.equal(of('1e21', '0'), '1e+21');
  assert.equal(of('1e-7', '0'), '1e-7');
  assert.equal(of('1e21', '1'), '1000000000000000000001');
  assert.equal(of('-5', '5'), '0');
  assert.equal(of('1e308', '1e308'), '2e+308');
});

test('equal numbers have one text, and their order is exact', () => {
  const pairs: [string, string][] = [['1', '1.0'], ['1', '10e-1'], ['-0', '0.00'], ['1e400', '10e399'], ['1e21', '1000000000000000000000'], ['1.10', '1.1']];
  for (const [a, b] of pairs) assert.equal(printDigits(digitsOf(a)!), printDigits(digitsOf(b)!));
  for (let round = 0; round < 2000; round++) {
    const [a, b] = [literal(), literal()];
    const [x, y] = [fraction(a), fraction(b)];
    const order = x.n * y.d - y.n * x.d;
    assert.equal(Math.sign(compareDigits(digitsOf(a)!, digitsOf(b)!)), order < 0n ? -1 : order > 0n ? 1 : 0, `${a} ${b}`);
    const again = parseDecimal(printDigits(digitsOf(a)!))!;
    assert.equal(again.int * x.d, x.n * 10n ** BigInt(again.scale), a);
  }
  assert.equal(printSum(parseDecimal('1.50')!), 1.5);
});

test('rounding is that of the text', () => {
  const cases: [number, number, number][] = [[1.005, 2, 1.01], [2.5, 0, 3], [-2.5, 0, -3], [0.49999999999999994, 0, 0], [1234, -2, 1200], [1250, -2, 1300], [1e-7, 3, 0], [5, -1, 10], [4, -1, 0], [1e21, 2, 1e21]];
  for (const [x, places, expected] of cases) assert.equal(roundDecimal(x, places), expected, `${x} ${places}`);
});
