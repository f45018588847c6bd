// in: tokens of numbers and strings
// out: doubles as JSON.parse has them, decimals as BigInt has them, equality as JavaScript has it

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from '../../src/model/token.ts';
import { DecimalKind, doublesToDecimals, equalsConstant, parseDecimals, parseNumbers } from '../../src/scan/columns.ts';
import { memory } from '../../src/wasm/memory.ts';
import { columnOf } from './columns.ts';
import { stringText } from './documents.ts';
import { property, type Random, SEED, sharedBatch } from './helpers.ts';

const ODD_NUMBERS = [
  ...['0', '-0', '0.0', '-0e5', '0e999999999999', '1', '-1', '1.10', '100', '1e2', '1E+2', '100e-2', '1.0', '0.000', '1e-7', '123456789012345678', '1234567890123456789', '12345678901234567890'],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '9007199254740993.0', '18446744073709551615', '18446744073709551616', '999999999999999999', '1000000000000000000', '-999999999999999999'],
  ...['1e17', '1e18', '1e19', '1e22', '1e23', '1e308', '1.7976931348623157e308', '1.8e308', '1e400', '5e-324', '2e-324', '1e-400', '2.2250738585072011e-308', '0.1', '0.30000000000000004', '4.35', '8179.34'],
  ...['0.000000000000000001', '0.0000000000000000001', '1.000000000000000000000000000000', '1.000000000000000000000000000001', '0.000000000000000000000000000000', '123456789.123456789', '9999999999.99999999', '1e-18', '1e-19', '10e-19'],
  ...['1000000000000000000000e-21', '0.000000000000000000000000001e27', '1e99999999999', '1e-99999999999', `1${'0'.repeat(400)}`, `0.${'0'.repeat(400)}1`, '8.5e15', '123456789012345680000'],
];

function randomNumber(r: Random): string {
  const digits = (n: number) => Array.from({ length: n }, () => r.pick(['0', '0', '5', '9', String(r.int(10))])).join('');
  const whole = r.chance(0.3) ? '0' : `${r.int(9) + 1}${digits(r.int(r.chance(0.2) ? 25 : 9))}`;
  const fraction = r.chance(0.5) ? `.${digits(r.int(r.chance(0.2) ? 25 : 6) + 1)}` : '';
  const exponent = r.chance(0.2) ? `${r.pick(['e', 'E'])}${r.pick(['', '+', '-'])}${r.int(r.chance(0.3) ? 400 : 25)}` : '';
  return (r.chance(0.2) ? '-' : '') + whole + fraction + exponent;
}

function numbers(r: Random): string[] {
  const doubles = Array.from({ length: 200 }, () => String((r.next() - 0.5) * 10 ** r.int(30)));
  return [...ODD_NUMBERS, ...doubles, ...Array.from({ length: 1500 }, () => randomNumber(r))];
}

test('numbers are the doubles that JSON.parse makes', () => {
  for (let i = 0; i < 20; i++) {
    property(SEED + i, (r) => {
      const texts = numbers(r);
      const { batch, column } = columnOf(texts);
      parseNumbers(batch, column);
      assert.ok(column.parsed);
      for (const [row, text] of texts.entries()) assert.ok(Object.is(column.num[row], JSON.parse(text)), `${text}: ${column.num[row]}`);
    });
  }
});

test('what is no number is NaN', () => {
  const { batch, column } = columnOf(['null', '"1"', 'true', '[1]', '']);
  parseNumbers(batch, column);
  assert.deepEqual([...column.num.subarray(0, 5)], Array(5).fill(Number.NaN));
});

test('times of our own are ms, however they are printed', () => {
  const { batch, column } = columnOf(['"2025-01-02T03:04:05.678Z"', '1735787045678', '-1']);
  column.type.fill(Type.time, 0, 3);
  parseNumbers(batch, column);
  assert.deepEqual([...column.num.subarray(0, 3)], [1735787045678, 1735787045678, -1]);
});

const LIMIT = 10n ** 18n;

/** A number literal as mantissa × 10^-scale without trailing zeros behind the point, or undefined where it does not fit. */
function decimal(text: string): [bigint, number] | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  let mantissa = BigInt(whole! + fraction);
  if (mantissa === 0n) return [0n, 0];
  let scale = fraction.length - Number(exponent);
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    scale--;
  }
  if (scale < -20) return undefined;
  if (scale < 0) [mantissa, scale] = [mantissa * 10n ** BigInt(-scale), 0];
  return mantissa < LIMIT && scale <= 18 ? [sign ? -mantissa : mantissa, scale] : undefined;
}

function decimalArrays() {
  const [mantissa, scale, kind] = [memory().f64(2048), memory().u8(2048), memory().u8(2048)];
  const mantissas = new BigInt64Array(mantissa.view.buffer, mantissa.at, 2048);
  return { at: { mantissa: mantissa.at, scale: scale.at, kind: kind.at }, mantissas, scales: scale.view, kinds: kind.view };
}

test('decimals are exact', () => {
  const out = decimalArrays();
  for (let i = 0; i < 20; i++) {
    property(SEED + i, (r) => {
      const texts = numbers(r);
      const { batch, column } = columnOf(texts);
      parseDecimals(batch, column, out.at);
      texts.forEach((text, row) => {
        const expected = decimal(text);
        assert.equal(out.kinds[row], expected ? DecimalKind.fits : DecimalKind.large, text);
        if (expected) assert.deepEqual([out.mantissas[row], out.scales[row]], expected, text);
      });
    });
  }
});

test('decimals of what is no number', () => {
  const out = decimalArrays();
  const { batch, column } = columnOf(['null', '', '"1"', 'true', 'false', '[1]', '{}', '"\\n"']);
  parseDecimals(batch, column, out.at);
  const { nothing, noNumber } = DecimalKind;
  assert.deepEqual([...out.kinds.subarray(0, 8)], [nothing, nothing, ...Array(6).fill(noNumber)]);
});

test('decimals of doubles: integers and short fractions fit, the others are told', () => {
  const out = decimalArrays();
  const values = [0, -0, 1, -5, 2 ** 53 - 1, 1 - 2 ** 53, 2 ** 53, 0.1 + 0.2, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY, 1e300];
  const num = memory().f64(2048);
  num.view.set(values);
  const batch = sharedBatch();
  batch.rows = values.length;
  batch.selectAll();
  doublesToDecimals(batch, num.at, out.at);
  values.forEach((v, row) => {
    assert.equal(out.kinds[row], Number.isSafeInteger(v) ? DecimalKind.fits : DecimalKind.large, String(v));
    if (Number.isSafeInteger(v)) assert.deepEqual([out.mantissas[row], out.scales[row]], [BigInt(v), 0]);
  });
  const fractions = [0.5, -0.1, 1.1, 0.000000001, 1234567.89, 99999.9999, -3.75, 123456789012.345];
  num.view.set(fractions);
  batch.rows = fractions.length;
  batch.selectAll();
  doublesToDecimals(batch, num.at, out.at);
  fractions.forEach((v, row) => {
    assert.equal(out.kinds[row], DecimalKind.fits, String(v));
    assert.equal(Number(`${out.mantissas[row]}e-${out.scales[row]}`), v);
    assert.ok(String(out.mantissas[row]).replace('-', '').length <= String(v).replace(/\D/g, '').length, String(v));
  });
});

test('strings are equal however they are written', () => {
  const mask = memory().u8(2048);
  const constants = ['', 'a', 'ab', 'Grüße', '日本😀', '/"\\\b\f\n\r\t', 'x'.repeat(100), '\u0000'];
  for (let i = 0; i < 20; i++) {
    property(SEED + i, (r) => {
      const values = Array.from({ length: 300 }, () => (r.chance(0.8) ? r.pick(constants) : r.pick(constants).slice(1)));
      const { batch, column } = columnOf([...values.map((v) => stringText(r, v)), '1', 'null', '{"a":"a"}', '']);
      for (const constant of constants) {
        const bytes = Buffer.from(constant);
        const at = memory().alloc(bytes.length + 1);
        bytes.copy(memory().memory, at);
        equalsConstant(batch, column, at, bytes.length, mask.at);
        assert.deepEqual([...mask.view.subarray(0, batch.rows)], [...values.map((v) => (v === constant ? 1 : 0)), 0, 0, 0, 0]);
      }
    });
  }
});
