// in: the words of a window stage
// out: its grid, keys, aggregates and rows, planned

import { compileAggregates } from '../../expr/aggregates/plan.ts';
import { parseDuration } from '../../model/duration.ts';
import { UsageError } from '../../model/errors.ts';
import type { Point, StageCall, StagePlan } from '../../model/stage.ts';
import { GroupStore } from '../groups/groups.ts';
import { combine } from '../groups/combiner.ts';
import { inOrder } from '../groups/ordered.ts';
import { byKeys, Keys, planKeys } from '../groups/keys.ts';
import { planResults, ResultRows } from '../groups/results.ts';
import type { Grid } from './grid.ts';
import { LateRecords, planLate } from './late.ts';
import { PaneWindows } from './panes.ts';
import { tellingSkipped } from '../groups/skipped.ts';


/** A duration of the options; undefined where it is not given. Throws TextError. */
export function optionDuration(call: StageCall, name: string, rules: { negative?: boolean; positive?: boolean } = {}): number | undefined {
  const text = call.options[name] as string | undefined;
  return text === undefined ? undefined : parseDuration(text, rules).ms;
}

/** Refuses a stage that needs event time where there is none. */
export function needTime(point: Point): void {
  if (!point.timed) throw new UsageError('records have no event time here', 'say where it is with --time EXPR, or put the stage `time EXPR` before this one');
}

/** An option that a stage cannot do without. Throws UsageError. */
export function requiredOption(call: StageCall, name: string): string {
  const value = call.options[name];
  if (typeof value !== 'string') throw new UsageError(`--${name} is missing`, `\`weir help ${call.name}\` shows how it is used`);
  return value;
}

/** KEYS of `--by`, or of the `key-by` before. */
export function keysOf(call: StageCall, point: Point): string | undefined {
  return (call.options['by'] as string | undefined) ?? point.keyBy;
}

/** Plans a stage of windows that lie on a grid. `aggs`: its AGGS. */
export function planPaneWindows(call: StageCall, point: Point, grid: Grid, aggs: string): StagePlan {
  needTime(point);
  const late = planLate(call, point);
  const lateness = optionDuration(call, 'allowed-lateness') ?? 0;
  const early = optionDuration(call, 'early', { positive: true }) ?? 0;
  const keys = planKeys(keysOf(call, point), point);
  const aggregates = compileAggregates(aggs, point, { keys, windowed: true });
  const firsts = early > 0 ? compileAggregates('first = first(event_time())', point) : undefined;
  const results = planResults(point, true, keys, aggregates);
  const inTime = [...aggregates.calls, ...(firsts?.calls ?? [])];
  const calls = inOrder(inTime);
  // Parts of a pane would have to know the order of rows; a late row may print at once.
  const isSum = early === 0 && lateness === 0 && late.file === undefined && calls.every((call, i) => call === inTime[i]);
  return {
    // Early results begin with the first record of all; the others come at the ends of panes.
    distribution: early > 0 ? { ...byKeys(keys), partitioner: undefined } : byKeys(keys, (watermark) => grid.pane(watermark + 1)),
    state: 'a group per window and key',
    isEvictable: true,
    combine: isSum ? combine({ keys, calls: inTime, aggregates, paneOf: (time) => grid.pane(time) }) : undefined,
    create(context) {
      const store = new GroupStore(inOrder(inTime));
      const rows = new ResultRows(context, results, store);
      const windows = new PaneWindows(context, { grid, lateness, early }, new Keys(keys), store, rows, new LateRecords(context, late));
      return tellingSkipped(windows, aggregates, context);
    },
  };
}
