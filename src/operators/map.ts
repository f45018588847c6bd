// in: records
// out: the same records with fields set

import { parseAssignments } from '../expr/parse.ts';
import type { StageDefinition } from '../model/stage.ts';
import { planAssignments } from './assignments.ts';

export const map: StageDefinition = {
  name: 'map',
  summary: 'sets fields, in place or at the end',
  description: [
    'Assignments run from left to right and see those before them. A field that is there keeps its place, a new one goes to the end, and the rest of the record is left untouched; one that becomes undefined is left out.',
    '`...expr` spreads the members of an object into the record.',
  ],
  arguments: [{ name: 'ASSIGNS', help: 'a comma list of name = expression' }],
  options: [],
  examples: [
    {
      note: 'A new field, and one that changes in place',
      command: "weir map 'method = lower(method), slow = ms > 100'",
      input: [
        '{"method":"GET","ms":120}',
        '{"method":"POST","ms":7}',
      ].join('\n'),
      output: [
        '{"method":"get","ms":120,"slow":true}',
        '{"method":"post","ms":7,"slow":false}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    return planAssignments(parseAssignments(call.args[0]!), point, false);
  },
};
