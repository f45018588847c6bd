// in: records with event time
// out: a row per step of a window and key

import type { StageDefinition } from '../model/stage.ts';
import { by, lateness, offset } from './options.ts';
import { cumulateGrid } from './windows/kinds.ts';
import { planPaneWindows, requiredOption } from './windows/plan.ts';

export const cumulate: StageDefinition = {
  name: 'cumulate',
  summary: 'aggregates windows that grow step by step',
  description: [
    'Windows of MAX, each of which prints what it has so far at every STEP, from its first record on, also where a step brought nothing new. MAX is a multiple of STEP.',
  ],
  arguments: [{ name: 'MAX', help: 'length of a full window' }, { name: 'AGGS', help: 'a comma list of name = aggregate' }],
  options: [{ name: 'step', value: 'STEP', help: 'distance between results (required)' }, by, offset, ...lateness],
  examples: [
    {
      note: 'Visits of the hour so far, every 20 minutes',
      command: "weir --time ts cumulate 1h --step 20m 'n = count()'",
      input: [
        '{"ts":"2026-01-01T00:05:00Z"}',
        '{"ts":"2026-01-01T00:50:00Z"}',
      ].join('\n'),
      output: [
        '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:20:00.000Z","n":1}',
        '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:40:00.000Z","n":1}',
        '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T01:00:00.000Z","n":2}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const [max, aggs] = call.args as [string, string];
    return planPaneWindows(call, point, cumulateGrid(max, requiredOption(call, 'step'), call, point), aggs);
  },
};
