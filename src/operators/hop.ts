// in: records with event time
// out: a row per window and key; windows overlap

import type { StageDefinition } from '../model/stage.ts';
import { by, early, lateness, offset } from './options.ts';
import { hopGrid } from './windows/kinds.ts';
import { planPaneWindows, requiredOption } from './windows/plan.ts';

export const hop: StageDefinition = {
  name: 'hop',
  summary: 'aggregates windows that overlap',
  description: [
    'Windows of SIZE, a new one every SLIDE; a record counts in each that covers it. Panes are shared: a record costs the same for every ratio of the two.',
  ],
  arguments: [{ name: 'SIZE', help: 'length of a window' }, { name: 'AGGS', help: 'a comma list of name = aggregate' }],
  options: [
    { name: 'every', value: 'SLIDE', help: 'distance between the starts of windows (required)' },
    by,
    offset,
    ...lateness,
    early,
  ],
  examples: [
    {
      note: 'The last minute, every 30 seconds',
      command: "weir --time ts hop 1m --every 30s 'n = count()'",
      input: [
        '{"ts":"2026-01-01T00:00:01Z","path":"/a","ms":10}',
        '{"ts":"2026-01-01T00:00:30Z","path":"/b","ms":20}',
        '{"ts":"2026-01-01T00:00:59Z","path":"/a","ms":30}',
      ].join('\n'),
      output: [
        '{"window_start":"2025-12-31T23:59:30.000Z","window_end":"2026-01-01T00:00:30.000Z","n":1}',
        '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:01:00.000Z","n":3}',
        '{"window_start":"2026-01-01T00:00:30.000Z","window_end":"2026-01-01T00:01:30.000Z","n":2}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const [size, aggs] = call.args as [string, string];
    return planPaneWindows(call, point, hopGrid(size, requiredOption(call, 'every'), call, point), aggs);
  },
};
