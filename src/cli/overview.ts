// in: nothing
// out: what the first page of help and of the manual says about weir as a whole

import type { Example } from '../model/stage.ts';
import { USAGE } from '../plan/words.ts';
import { commandSpecs } from './command-table.ts';
import type { Item } from './page.ts';

export const overview = {
  summary: 'stateful stream processing for the shell: NDJSON in, NDJSON out',
  description: [
    'weir reads records (a JSON object a line) from stdin or files, takes them through a chain of stages, and writes what comes out. Stages keep state per key and know event time: windows, sessions, running aggregates, deduplication.',
    'Its output is what you get by taking the records one at a time, in the order of input. What no stage changes leaves byte for byte as it came.',
    'FILEs stand behind the last stage’s own arguments and are read one after the other; - is stdin, none means stdin. gzip is recognised. Options of the job stand before the first stage or among the words of any stage; where a stage has an option of the same name (hop --every), it is the stage’s own there.',
    'A duration (DUR) is 250ms, 10s, 5m, 1h, 1d or 1w, or a sum of them (1h30m). As the size of a window 1d, 1w and 1mo follow the calendar of --tz.',
  ],
  usage: [USAGE, ...commandSpecs.map((c) => `weir ${c.usage}`), 'weir STAGE --help', 'weir --version'],
  exits: [
    ['0', 'done; also if whoever read the output stopped (| head)'],
    ['1', 'failed on data, input or output'],
    ['2', 'usage, or an expression that is wrong'],
    ['3', 'a snapshot that does not fit this pipeline'],
    ['130, 143', 'stopped by SIGINT, SIGTERM'],
  ] as readonly Item[],
} as const;

const requests = [
  '{"ts":"2026-01-01T00:00:01Z","path":"/a","status":200,"ms":10}',
  '{"ts":"2026-01-01T00:00:30Z","path":"/b","status":503,"ms":20}',
  '{"ts":"2026-01-01T00:01:05Z","path":"/b","status":500,"ms":30}',
].join('\n');

export const examples: readonly Example[] = [
  {
    note: 'Errors and mean latency per path and minute',
    command: "weir --time ts --delay 5s filter 'status >= 500' then tumble 1m 'n = count(), mean = avg(ms)' --by path",
    input: requests,
    output: [
      '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:01:00.000Z","path":"/b","n":1,"mean":20}',
      '{"window_start":"2026-01-01T00:01:00.000Z","window_end":"2026-01-01T00:02:00.000Z","path":"/b","n":1,"mean":30}',
    ].join('\n'),
  },
  {
    note: 'The slowest request of each path, as CSV',
    command: 'weir --output-format csv top 1 ms --by path then select path,ms',
    input: requests,
    output: ['path,ms', '/a,10', '/b,30'].join('\n'),
  },
];
