// in: records
// out: the same records; how subtasks behind get them is said by hand

import type { StageDefinition } from '../model/stage.ts';
import { passOn } from './assignments.ts';

function byHand(kind: 'broadcast' | 'rebalance', summary: string, effect: string): StageDefinition {
  return {
    name: kind,
    summary,
    description: [`Says the partitioning by hand. ${effect}`],
    arguments: [],
    options: [],
    examples: [{ note: 'Nothing else happens to records', command: `weir ${kind}`, input: '{"x":1}', output: '{"x":1}' }],
    plan: () => ({ distribution: { kind }, isHint: kind === 'rebalance', create: passOn.create }),
  };
}

export const broadcast = byHand('broadcast', 'shows every record to every subtask behind it', 'It changes nothing of the output: what is the same in all subtasks is printed once.');
export const rebalance = byHand('rebalance', 'deals records out evenly to the subtasks behind it', 'It changes nothing of the output.');
