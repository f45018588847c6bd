// in: records
// out: the same records, dealt out evenly

import type { StageDefinition } from '../model/stage.ts';
import { passOn } from './assignments.ts';

export const rebalance: StageDefinition = {
  name: 'rebalance',
  summary: 'deals records out evenly to the subtasks behind it',
  description: ['Says the partitioning by hand. It changes nothing of the output.'],
  arguments: [],
  options: [],
  examples: [{ note: 'Nothing else happens to records', command: 'weir rebalance', input: '{"x":1}', output: '{"x":1}' }],
  plan: () => ({ distribution: { kind: 'rebalance' }, create: passOn.create }),
};
