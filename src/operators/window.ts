// in: records with event time
// out: a record for each window that it falls into

import type { StageDefinition } from '../model/stage.ts';
import { planWindowRows } from './windows/rows.ts';
import { by, lateness, offset } from './options.ts';

export const window: StageDefinition = {
  name: 'window',
  summary: 'adds the window a record falls into',
  description: [
    'KIND is one of tumble:SIZE, hop:SIZE/SLIDE, cumulate:MAX/STEP, session:GAP. Each record comes out once per window that it falls into, with `window_start` and `window_end` at its end; nothing is aggregated.',
    'Stages behind it can work per window: `top … --per-window`, `per-window`. A session is known only when it closes, so its records wait for that.',
  ],
  arguments: [{ name: 'KIND', help: 'tumble:5s, hop:10s/2s, cumulate:1h/10m or session:30m' }],
  options: [by, offset, ...lateness],
  examples: [
    {
      note: 'Each record with its window',
      command: 'weir --time ts window tumble:5s',
      input: [
        '{"ts":"2026-01-01T00:00:01Z","x":1}',
        '{"ts":"2026-01-01T00:00:07Z","x":2}',
      ].join('\n'),
      output: [
        '{"ts":"2026-01-01T00:00:01Z","x":1,"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:00:05.000Z"}',
        '{"ts":"2026-01-01T00:00:07Z","x":2,"window_start":"2026-01-01T00:00:05.000Z","window_end":"2026-01-01T00:00:10.000Z"}',
      ].join('\n'),
    },
  ],
  plan: (call, point) => planWindowRows(call, point),
};
