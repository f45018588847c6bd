// in: records
// out: the same records with aggregates over those before them

import { UsageError } from '../model/errors.ts';
import { compileAggregates } from '../expr/aggregates/plan.ts';
import { parseDuration } from '../model/duration.ts';
import type { StageDefinition } from '../model/stage.ts';
import { planKeys } from './groups/keys.ts';
import { planFrames } from './groups/frames.ts';
import { wholeNumber } from './numbers.ts';
import { planLate } from './windows/late.ts';
import { keysOf, needTime } from './windows/plan.ts';
import { by } from './options.ts';

export const over: StageDefinition = {
  name: 'over',
  summary: 'adds aggregates over a record and those before it',
  description: [
    "SQL's OVER: over the record and the N before it with --rows, over the last DUR of event time with --range (all records of equal time count), otherwise over all so far. Also `lag(x, n, default)` and `row_number()`.",
    'Where there is an event time, records are taken and come out in its order, when the watermark reaches them.',
  ],
  arguments: [{ name: 'AGGS', help: 'a comma list of name = aggregate' }],
  options: [
    by,
    { name: 'rows', value: 'N', help: 'over the record and the N before it' },
    { name: 'range', value: 'DUR', help: 'over this much event time up to the record' },
  ],
  examples: [
    {
      note: 'A running total and the step from the value before',
      command: "weir over 'total = sum(x), step = x - lag(x, 1, 0)' --by k",
      input: [
        '{"k":"a","x":1}',
        '{"k":"b","x":5}',
        '{"k":"a","x":4}',
      ].join('\n'),
      output: [
        '{"k":"a","x":1,"total":1,"step":1}',
        '{"k":"b","x":5,"total":5,"step":5}',
        '{"k":"a","x":4,"total":5,"step":3}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const { rows, range } = call.options as { rows?: string; range?: string };
    if (rows !== undefined && range !== undefined) throw new UsageError('--rows and --range are two ways to say one thing', 'give one of them');
    if (range !== undefined) needTime(point);
    const frame = {
      rows: rows === undefined ? Number.POSITIVE_INFINITY : wholeNumber('--rows', rows, 0),
      range: range === undefined ? undefined : parseDuration(range).ms,
    };
    const late = planLate(call, point);
    const keys = planKeys(keysOf(call, point), point);
    return planFrames(point, frame, keys, compileAggregates(call.args[0]!, point, { over: true }), late);
  },
};
