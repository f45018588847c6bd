// in: RIGHT as it was typed: a file, a .weir file or a quoted pipeline
// out: the job that it says, with what it does not say taken from the job that it is part of

import { UsageError } from '../model/errors.ts';
import type { StageDefinition } from '../model/stage.ts';
import type { Job } from './job.ts';
import { splitShellWords } from './shell.ts';
import { parsePipelineText } from './words.ts';

/** RIGHT, taken apart. */
export interface RightJob {
  readonly job: Job;
  /** it starts with `input` */
  readonly isBranch: boolean;
  /** its event time is that of the job, nobody has said it here */
  readonly inheritsTime: boolean;
}

/** What a RIGHT may say of itself; all else belongs to the job. */
const OWN = ['time', 'delay', 'time-unit', 'tz', 'format'];

/** Stands for the stream itself, at the start of a branch. */
const input: StageDefinition = {
  name: 'input',
  summary: 'the stream at this point',
  description: [],
  arguments: [],
  options: [],
  examples: [],
  plan: () => {
    throw new UsageError('`input` can only be the first word of a RIGHT');
  },
};

/** Throws UsageError, and whatever readText throws. */
export function parseRight(text: string, job: Job, table: readonly StageDefinition[], readText: (file: string) => string): RightJob {
  if (startsPipeline(text)) return pipeline(parsePipelineText(text, [...table, input]), job, text);
  if (text.endsWith('.weir')) return pipeline(parsePipelineText(readText(text), [...table, input]), job, text);
  return { job: { options: job.options, stages: [], files: [text] }, isBranch: false, inheritsTime: job.options.time !== undefined };
}

function startsPipeline(text: string): boolean {
  if (!/^\s*(from|input)(\s|$)/.test(text)) return false;
  return splitShellWords(text)[0]?.bare === true;
}

function pipeline(right: Job, job: Job, text: string): RightJob {
  const [first, ...rest] = right.stages;
  if (first!.name !== 'from' && first!.name !== 'input') {
    throw new UsageError(`the pipeline in '${text}' starts with \`${first!.name}\``, 'a RIGHT starts with `from FILE`, or with `input` for a branch of this very stream');
  }
  const isBranch = first!.name === 'input';
  refuse(right, isBranch);
  const options = { ...job.options, ...ownOptions(right) };
  if (isBranch) return { job: { options, stages: rest, files: [] }, isBranch, inheritsTime: false };
  const own = first!.options['time'] ?? (right.options.given.has('time') ? right.options.time : undefined);
  return { job: { options, stages: right.stages, files: [] }, isBranch, inheritsTime: own === undefined && options.time !== undefined };
}

function refuse({ options, stages, files }: Job, isBranch: boolean): void {
  const foreign = [...options.given].find((name) => isBranch || !OWN.includes(name));
  if (foreign) throw new UsageError(`--${foreign} says something of the whole job, not of a RIGHT`, 'put it in front of the first stage of the job');
  if (files.length > 0) throw new UsageError(`a RIGHT takes no FILE '${files[0]}' at its end`, 'its files stand behind `from`');
  if (stages.slice(1).some((stage) => stage.name === 'input')) throw new UsageError('`input` can only be the first word of a RIGHT', 'two inputs meet in `union` or `join`');
}

function ownOptions({ options }: Job): Partial<Job['options']> {
  const { given } = options;
  return {
    ...(given.has('time') && { time: options.time }),
    ...(given.has('delay') && { delay: options.delay }),
    ...(given.has('time-unit') && { timeUnit: options.timeUnit }),
    ...(given.has('tz') && { zone: options.zone }),
    ...(given.has('format') && { format: options.format }),
  };
}
