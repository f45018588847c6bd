// in: the words of a command line, or the text of a .weir file
// out: the job that they say, its options checked and typed. Pure

import { TextError, UsageError } from '../model/errors.ts';
import type { StageCall, StageDefinition } from '../model/stage.ts';
import { didYouMean } from '../model/suggest.ts';
import { type Job, type RawOptions, typeOptions } from './job.ts';
import { OptionReader, type OptionValues } from './option-reader.ts';
import { jobOptions, stageOptions } from './options.ts';
import { splitShellLines, type Word, wordsOf, wrongWord } from './shell.ts';
import { usageOf } from './usage.ts';

export type StageTable = readonly StageDefinition[];

/** What was typed, before options are typed and defaults filled in. */
interface Draft {
  readonly options: OptionValues;
  readonly stages: readonly StageCall[];
  readonly files: readonly string[];
}

const THEN: Word = { value: 'then', bare: true };
/** Stages of the design that no file has yet. */
const PLANNED_STAGES = ['match'];
export const USAGE = 'weir [OPTIONS] STAGE [ARGS] [then STAGE [ARGS]]... [FILE...]';

/**
 * `[OPTIONS] STAGE [ARGS] [then STAGE [ARGS]]... [FILE...]`. Throws UsageError.
 * @param commands what else the first word could have been meant to be
 */
export function parseWords(words: readonly string[], table: StageTable, commands: readonly string[] = []): Job {
  return finish([draftChain(wordsOf(words), table, commands)]);
}

/** The text of a .weir file, or of a quoted pipeline. Throws UsageError, mostly TextError. */
export function parsePipelineText(text: string, table: StageTable): Job {
  return finish([draftText(text, table)]);
}

/** A .weir file with the words behind `weir run FILE.weir`: options there win, FILEs there replace those of the text. */
export function parseRun(text: string, words: readonly string[], table: StageTable): Job {
  return finish([draftText(text, table), draftOptions(words)]);
}

/** Where the first word stands that is no option of the job and no value of one; -1: nowhere. Throws UsageError. */
export function firstOperand(words: readonly string[]): number {
  const reader = new OptionReader(wordsOf(words), [{ specs: jobOptions, into: {} }]);
  return reader.next() === undefined ? -1 : reader.taken - 1;
}

/** Later drafts replace options and files of earlier ones. */
function finish(drafts: readonly Draft[]): Job {
  const files = drafts.reduce<readonly string[]>((last, d) => (d.files.length > 0 ? d.files : last), []);
  const stages = drafts.flatMap((d) => d.stages);
  if (stages.length === 0) throw new UsageError('no stage given', `${USAGE}; \`weir help\` lists the stages`);
  checkFrom(stages, files);
  const options = Object.assign({}, ...drafts.map((d) => d.options)) as RawOptions;
  return { options: typeOptions(options), stages, files };
}

function checkFrom(stages: readonly StageCall[], files: readonly string[]): void {
  if (stages[0]!.name === 'from' && files.length > 0) {
    throw new UsageError(`the pipeline starts with \`from\`, so it takes no FILE '${files[0]}' at its end`, 'name all files behind `from`, or leave `from` out');
  }
  if (stages.slice(1).some((s) => s.name === 'from')) {
    throw new UsageError('`from` can only be the first stage', 'two inputs meet in `union` or `join`');
  }
}

/** A job's options and FILEs, without stages. */
function draftOptions(words: readonly string[]): Draft {
  const draft = { options: {}, stages: [], files: [] as string[] };
  const reader = new OptionReader(wordsOf(words), [{ specs: jobOptions, into: draft.options }]);
  for (let word = reader.next(); word; word = reader.next()) draft.files.push(word.value);
  return draft;
}

/** Lines are stages, or begin with `set`. */
function draftText(text: string, table: StageTable): Draft {
  const options: OptionValues = {};
  const chain: Word[] = [];
  for (const line of splitShellLines(text)) {
    if (line[0]!.bare && line[0]!.value === 'set') readSetLine(line, options);
    else chain.push(...(chain.length > 0 ? [THEN] : []), ...(isThen(line[0]!) ? line.slice(1) : line));
  }
  const draft = draftChain(chain, table);
  return { ...draft, options: { ...options, ...draft.options } };
}

/** `set --time ts`, or `set time ts`. */
function readSetLine(line: readonly Word[], into: OptionValues): void {
  const [set, first, ...rest] = line;
  if (!first) throw wrongWord(set!, '`set` needs an option', 'such as: set time ts');
  const option = first.value.startsWith('-') ? first : { ...first, value: `${first.value.length === 1 ? '-' : '--'}${first.value}` };
  const extra = new OptionReader([option, ...rest], [{ specs: jobOptions, into }]).next();
  if (extra) throw wrongWord(extra, `'${extra.value}' does not belong to \`set ${first.value}\``, 'a value with blanks in it is quoted');
}

function isThen(word: Word): boolean {
  return word.bare && (word.value === 'then' || (word.value === '|' && word.place !== undefined));
}

function draftChain(words: readonly Word[], table: StageTable, commands: readonly string[] = []): Draft {
  const options: OptionValues = {};
  const segments = splitAtThen(words);
  const stages: StageCall[] = [];
  let files: Word[] = [];
  for (const [i, segment] of segments.entries()) {
    const reader = new OptionReader(segment, [{ specs: jobOptions, into: options }]);
    const name = reader.next();
    if (!name && segments.length === 1) break;
    if (!name) throw new UsageError(`no stage ${i === 0 ? 'before the first' : 'behind a'} \`then\``, USAGE);
    const stage = readStage(find(name, table, i === 0 ? commands : []), reader, options);
    stages.push(stage.call);
    files = stage.rest;
    if (files.length > 0 && i < segments.length - 1) throw tooMany(files[0]!, stage.call.name, table);
  }
  for (const file of files) if (table.some((s) => s.name === file.value)) throw stageAsFile(file);
  return { options, stages, files: files.map((f) => f.value) };
}

function splitAtThen(words: readonly Word[]): Word[][] {
  const segments: Word[][] = [[]];
  for (const word of words) {
    if (isThen(word)) segments.push([]);
    else segments.at(-1)!.push(word);
  }
  return segments;
}

function find(name: Word, table: StageTable, commands: readonly string[]): StageDefinition {
  const definition = table.find((s) => s.name === name.value);
  if (definition) return definition;
  const names = [...table.map((s) => s.name), ...commands];
  if (PLANNED_STAGES.includes(name.value)) throw wrongWord(name, `the stage '${name.value}' is not built yet`, '`weir help` lists those that are');
  throw wrongWord(name, `unknown stage '${name.value}'`, didYouMean(name.value, names) ?? 'a stage comes first, FILEs come last; `weir help` lists the stages');
}

/** The words of one stage behind its name; `rest`: those beyond its arguments. */
function readStage(definition: StageDefinition, reader: OptionReader, job: OptionValues): { call: StageCall; rest: Word[] } {
  const own: OptionValues = {};
  const most = definition.arguments.some((a) => a.variadic) ? Number.POSITIVE_INFINITY : definition.arguments.length;
  const least = definition.arguments.filter((a) => !a.optional).length;
  const words: Word[] = [];
  reader.scopes = [{ specs: definition.options, into: own }, { specs: stageOptions, into: own }, { specs: jobOptions, into: job }];
  reader.unknownHelp = `usage: weir ${usageOf(definition)}`;
  try {
    for (let word = reader.next(least > 0); word; word = reader.next(words.length < least)) words.push(word);
  } catch (error) {
    throw named(error, definition.name);
  }
  const args = words.slice(0, most).map((w) => w.value);
  const missing = definition.arguments.find((a, i) => !a.optional && i >= args.length);
  if (missing) throw new UsageError(`${definition.name}: ${missing.name} is missing: ${missing.help}`, `usage: weir ${usageOf(definition)}`);
  return { call: { name: definition.name, args, options: own }, rest: words.slice(args.length) };
}

/** The error with the name of its stage. */
function named(error: unknown, stage: string): unknown {
  if (error instanceof TextError) error.stage ??= stage;
  else if (error instanceof UsageError) return new UsageError(`${stage}: ${error.message}`, error.help);
  return error;
}

function tooMany(word: Word, stage: string, table: StageTable): UsageError {
  const isStage = table.some((s) => s.name === word.value);
  const help = isStage ? `did you mean \`then ${word.value}\`?` : 'quote an argument with blanks in it; FILEs come behind the last stage';
  return wrongWord(word, `${stage}: '${word.value}' is one word too many`, help);
}

function stageAsFile(word: Word): UsageError {
  return wrongWord(word, `'${word.value}' stands where a FILE is expected`, `a further stage is \`then ${word.value}\`; a file of that name is ./${word.value}`);
}
