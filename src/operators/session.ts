// in: records with event time
// out: a row per session and key

import type { StageDefinition } from '../model/stage.ts';
import { planSessions } from './windows/sessions.ts';
import { by, early, lateness } from './options.ts';

export const session: StageDefinition = {
  name: 'session',
  summary: 'aggregates sessions: records with no long gap between them',
  description: [
    'A record covers [time, time + GAP), and records that touch are one session. Its `window_start` is the first time, its `window_end` the last one plus GAP. A record that comes late may join two sessions that are still open.',
    'GAP may be an expression over the record that gives ms.',
  ],
  arguments: [
    { name: 'GAP', help: 'a session ends when nothing comes for this long: a DUR, or an expression in ms' },
    { name: 'AGGS', help: 'a comma list of name = aggregate' },
  ],
  options: [by, ...lateness, early],
  examples: [
    {
      note: 'Sessions per user',
      command: "weir --time ts session 10m 'n = count(), pages = collect(page)' --by user",
      input: [
        '{"ts":"2026-01-01T09:00:00Z","user":"ann","page":"/"}',
        '{"ts":"2026-01-01T09:04:00Z","user":"ann","page":"/buy"}',
        '{"ts":"2026-01-01T09:30:00Z","user":"ann","page":"/"}',
      ].join('\n'),
      output: [
        '{"window_start":"2026-01-01T09:00:00.000Z","window_end":"2026-01-01T09:14:00.000Z","user":"ann","n":2,"pages":["/","/buy"]}',
        '{"window_start":"2026-01-01T09:30:00.000Z","window_end":"2026-01-01T09:40:00.000Z","user":"ann","n":1,"pages":["/"]}',
      ].join('\n'),
    },
  ],
  plan: (call, point) => planSessions(call, point),
};
