// in: records with event time
// out: a row per window and key

import type { StageDefinition } from '../model/stage.ts';
import { by, early, lateness, offset } from './options.ts';
import { tumbleGrid } from './windows/kinds.ts';
import { planPaneWindows } from './windows/plan.ts';

export const tumble: StageDefinition = {
  name: 'tumble',
  summary: 'aggregates windows that follow one another',
  description: [
    'Cuts event time into windows of SIZE, aligned to the epoch (or, for 1d, 1w and 1mo, to the calendar of --tz). A window prints when the watermark passes its end: a row with `window_start`, `window_end`, the keys and the aggregates.',
    'A record whose window is over is late: it is counted, and the summary says which --delay would have kept it.',
  ],
  arguments: [
    { name: 'SIZE', help: 'length of a window, such as 10s, 5m or 1d' },
    { name: 'AGGS', help: 'a comma list of name = aggregate' },
  ],
  options: [by, offset, ...lateness, early],
  examples: [
    {
      note: 'Requests per path and minute',
      command: "weir --time ts tumble 1m 'n = count()' --by path",
      input: [
        '{"ts":"2026-01-01T00:00:01Z","path":"/a","ms":10}',
        '{"ts":"2026-01-01T00:00:30Z","path":"/b","ms":20}',
        '{"ts":"2026-01-01T00:00:59Z","path":"/a","ms":30}',
        '{"ts":"2026-01-01T00:01:02Z","path":"/a","ms":40}',
      ].join('\n'),
      output: [
        '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:01:00.000Z","path":"/a","n":2}',
        '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:01:00.000Z","path":"/b","n":1}',
        '{"window_start":"2026-01-01T00:01:00.000Z","window_end":"2026-01-01T00:02:00.000Z","path":"/a","n":1}',
      ].join('\n'),
    },
    {
      note: 'Calendar days of a time zone: this one has 23 hours',
      command: "weir --time ts --tz Europe/Berlin tumble 1d 'n = count(), mean = avg(ms)'",
      input: [
        '{"ts":"2026-03-29T00:30:00+01:00","ms":0.1}',
        '{"ts":"2026-03-29T23:30:00+02:00","ms":0.2}',
      ].join('\n'),
      output: '{"window_start":"2026-03-28T23:00:00.000Z","window_end":"2026-03-29T22:00:00.000Z","n":2,"mean":0.15}',
    },
  ],
  plan(call, point) {
    const [size, aggs] = call.args as [string, string];
    return planPaneWindows(call, point, tumbleGrid(size, call, point), aggs);
  },
};
