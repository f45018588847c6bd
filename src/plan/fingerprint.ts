// in: a job
// out: what makes it this pipeline and no other, in words: state fits a job whose words are the same

import type { StageCall } from '../model/stage.ts';
import type { Job } from './job.ts';
import { splitShellWords } from './shell.ts';
import { quote, spellCall } from './usage.ts';

/** Options of the job that change what comes out; all others may change between two runs. */
const OPTIONS = ['time', 'time-unit', 'delay', 'idle', 'tz', 'format', 'output-format', 'timestamps'] as const;
/** Stages whose words, or first word, name files. */
const FILES: Readonly<Record<string, 'all' | 'first'>> = { from: 'all', to: 'first', tee: 'first' };
/** Stages whose first word is another input. */
const RIGHTS = ['join', 'union'];
/** Options that are no part of a stage's work. */
const IGNORED = ['subtasks', 'follow'];

/** A line for the options if there are any, then one for each stage. Names of files stand as FILE. */
export function pipelineWords({ options, stages }: Job): string[] {
  const values: Readonly<Record<(typeof OPTIONS)[number], string>> = {
    time: options.time ?? '',
    'time-unit': options.timeUnit,
    delay: `${options.delay}ms`,
    idle: options.idle === undefined ? '' : `${options.idle}ms`,
    tz: options.zone,
    format: options.format.kind === 'regex' ? `regex:${options.format.pattern}` : options.format.kind,
    'output-format': options.outputFormat,
    timestamps: options.timestamps,
  };
  const words = OPTIONS.filter((name) => options.given.has(name)).map((name) => `--${name} ${quote(values[name])}`);
  return [words.join(' '), ...stages.map((call) => spellCall(withoutNames(call)))];
}

/** The call with its options in one order, and FILE for each file. */
function withoutNames({ name, args, options }: StageCall): StageCall {
  const sorted = Object.keys(options)
    .filter((option) => !IGNORED.includes(option))
    .sort()
    .map((option) => [option, withoutName(option, options[option])]);
  return { name, args: argumentsOf(name, args), options: Object.fromEntries(sorted) as StageCall['options'] };
}

function argumentsOf(stage: string, args: readonly string[]): readonly string[] {
  if (RIGHTS.includes(stage)) return args.map((arg, i) => (i === 0 ? withoutInputs(arg) : arg));
  if (FILES[stage] === 'all') return ['FILE'];
  return args.map((arg, i) => (i === 0 && FILES[stage] ? 'FILE' : arg));
}

function withoutName(option: string, value: StageCall['options'][string]): StageCall['options'][string] {
  if (option === 'late-output') return 'FILE';
  if (option === 'broadcast') return withoutInputs(value as string);
  return option === 'side' ? [value].flat().map((v) => String(v).replace(/=.*/s, '=FILE')) : value;
}

/** The right side of a two-input stage: a file, or a pipeline whose `from` names files. */
function withoutInputs(right: string): string {
  const words = splitShellWords(right).map((word) => word.value);
  if (words.length === 1) return 'FILE';
  if (words[0] !== 'from') return right;
  const end = words.findIndex((word, i) => i > 0 && (word === 'then' || word === '|' || word.startsWith('--')));
  return ['from', 'FILE', ...(end < 0 ? [] : words.slice(end))].map(quote).join(' ');
}

/** What is not the same, in words: `stage 2 was …, is now …`. Undefined: nothing. */
export function pipelineDifference(before: readonly string[], now: readonly string[]): string | undefined {
  const at = Array.from({ length: Math.max(before.length, now.length) }, (_, i) => i).find((i) => before[i] !== now[i]);
  if (at === undefined) return undefined;
  const [was, is] = [before[at], now[at]];
  if (at === 0) return `its options were \`${was || 'none'}\`, and are now \`${is || 'none'}\``;
  if (was === undefined) return `stage ${at} is new: \`${is}\``;
  return is === undefined ? `stage ${at} is gone: \`${was}\`` : `stage ${at} was \`${was}\`, and is now \`${is}\``;
}
