// in: the words of a command line whose first operand is no stage
// out: what the command does, by way of commander

import { Command, CommanderError } from 'commander';
import { Exit, UsageError } from '../model/errors.ts';
import type { Call, RunJob } from './call.ts';
import { commandSpecs, type CommandSpec } from './command-table.ts';

/** A command's code is loaded when it is run. */
const loaders: Readonly<Record<string, () => Promise<{ action(call: Call): Promise<number> }>>> = {
  run: () => import('./run.ts'),
  explain: () => import('./explain.ts'),
  snapshot: () => import('./snapshot.ts'),
  generate: () => import('./generate.ts'),
  help: () => import('./help.ts'),
  completion: () => import('./completion.ts'),
};

/** @param first where the command's name stands; what is before it are options of the job */
export async function runCommand(words: readonly string[], first: number, run: RunJob): Promise<number> {
  const before = words.slice(0, first);
  let exit: number = Exit.done;
  const program = buildProgram(async (spec, operands, options) => {
    if (!spec.takesJob && before.length > 0) throw new UsageError(`'${before[0]}' means nothing to \`weir ${spec.name}\``, `usage: weir ${spec.usage}`);
    const { action } = await loaders[spec.name]!();
    exit = await action({ words: spec.takesJob ? [...before, ...words.slice(first + 1)] : operands, options, run });
  });
  try {
    await program.parseAsync([...words.slice(first)], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, commandSpecs.find((s) => s.name === words[first]));
  }
  return exit;
}

type Action = (spec: CommandSpec, operands: readonly string[], options: Call['options']) => Promise<void>;

function buildProgram(act: Action): Command {
  const program = new Command('weir').enablePositionalOptions().helpCommand(false).exitOverride();
  for (const spec of commandSpecs) program.addCommand(build(spec, act));
  return program;
}

function build(spec: CommandSpec, act: Action): Command {
  const command = new Command(spec.name).description(spec.summary).usage(spec.usage.slice(spec.name.length + 1)).exitOverride();
  command.configureOutput({ outputError: () => {} });
  if (spec.takesJob) command.allowUnknownOption().passThroughOptions();
  for (const { flags, help, normal } of spec.options) command.option(flags, help, normal);
  for (const { name, help } of spec.operands) command.argument(name, help);
  return command.action(() => act(spec, command.args, command.opts()));
}

/** Commander's words in our form. */
function usageError(error: CommanderError, spec: CommandSpec | undefined): UsageError {
  const [message, hint] = error.message.replace(/^error: /, '').split('\n');
  const meant = hint && /Did you mean (.*)\?\)/.exec(hint)?.[1];
  return new UsageError(`${spec?.name ?? 'weir'}: ${message}`, meant ? `did you mean '${meant}'?` : `usage: weir ${spec?.usage ?? '[OPTIONS] STAGE …'}`);
}
