// in: records
// out: the same records, known to every subtask

import type { StageDefinition } from '../model/stage.ts';
import { passOn } from './assignments.ts';

export const broadcast: StageDefinition = {
  name: 'broadcast',
  summary: 'shows every record to every subtask behind it',
  description: ['Says the partitioning by hand. It changes nothing of the output: what is the same in all subtasks is printed once.'],
  arguments: [],
  options: [],
  examples: [{ note: 'Nothing else happens to records', command: 'weir broadcast', input: '{"x":1}', output: '{"x":1}' }],
  plan: () => ({ distribution: { kind: 'broadcast' }, create: passOn.create }),
};
