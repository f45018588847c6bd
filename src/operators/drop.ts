// in: records
// out: the same records without some fields

import { parseFields } from '../expr/parse.ts';
import type { StageDefinition } from '../model/stage.ts';
import { passOn, topLevel } from './assignments.ts';

export const drop: StageDefinition = {
  name: 'drop',
  summary: 'takes fields out',
  description: [
    'Takes top-level fields out of each record and leaves the rest as it came. A field that is not there is no error.',
  ],
  arguments: [{ name: 'FIELDS', help: 'a comma list of names' }],
  options: [],
  examples: [
    {
      note: 'Without what nobody needs',
      command: 'weir drop agent,referer',
      input: '{"path":"/a","agent":"curl","status":200}',
      output: '{"path":"/a","status":200}',
    },
  ],
  plan(call, point) {
    point.drop(parseFields(call.args[0]!).map((path) => topLevel(path, call.args[0]!)));
    return passOn;
  },
};
