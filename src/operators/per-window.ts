// in: rows of a window stage
// out: a row per window and key

import { compileAggregates } from '../expr/aggregates/plan.ts';
import { UsageError } from '../model/errors.ts';
import type { Point, StageDefinition } from '../model/stage.ts';
import { GroupStore } from './groups/groups.ts';
import { byKeys, Keys, planKeys } from './groups/keys.ts';
import { planResults, ResultRows } from './groups/results.ts';
import { LateRecords, planLate } from './windows/late.ts';
import { OwnWindows } from './windows/own.ts';
import { keysOf } from './windows/plan.ts';
import { by } from './options.ts';
import { tellingSkipped } from './groups/skipped.ts';

export const perWindow: StageDefinition = {
  name: 'per-window',
  summary: 'aggregates the rows of a window stage again, within the same window',
  description: [
    'Stands behind a window stage. The rows are those of that window: `window_start`, `window_end`, the keys of its own --by, its aggregates.',
  ],
  arguments: [{ name: 'AGGS', help: 'a comma list of name = aggregate' }],
  options: [by],
  examples: [
    {
      note: 'The most hits that any path had, per minute',
      command: "weir --time ts tumble 1m 'n = count()' --by path then per-window 'most = max(n), paths = count()'",
      input: [
        '{"ts":"2026-01-01T00:00:01Z","path":"/a","ms":10}',
        '{"ts":"2026-01-01T00:00:30Z","path":"/b","ms":20}',
        '{"ts":"2026-01-01T00:00:59Z","path":"/a","ms":30}',
        '{"ts":"2026-01-01T00:01:02Z","path":"/a","ms":40}',
      ].join('\n'),
      output: [
        '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:01:00.000Z","most":2,"paths":2}',
        '{"window_start":"2026-01-01T00:01:00.000Z","window_end":"2026-01-01T00:02:00.000Z","most":1,"paths":1}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    needWindows(point);
    const late = planLate(call, point);
    const keys = planKeys(keysOf(call, point), point);
    const aggregates = compileAggregates(call.args[0]!, point, { keys, windowed: true });
    const results = planResults(point, true, keys, aggregates);
    return {
      distribution: byKeys(keys),
      state: 'a group per window and key',
      isEvictable: true,
      create(context) {
        const store = new GroupStore(aggregates.calls);
        const windows = new OwnWindows(context, new Keys(keys), store, new ResultRows(context, results, store), new LateRecords(context, late));
        return tellingSkipped(windows, aggregates, context);
      },
    };
  },
};

/** Refuses a stage that works within windows where there are none. */
export function needWindows(point: Point): void {
  if (!point.windowed) throw new UsageError('no window stage stands before', 'put tumble, hop, cumulate, session or window before this stage');
}
