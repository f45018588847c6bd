// in: records
// out: the same records with aggregates over those before them

import { UsageError } from '../model/errors.ts';
import type { StageDefinition } from '../model/stage.ts';
import { by } from './options.ts';

export const over: StageDefinition = {
  name: 'over',
  summary: 'adds aggregates over a record and those before it',
  description: [
    "SQL's OVER: over the last N records with --rows, over the last DUR of event time with --range (all records of equal time count), otherwise over all so far. Also `lag(x, n, default)` and `row_number()`.",
    'Where there is an event time, records are taken and come out in its order, when the watermark reaches them.',
  ],
  arguments: [{ name: 'AGGS', help: 'a comma list of name = aggregate' }],
  options: [
    by,
    { name: 'rows', value: 'N', help: 'over the record and the N - 1 before it' },
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
  plan() {
    throw new UsageError('over is not built yet');
  },
};
