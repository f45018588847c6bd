// in: durations as people write them
// out: ms, calendar units, and what is wrong

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '../../src/model/duration.ts';
import { TextError } from '../../src/model/errors.ts';

test('sums of units', () => {
  const ms = (text: string) => parseDuration(text, { negative: true }).ms;
  assert.deepEqual(['250ms', '10s', '5m', '1h', '1d', '1w', '1h30m', '1.5s', '0', '-8h', '+1m'].map(ms), [250, 10_000, 300_000, 3_600_000, 86_400_000, 604_800_000, 5_400_000, 1500, 0, -28_800_000, 60_000]);
});

test('calendar units of a window', () => {
  const unit = (text: string) => parseDuration(text, { calendar: true }).calendar;
  assert.deepEqual(['1d', '1w', '3mo', '24h', '1d12h', '0.5d'].map(unit), [{ unit: 'day', count: 1 }, { unit: 'week', count: 1 }, { unit: 'month', count: 3 }, undefined, undefined, undefined]);
  assert.equal(parseDuration('1d').calendar, undefined);
});

test('what is wrong, and where', () => {
  const wrong = (text: string, rules = {}) => {
    try {
      parseDuration(text, rules);
    } catch (error) {
      assert.ok(error instanceof TextError);
      return `${error.message}: ${text.slice(error.start, error.end)}`;
    }
    return undefined;
  };
  assert.equal(wrong('10'), 'a duration needs a unit: 10');
  assert.equal(wrong('5x'), "'x' is not a unit of time: x");
  assert.equal(wrong('1h30'), 'a duration needs a unit: 30');
  assert.equal(wrong('ten'), "'ten' is not a duration: ten");
  assert.equal(wrong(''), "'' is not a duration: ");
  assert.equal(wrong('-5m'), 'a duration here is not negative: -5m');
  assert.equal(wrong('0s', { positive: true }), 'a duration here is more than 0: 0s');
  assert.equal(wrong('1mo'), 'a month has no fixed length: 1mo');
  assert.equal(wrong('1mo1d', { calendar: true }), 'months stand alone, in whole numbers: 1mo1d');
  assert.equal(wrong('1.5ms'), 'a duration is a whole number of milliseconds: 1.5ms');
});
