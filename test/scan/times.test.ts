// in: tokens that stand for times, and some that do not
// out: ms since the epoch as Date has them; texts of times as Date writes them

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from '../../src/model/token.ts';
import { parseTimes, TimeStatus } from '../../src/scan/columns.ts';
import { memory } from '../../src/wasm/memory.ts';
import { columnOf } from './columns.ts';
import { property, type Random, SEED } from './helpers.ts';

type Unit = 's' | 'ms' | 'us' | 'ns';
const { ok, local, nothing, unusable } = TimeStatus;

function times(texts: readonly string[], unit: Unit = 'ms'): [number, number][] {
  const { batch, column } = columnOf(texts);
  const { values, status } = parseTimes(batch, column, unit);
  return texts.map((_, row) => [status[row]!, values[row]!]);
}

function time(text: string, unit: Unit = 'ms'): [number, number] {
  return times([text], unit)[0]!;
}

const at = (text: string) => new Date(text).getTime();
const quoted = (text: string) => JSON.stringify(text);

test('the forms of ISO-8601', () => {
  const base = at('2025-02-03T04:05:00Z');
  const forms: [string, number, number][] = [
    ['2025-02-03T04:05:06.789Z', ok, base + 6789],
    ['2025-02-03T04:05:06Z', ok, base + 6000],
    ['2025-02-03T04:05Z', ok, base],
    ['2025-02-03t04:05:06.7z', ok, base + 6700],
    ['2025-02-03 04:05:06,78Z', ok, base + 6780],
    ['2025-02-03T04:05:06.7899999999999999999999Z', ok, base + 6789],
    ['2025-02-03T04:05:06.000000Z', ok, base + 6000],
    ['2025-02-03T05:35:06+01:30', ok, base + 6000],
    ['2025-02-03T05:35:06.5+0130', ok, base + 6500],
    ['2025-02-03T02:05:06-02', ok, base + 6000],
    ['2025-02-03', local, at('2025-02-03T00:00:00Z')],
    ['2025-02-03T04:05', local, base],
    ['2025-02-03 04:05:06.789', local, base + 6789],
    ['2024-02-29T00:00:00Z', ok, at('2024-02-29T00:00:00Z')],
    ['2000-02-29T23:59:59.999Z', ok, at('2000-02-29T23:59:59.999Z')],
    ['0000-01-01T00:00:00Z', ok, at('0000-01-01T00:00:00Z')],
    ['1969-12-31T23:59:59.9999Z', ok, -1],
    ['9999-12-31T23:59:59.999Z', ok, at('9999-12-31T23:59:59.999Z')],
    ['+012025-02-03T04:05:06.789Z', ok, at('+012025-02-03T04:05:06.789Z')],
    ['-000001-02-03T04:05:06.789Z', ok, at('-000001-02-03T04:05:06.789Z')],
    ['+275760-09-13T00:00:00.000Z', ok, 8.64e15],
  ];
  for (const [text, status, value] of forms) assert.deepEqual(time(quoted(text)), [status, value], text);
});

test('what is no time', () => {
  const wrong = [
    ...['', 'x', '2025', '2025-02', '2025-2-3', '2025-13-01', '2025-00-01', '2025-02-00', '2025-02-29', '1900-02-29T00:00:00Z', '2025-04-31', '2025-02-03T', '2025-02-03T04', '2025-02-03T24:00:00Z', '2025-02-03T23:60:00Z'],
    ...['2025-02-03T04:05:60Z', '2025-02-03T04:05:61.000Z', '2025-02-03T04:05:06.Z', '2025-02-03T04:05:06.12xZ', '2025-02-03T04:05:06.789Zx', '2025-02-03T04:05:06.789z ', ' 2025-02-03', '2025-02-03Z', '2025-02-03T04:05:06+', '2025-02-03T04:05:06+1'],
    ...['2025-02-03T04:05:06+24:00', '2025-02-03T04:05:06+01:60', '2025-02-03T04:05:06+01:', '2025/02/03', '20250203', '2025-02-03T04.05', '-000000-01-01', '+275760-09-13T00:00:00.001Z', '2025-02-03T04:05:0:.000Z', '2025-02-03T04:05:/6.000Z', '２025-02-03'],
  ];
  for (const text of wrong) assert.deepEqual(time(quoted(text)), [unusable, Number.NaN], text);
  for (const text of ['true', 'false', '[]', '{}', '1e30', '-1e30', '8640000000000001', '"\\u0000"', `"\\n${'0'.repeat(1000)}"`]) assert.deepEqual(time(text), [unusable, Number.NaN], text);
  for (const text of ['null', '']) assert.deepEqual(time(text), [nothing, Number.NaN], text);
});

test('a text with escapes is the text that it spells', () => {
  assert.deepEqual(time('"2025\\u002d02-03T04:05:06Z"'), [ok, at('2025-02-03T04:05:06Z')]);
});

test('numbers in any unit, rounded down', () => {
  const cases: [string, Unit, number][] = [
    ['1735787045', 's', 1735787045000],
    ['1735787045.6789', 's', 1735787045678],
    ['-1.0005', 's', -1001],
    ['-1.000', 's', -1000],
    ['1.735787045678e9', 's', 1735787045678],
    ['1735787045678', 'ms', 1735787045678],
    ['1735787045678.9', 'ms', 1735787045678],
    ['-0.1', 'ms', -1],
    ['1735787045678999', 'us', 1735787045678],
    ['1735787045678999999', 'ns', 1735787045678],
    ['-1', 'ns', -1],
    ['-1000000', 'ns', -1],
    ['-1000001', 'ns', -2],
    ['-1000000.0000000000000000000000001', 'ns', -2],
    ['1735787045678999999.99999999999', 'ns', 1735787045678],
    ['0', 's', 0],
    ['0e999', 's', 0],
    ['-0', 'ms', 0],
    ['1e-30', 'ms', 0],
    ['-1e-30', 'ms', -1],
    ['8640000000000000', 'ms', 8640000000000000],
  ];
  for (const [text, unit, value] of cases) assert.deepEqual(time(text, unit), [ok, value], `${text} ${unit}`);
});

test('times of our own are ms, whatever the unit of the input', () => {
  const { batch, column } = columnOf(['1735787045678', '"2025-01-02T03:04:05.678Z"']);
  column.type.fill(Type.time, 0, 2);
  const { values } = parseTimes(batch, column, 's');
  assert.deepEqual([...values.subarray(0, 2)], [1735787045678, 1735787045678]);
});

function randomMs(r: Random): number {
  return Math.floor((r.next() - 0.5) * r.pick([1e4, 1e9, 1e13, 3e14, 1.728e16]));
}

/** A text of a time in its long or short form, near the one before or far from it, sometimes with a wrong byte. */
function timeText(r: Random, near: number): string {
  let text = new Date(near + r.int(200000)).toISOString();
  if (r.chance(0.3)) text = text.replace(/\.\d+/, '');
  if (r.chance(0.2)) {
    const i = r.int(text.length);
    text = text.slice(0, i) + r.pick(['0', '9', ':', '-', 'T', 'x', '/', ';', '.']) + text.slice(i + 1);
  }
  return text;
}

const STRICT = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$/;
/** Of the form that has a way of its own, valid or not. */
const LONG = /^....-..-..T..:..:..\....Z$/;

test('texts of times are what Date makes of them', () => {
  for (let i = 0; i < 100; i++) {
    property(SEED + i, (r) => {
      const near = Math.abs(randomMs(r)) % 2e14;
      const texts = Array.from({ length: 200 }, () => timeText(r, near));
      times(texts.map(quoted)).forEach(([status, value], k) => {
        const text = texts[k]!;
        const ms = Date.parse(text);
        // Date takes the 30th of February for the 1st of March.
        const valid = STRICT.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text.slice(0, 10);
        if (valid) assert.deepEqual([status, value], [ok, ms], text);
        if (!valid && LONG.test(text)) assert.equal(status, unusable, text);
      });
    });
  }
});

test('times are written as Date writes them', () => {
  const place = memory().alloc(64);
  const written = (ms: number) => memory().memory.latin1Slice(place, memory().kernels.formatTime(ms, place));
  property(SEED, (r) => {
    const some = [0, -1, 1, 8.64e15, -8.64e15, 253402300799999, 253402300800000, -62167219200000, -62167219200001, 951782400000, 86399999, 86400000];
    for (const ms of [...some, ...Array.from({ length: 20000 }, () => randomMs(r))]) assert.equal(written(ms), JSON.stringify(new Date(ms)));
  });
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 2, -8.65e15]) assert.equal(written(ms), 'null');
});
