// in: src/model/user.ts, src/library/types.ts, the table of stages as `weir help --json` gives it
// out: the types of the package
import { readFileSync } from 'node:fs';

const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

/** A file of types alone, as part of another. */
function partOf(path) {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => !/^import |^\/\/ (in|out): |eslint-disable/.test(line)).join('\n').trim();
}

/** `/** … *\/` in front of a member. */
function comment(text, indent) {
  return `${' '.repeat(indent)}/** ${text.replaceAll('*/', '*\u200b/')} */`;
}

function typeOfOption({ value, choices, repeat }) {
  if (value === undefined) return 'boolean';
  if (repeat) return 'string | readonly string[] | { readonly [name: string]: string }';
  return choices && value === choices.join('|') ? choices.map((choice) => `'${choice}'`).join(' | ') : 'Text';
}

function typeOfArgument({ name }) {
  if (name === 'MODULE') return 'Module';
  return name === 'RIGHT' ? 'Text | Pipeline' : 'Text';
}

function method(stage) {
  const options = stage.options.filter(({ name }) => name !== 'subtasks');
  const args = stage.arguments.map((arg) => `${camel(arg.name.toLowerCase())}${arg.optional ? '?' : ''}: ${typeOfArgument(arg)}`);
  if (options.length === 0) return `${comment(stage.summary, 2)}\n  ${camel(stage.name)}(${args.join(', ')}): Pipeline;`;
  const members = options.map((option) => `${comment(option.help, 4)}\n    ${camel(option.name)}?: ${typeOfOption(option)};`);
  const last = `options?: {\n${members.join('\n')}\n  }`;
  return `${comment(stage.summary, 2)}\n  ${camel(stage.name)}(${[...args, last].join(', ')}): Pipeline;`;
}

export function typesOf(stages) {
  return `// Types of the package weir, made by its build.

${partOf('src/model/user.ts')}

${partOf('src/library/types.ts')}

/** A method for each stage; \`weir help STAGE\` has the whole of it. A pipeline never changes: each gives a longer one. */
export interface Pipeline extends Runnable {
${stages.map(method).join('\n\n')}
}

/** An empty pipeline. Throws UsageError for options that it does not know. */
export declare function pipeline(options?: PipelineOptions): Pipeline;

/** The pipeline of a text, as on the command line behind \`weir\`, or as in a .weir file. Throws UsageError. */
export declare function parse(text: string): Pipeline;

/** Any error that is meant for a person. */
export declare class WeirError extends Error {
  /** exit code of the command */
  readonly exit: number;
  /** what to do about it */
  readonly help?: string;
}

/** The pipeline is not one that can be run. */
export declare class UsageError extends WeirError {}

/** A line of input is no record, or has no usable time. */
export declare class RecordError extends WeirError {
  readonly reason: string;
  readonly source: string;
  readonly line: number;
  readonly excerpt: string;
}
`;
}
