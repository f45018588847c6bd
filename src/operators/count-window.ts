// in: records
// out: a row per N records of a key

import { UsageError } from '../model/errors.ts';
import type { StageDefinition } from '../model/stage.ts';
import { by } from './options.ts';

export const countWindow: StageDefinition = {
  name: 'count-window',
  summary: 'aggregates every N records of a key',
  description: [
    'Prints a row when a key has had N records; with --every M, each M records over the last N at most. A window that is not full when input ends prints nothing.',
  ],
  arguments: [{ name: 'N', help: 'records of a window' }, { name: 'AGGS', help: 'a comma list of name = aggregate' }],
  options: [{ name: 'every', value: 'M', help: 'a result each M records, over the last N', default: 'N' }, by],
  examples: [
    {
      note: 'Means of two readings',
      command: "weir count-window 2 'mean = avg(t)' --by room",
      input: [
        '{"room":"a","t":20}',
        '{"room":"b","t":18}',
        '{"room":"a","t":21}',
        '{"room":"a","t":25}',
      ].join('\n'),
      output: '{"room":"a","mean":20.5}',
    },
  ],
  plan() {
    throw new UsageError('count-window is not built yet');
  },
};
