// in: records
// out: a row per key

import { compileAggregates } from '../expr/aggregates/plan.ts';
import { parseDuration } from '../model/duration.ts';
import type { Operator, StageDefinition } from '../model/stage.ts';
import { combine } from './groups/combiner.ts';
import type { Groups } from './groups/group-table.ts';
import { GroupStore } from './groups/groups.ts';
import { byKeys, Keys, planKeys } from './groups/keys.ts';
import { CallPrinter } from './groups/print.ts';
import { planResults, ResultRows } from './groups/results.ts';
import { tellingSkipped } from './groups/skipped.ts';
import { AtChange, AtEnd, AtMultiples } from './groups/whole.ts';
import { keysOf, needTime } from './windows/plan.ts';
import { by } from './options.ts';

export const agg: StageDefinition = {
  name: 'agg',
  summary: 'aggregates everything, per key',
  description: [
    'By default each key prints once, when input ends, in the order of keys. Without --by, no input at all still gives one row, as wc -l does.',
    '--emit change prints the new row at each record, --emit DUR the rows that changed, at each multiple of event time.',
  ],
  arguments: [{ name: 'AGGS', help: 'a comma list of name = aggregate' }],
  options: [
    by,
    { name: 'emit', value: 'end|change|DUR', choices: ['end', 'change'], help: 'when to print a row', default: 'end' },
  ],
  examples: [
    {
      note: 'Count and exact sum per key',
      command: "weir agg 'n = count(), total = sum(price)' --by shop",
      input: [
        '{"shop":"b","price":0.1}',
        '{"shop":"a","price":5}',
        '{"shop":"b","price":0.2}',
      ].join('\n'),
      output: [
        '{"shop":"a","n":1,"total":5}',
        '{"shop":"b","n":2,"total":0.3}',
      ].join('\n'),
    },
    {
      note: 'A running total',
      command: "weir agg 'total = sum(x)' --emit change",
      input: [
        '{"x":1}',
        '{"x":2}',
      ].join('\n'),
      output: [
        '{"total":1}',
        '{"total":3}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const emit = (call.options['emit'] as string | undefined) ?? 'end';
    const every = emit === 'end' || emit === 'change' ? 0 : parseDuration(emit, { positive: true }).ms;
    if (every > 0) needTime(point);
    const keys = planKeys(keysOf(call, point), point);
    const aggregates = compileAggregates(call.args[0]!, point, { keys });
    const latest = point.timed ? compileAggregates('latest = max(event_time())', point).calls : [];
    const results = planResults(point, false, keys, aggregates);
    const calls = [...aggregates.calls, ...latest];
    return {
      // With --emit DUR the first record of all decides where multiples are counted from. No watermark matters to what prints at the end.
      distribution: every > 0 ? { kind: 'single' } : byKeys(keys, emit === 'end' ? () => 0 : undefined),
      state: 'a group per key',
      isEvictable: true,
      combine: emit === 'end' ? combine({ keys, calls, aggregates }) : undefined,
      create(context) {
        const store = new GroupStore(calls);
        const rows = new ResultRows(context, results, store);
        const parts = [context, new Keys(keys), store, rows, groupTime(store, latest.length)] as const;
        return tellingSkipped(operatorOf(emit, every, keys.names.length > 0, parts), aggregates, context);
      },
    };
  },
};

/** The latest event time of a group, which the last call of the store tells where there is one. */
function groupTime(store: GroupStore, timeCalls: number): (groups: Groups, slot: number) => number {
  if (timeCalls === 0) return () => Number.NaN;
  const printer = new CallPrinter(store.calls.at(-1)!);
  return (groups, slot) => Number(printer.value(groups, slot) ?? Number.NaN);
}

function operatorOf(emit: string, every: number, isKeyed: boolean, parts: Readonly<ConstructorParameters<typeof AtEnd>>): Operator {
  if (emit === 'change') return new AtChange(...parts);
  if (every > 0) return Object.assign(new AtMultiples(...parts), { every });
  return isKeyed ? new AtEnd(...parts) : new AtEnd(...parts).openEmpty();
}
