// in: rows, split into parts anyhow
// out: aggregates give what one pass gives, with exact keys and numbers; sketches keep their promises

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AggregateOptions, compileAggregates } from '../../src/expr/aggregates/plan.ts';
import { AggregateStates, type GroupState } from '../../src/expr/aggregates/states.ts';
import { AGGREGATES } from '../../src/expr/aggregates/table.ts';
import { Random } from './random.ts';
import { batchOf, print, TestScope } from './support.ts';

/** Output rows as text, of lines that are cut into parts of the given lengths, each saved, loaded and merged. */
function run(text: string, lines: readonly string[], options: AggregateOptions = {}, cuts: readonly number[] = [lines.length]): (string | undefined)[] {
  const scope = new TestScope();
  const plan = compileAggregates(text, scope, options);
  const states = new AggregateStates(plan);
  let whole: GroupState | undefined;
  let at = 0;
  for (const length of cuts) {
    const part = feed(states, scope, lines.slice(at, at + length));
    at += length;
    const again = states.load(JSON.parse(JSON.stringify(states.save(part))) as unknown[]);
    if (whole === undefined) whole = again;
    else states.merge(whole, again);
  }
  return states.finish(whole ?? states.create(), options.keys?.names.map((key) => `<${key}>`) ?? [], 1000, 2000).map(print);
}

function feed(states: AggregateStates, scope: TestScope, lines: readonly string[]): GroupState {
  const state = states.create();
  for (let from = 0; from < lines.length; from += 1000) {
    const batch = batchOf(lines.slice(from, from + 1000), scope);
    states.evaluate(batch);
    for (let r = 0; r < batch.rows; r++) states.add(state, r);
  }
  return state;
}

const xs = (...values: string[]) => values.map((value) => `{"x":${value}}`);

test('of nothing', () => {
  const one = ['count()', 'count(x)', 'count_if(x)', 'count_distinct(x)', 'approx_count_distinct(x)', 'collect(x)', 'collect_set(x)'];
  const none = ['sum(x)', 'avg(x)', 'min(x)', 'max(x)', 'first(x)', 'last(x)', 'var(x)', 'stddev(x)', 'median(x)', 'quantile(x, 0.1)', 'approx_quantile(x, 0.1)', 'arg_min(x, x)'];
  assert.deepEqual(run([...one, ...none].join(', '), []), ['0', '0', '0', '0', '0', '[]', '[]', ...none.map(() => 'null')]);
  const empty = ['{}', '{"x":null}'];
  assert.deepEqual(run('count(), sum(x), collect(x), min(x), var(x)', empty), ['2', 'null', '[]', 'null', 'null']);
  assert.deepEqual(run('var(x), stddev(x)', xs('5')), ['null', 'null']);
});

test('numbers are exact, and print as they should', () => {
  assert.deepEqual(run('sum(x), avg(x), min(x), max(x)', xs('0.1', '0.20', '1.10')), ['1.4', '0.4666666666666667', '0.1', '1.1']);
  assert.deepEqual(run('min(x), max(x)', xs('9007199254740993', '9007199254740992', '9007199254740994.0')), ['9007199254740992', '9007199254740994']);
  assert.deepEqual(run('max(x), first(x), last(x)', xs('12345678901234567890', '1.10')), ['12345678901234567890', '12345678901234567890', '1.10']);
  assert.deepEqual(run('count_distinct(x), collect_set(x), collect(x)', xs('1', '1.0', '9007199254740993', '9007199254740992', '"1"')), [
    '4',
    '[1,9007199254740993,9007199254740992,"1"]',
    '[1,1.0,9007199254740993,9007199254740992,"1"]',
  ]);
  assert.deepEqual(run('s = sum(x * 2), m = max(-x)', xs('0.1', '0.2')), ['0.6', '-0.1']);
  assert.deepEqual(run('s = sum(x ?? 0), t = sum(coalesce(x, 0))', xs('12345678901234567890', 'null')), ['12345678901234567890', '12345678901234567890']);
});

test('mixed kinds are ordered as keys are', () => {
  const mixed = xs('"b"', '5', 'true', 'false', '{"k":1.0}', '"é"', '"𝒳"', '"\\uffff"', '[1]');
  assert.deepEqual(run('min(x), max(x)', mixed), ['false', '{"k":1}']);
  assert.deepEqual(run('max(x)', xs('"\\uffff"', '"𝒳"')), ['"𝒳"']);
  assert.deepEqual(run('sum(x), count(x)', mixed), ['5', '9']);
});

test('skipped values are counted', () => {
  const scope = new TestScope();
  const plan = compileAggregates('n = count(), s = sum(x), m = median(x)', scope);
  feed(new AggregateStates(plan), scope, xs('"5"', '1', 'null', 'true', '{}'));
  assert.deepEqual(plan.skipped, [0, 3, 3]);
});

test('where, shared calls, and expressions over results', () => {
  const lines = ['{"s":200,"ms":5}', '{"s":500,"ms":7.5}', '{"s":503,"ms":1}', '{"s":404}'];
  const text = 'n = count(), bad = count_if(s >= 500), rate = bad / n, slow = sum(ms).where(s >= 500), both = count_if(s > 1).where(ms > 2), k = key, w = window_end - window_start';
  assert.deepEqual(run(text, lines, { keys: { names: ['key'], times: [] }, windowed: true }), ['4', '2', '0.5', '8.5', '2', '"<key>"', '1000']);
  const scope = new TestScope();
  const plan = compileAggregates('a = sum(ms) / count(), b = sum( ms ) * 2, c = (count()), m = max(ms).where(s == 1), o = max(ms)', scope);
  assert.deepEqual(plan.calls.map((call) => call.text), ['sum(ms)', 'count()', 'max(ms)', 'max(ms)']);
  assert.deepEqual(plan.direct, [-1, -1, 1, 2, 3]);
  assert.deepEqual(run('top = collect(ms).map(x => x * 2).slice(0, 2), s = sum(ms) ?? 0', lines), ['[10,15]', '13.5']);
});

test('arg_min and arg_max', () => {
  const lines = ['{"x":null,"by":5}', '{"x":1.10,"by":5}', '{"x":2,"by":null}', '{"x":3,"by":1}', '{"x":4,"by":1.0}', '{"by":0}'];
  assert.deepEqual(run('a = arg_max(x, by), b = arg_min(x, by), c = arg_min(x, by).where(by > 0), d = arg_max(x, by).where(x != null)', lines), ['1.10', '3', '3', '1.10']);
});

test('over: lag, row_number and own fields', () => {
  const scope = new TestScope();
  const plan = compileAggregates('n = row_number(), d = x - lag(x), l = lag(x, 2, "none"), x, s = sum(x)', scope, { over: true });
  assert.deepEqual(plan.calls.map((call) => [call.fn, call.framed]), [['row_number', false], ['current', false], ['lag', false], ['lag', false], ['sum', true]]);
  const states = new AggregateStates(plan);
  const state = states.create();
  const batch = batchOf(xs('1.50', '3', 'null', '10'), scope);
  states.evaluate(batch);
  const rows = [0, 1, 2, 3].map((r) => {
    states.add(state, r);
    return states.finish(state, []).map(print).join(' ');
  });
  assert.deepEqual(rows, ['1 1.5 "none" 1.50 1.5', '2 1.5 "none" 3 4.5', '3 -3 1.50 null 4.5', '4 10 3 10 14.5']);
});

const VALUES = ['1', '2', '2.0', '0.1', '0.30', '-7', '1e3', '123456789.123456', '9007199254740993', '"a"', '"b"', 'true', 'null', '{"a":[1.0]}', '0.30000000000000004'];

test('parts merge to the whole, whatever the cuts', () => {
  const random = new Random(11);
  const calls = [...AGGREGATES.values()].map((definition, i) => `y${i} = ${definition.example.call}`);
  for (let round = 0; round < 60; round++) {
    const field = (name: string) => (random.chance(0.9) ? [`"${name}":${random.of(VALUES)}`] : []);
    const lines = Array.from({ length: random.below(40) }, () => `{${[...field('x'), ...field('by'), ...field('c')].join(',')}}`);
    const cut = random.below(lines.length + 1);
    const whole = run(calls.join(', '), lines, { over: true });
    assert.deepEqual(run(calls.join(', '), lines, { over: true }, [cut, random.below(lines.length - cut + 1), lines.length]), whole, lines.join('\n'));
  }
});

test('sums, extremes and distinct counts do not depend on the order of rows', () => {
  const random = new Random(12);
  const text = 'sum(x), avg(x), min(x), max(x), var(x), stddev(x), count_distinct(x), median(x), quantile(x, 0.3), approx_quantile(x, 0.3), approx_count_distinct(x)';
  const lines = xs(...Array.from({ length: 60 }, () => random.of(VALUES)));
  const expected = run(text, lines);
  for (let round = 0; round < 20; round++) {
    lines.sort(() => random.next() - 0.5);
    assert.deepEqual(run(text, lines, {}, [20, 5, 35]), expected);
  }
});

test('approximate quantiles are within 1 % of a value of that rank', () => {
  const random = new Random(13);
  const numbers = Array.from({ length: 20_000 }, () => (random.next() - 0.2) * 10 ** random.below(6));
  const lines = xs(...numbers.map(String));
  const sorted = [...numbers].sort((a, b) => a - b);
  for (const q of [0, 0.01, 0.2, 0.5, 0.9, 0.999, 1]) {
    const got = Number(run(`a = approx_quantile(x, ${q})`, lines)[0]);
    const exact = sorted[Math.floor(q * (sorted.length - 1))]!;
    assert.ok(Math.abs(got - exact) <= Math.abs(exact) * 0.0101, `${q}: ${got} for ${exact}`);
  }
});

test('approximate distinct counts are within 3 %, and small ones nearly exact', () => {
  for (const n of [1, 10, 100, 1000, 5000, 50_000]) {
    const lines = xs(...Array.from({ length: n * 2 }, (_, i) => `"user-${i % n}"`));
    const got = Number(run('a = approx_count_distinct(x)', lines, {}, [n, n])[0]);
    assert.ok(Math.abs(got - n) <= Math.max(n < 200 ? 1 : 0, n * 0.03), `${n}: ${got}`);
  }
});
