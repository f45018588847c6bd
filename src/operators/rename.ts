// in: records
// out: the same records with fields under other names

import { parsePairs } from '../expr/parse.ts';
import type { StageDefinition } from '../model/stage.ts';
import { passOn, topLevel } from './assignments.ts';

export const rename: StageDefinition = {
  name: 'rename',
  summary: 'gives fields other names',
  description: [
    'Fields keep their place and their literal. A field that is not there is no error.',
  ],
  arguments: [{ name: 'PAIRS', help: 'a comma list of old=new' }],
  options: [],
  examples: [
    {
      note: 'Two at once',
      command: 'weir rename ts=time,ms=duration',
      input: '{"ts":"2026-01-01T00:00:00Z","path":"/a","ms":1.50}',
      output: '{"time":"2026-01-01T00:00:00Z","path":"/a","duration":1.50}',
    },
  ],
  plan(call, point) {
    const text = call.args[0]!;
    point.rename(new Map(parsePairs(text).map(({ left, right }) => [topLevel(left, text), topLevel(right, text)])));
    return passOn;
  },
};
