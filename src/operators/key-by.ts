// in: records
// out: the same records, told apart by keys for the stages behind

import type { StageDefinition } from '../model/stage.ts';
import { passOn } from './assignments.ts';
import { byKeys, planKeys } from './groups/keys.ts';

export const keyBy: StageDefinition = {
  name: 'key-by',
  summary: 'says the keys of the stages behind it',
  description: ['Records of one key go to one subtask. A stage behind it that takes --by KEYS needs none, up to the next stage that makes new records.'],
  arguments: [{ name: 'KEYS', help: 'a comma list of fields, or name = expression' }],
  options: [],
  examples: [
    {
      note: 'The same as --by',
      command: "weir key-by user then agg 'n = count()'",
      input: ['{"user":"b"}', '{"user":"a"}', '{"user":"b"}'].join('\n'),
      output: ['{"user":"a","n":1}', '{"user":"b","n":2}'].join('\n'),
    },
  ],
  plan(call, point) {
    const keys = planKeys(call.args[0]!, point);
    point.keyBy = call.args[0]!;
    return { distribution: byKeys(keys), isHint: true, create: passOn.create };
  },
};
