// in: the tables of functions and aggregates
// out: every example in them says the truth

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAggregates } from '../../src/expr/aggregates/plan.ts';
import { AggregateStates } from '../../src/expr/aggregates/states.ts';
import { AGGREGATES } from '../../src/expr/aggregates/table.ts';
import { FUNCTIONS } from '../../src/expr/functions/table.ts';
import { batchOf, print, TestScope, value } from './support.ts';

for (const { name, example } of FUNCTIONS.values()) {
  test(`function ${name}: ${example.expression}`, () => {
    assert.deepEqual(value(example.expression), example.result);
  });
}

const LINES = [
  '{"x":3,"by":1,"c":true}',
  '{"x":1,"by":2,"c":false}',
  '{"x":null,"by":3,"c":true}',
  '{"x":2,"by":4,"c":null}',
];

for (const { name, example, over } of AGGREGATES.values()) {
  test(`aggregate ${name}: ${example.call}`, () => {
    const scope = new TestScope();
    const plan = compileAggregates(`y = ${example.call}`, scope, { over });
    const states = new AggregateStates(plan);
    const batch = batchOf(LINES, scope);
    const state = states.create();
    states.evaluate(batch);
    for (let r = 0; r < batch.rows; r++) states.add(state, r);
    assert.equal(print(states.finish(state, [])[0]), JSON.stringify(example.result));
  });
}
