// in: records
// out: one of each key

import { UsageError } from '../model/errors.ts';
import { parseDuration } from '../model/duration.ts';
import type { StageDefinition } from '../model/stage.ts';
import { planDistinct } from './groups/distinct.ts';
import { planKeys } from './groups/keys.ts';
import { keysOf, needTime } from './windows/plan.ts';
import { by } from './options.ts';

export const dedup: StageDefinition = {
  name: 'dedup',
  summary: 'one record of each key',
  description: [
    'first: at once, last: when input ends, both in the order of input. earliest (when the watermark reaches it) and latest (when input ends): by event time.',
  ],
  arguments: [],
  options: [
    by,
    { name: 'keep', value: 'first|last|earliest|latest', choices: ['first', 'last', 'earliest', 'latest'], help: 'which one', default: 'first' },
    { name: 'ttl', value: 'DUR', help: 'forgets a key this long after its first record' },
  ],
  examples: [
    {
      note: 'Drops repeats',
      command: 'weir dedup --by id',
      input: [
        '{"id":1,"v":"a"}',
        '{"id":2,"v":"b"}',
        '{"id":1,"v":"c"}',
      ].join('\n'),
      output: [
        '{"id":1,"v":"a"}',
        '{"id":2,"v":"b"}',
      ].join('\n'),
    },
    {
      note: 'The last word on each',
      command: 'weir dedup --by id --keep last',
      input: [
        '{"id":1,"v":"a"}',
        '{"id":2,"v":"b"}',
        '{"id":1,"v":"c"}',
      ].join('\n'),
      output: [
        '{"id":2,"v":"b"}',
        '{"id":1,"v":"c"}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const keep = (call.options['keep'] as string | undefined) ?? 'first';
    const ttl = call.options['ttl'] as string | undefined;
    if (ttl !== undefined || keep === 'earliest' || keep === 'latest') needTime(point);
    const keyText = keysOf(call, point);
    if (keyText === undefined) throw new UsageError('--by is missing', 'say which records are the same: --by id');
    return planDistinct(planKeys(keyText, point), point, keep, ttl === undefined ? Number.POSITIVE_INFINITY : parseDuration(ttl, { positive: true }).ms);
  },
};
