// in: the tables of stages, options and commands
// out: all of them as one object, for programs (`weir help --json`)

import { stages } from '../operators/table.ts';
import { jobOptions, stageOptions } from '../plan/options.ts';
import { usageOf } from '../plan/usage.ts';
import { commandSpecs } from './command-table.ts';
import { examples, overview } from './overview.ts';
import { topics } from './topics.ts';

export function everything(): object {
  return {
    name: 'weir',
    version: WEIR_VERSION,
    summary: overview.summary,
    description: overview.description,
    usage: overview.usage,
    options: jobOptions,
    stages: stages.map(({ name, summary, description, arguments: args, options, examples, ...rest }) => ({
      name,
      summary,
      usage: `weir ${usageOf({ name, summary, description, arguments: args, options, examples, ...rest })}`,
      description,
      arguments: args,
      options: [...options, ...stageOptions],
      examples,
    })),
    commands: commandSpecs.map(({ name, usage, summary, operands, options }) => ({ name, usage: `weir ${usage}`, summary, operands, options })),
    topics,
    examples,
    exits: Object.fromEntries(overview.exits),
  };
}
