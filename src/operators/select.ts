// in: records
// out: new records with only the fields that are named

import { parseAssignments } from '../expr/parse.ts';
import type { StageDefinition } from '../model/stage.ts';
import { planAssignments } from './assignments.ts';

export const select: StageDefinition = {
  name: 'select',
  summary: 'keeps only these fields, in this order',
  description: [
    'A bare path names itself by its last part: `select a.b` gives `b`, with its literal as it came. `name = expression` computes one. A field that a record does not have is left out.',
  ],
  arguments: [{ name: 'ASSIGNS', help: 'a comma list of fields, name = expression, or ...object' }],
  options: [],
  examples: [
    {
      note: 'Projection; literals keep their digits',
      command: "weir select 'id, city = address.city, price'",
      input: '{"price":1.10,"id":12345678901234567890,"address":{"city":"Bern"}}',
      output: '{"id":12345678901234567890,"city":"Bern","price":1.10}',
    },
    {
      note: 'What an object holds, as fields of its own',
      command: "weir select '...bid, seen'",
      input: '{"seen":1,"bid":{"auction":7,"price":30}}',
      output: '{"auction":7,"price":30,"seen":1}',
    },
  ],
  plan(call, point) {
    return planAssignments(parseAssignments(call.args[0]!), point, true);
  },
};
