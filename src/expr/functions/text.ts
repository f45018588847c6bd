// in: strings
// out: the functions of text; what is no string gives undefined, or false where a question was asked

import { compilePattern, patternCache, patternProblem } from '../pattern.ts';
import { ArgumentError, define, type FunctionContext, type FunctionDefinition, type FunctionEntry } from './definition.ts';

type Result = (...args: unknown[]) => unknown;

/** A function of one string. */
const ofText = (f: (text: string) => unknown) => (): Result => (value) => (typeof value === 'string' ? f(value) : undefined);

/** A question about two strings. */
const ofTwo = (f: (a: string, b: string) => boolean) => (): Result => (a, b) => typeof a === 'string' && typeof b === 'string' && f(a, b);

/** The regular expressions of argument 1. */
function patterns(context: FunctionContext): (pattern: unknown) => RegExp | undefined {
  const constant = context.constants[1];
  if (typeof constant === 'string' && compilePattern(constant) === undefined) {
    throw new ArgumentError(`this is no regular expression: ${patternProblem(constant)}`, 1);
  }
  return patternCache();
}

/** Global expressions remember where they were; each value starts anew. */
function exec(pattern: RegExp, text: string): RegExpExecArray | null {
  pattern.lastIndex = 0;
  return pattern.exec(text);
}

function createMatches(context: FunctionContext): Result {
  const compiled = patterns(context);
  return (text, pattern) => {
    const regex = compiled(pattern);
    return typeof text === 'string' && regex !== undefined && exec(regex, text) !== null;
  };
}

function createExtract(context: FunctionContext): Result {
  const compiled = patterns(context);
  return (text, pattern, group) => {
    const regex = compiled(pattern);
    if (typeof text !== 'string' || regex === undefined) return undefined;
    const match = exec(regex, text);
    if (match === null) return undefined;
    if (typeof group === 'string') return match.groups !== undefined && Object.hasOwn(match.groups, group) ? match.groups[group] : undefined;
    return typeof group === 'number' ? match[group] : match.length > 1 ? match[1] : match[0];
  };
}

function replace(text: unknown, pattern: unknown, by: unknown): unknown {
  if (typeof text !== 'string' || typeof by !== 'string') return undefined;
  if (pattern instanceof RegExp) return text.replace(pattern, by);
  return typeof pattern === 'string' ? text.replaceAll(pattern, () => by) : undefined;
}

function split(text: unknown, separator: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  return separator instanceof RegExp || typeof separator === 'string' ? text.split(separator) : undefined;
}

function contains(whole: unknown, part: unknown): boolean {
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part);
  return Array.isArray(whole) && part !== undefined && whole.includes(part);
}

const one = (usage: string, help: string, example: [string, unknown], f: (text: string) => unknown): FunctionEntry => ({
  usage,
  min: 1,
  max: 1,
  help,
  example,
  create: ofText(f),
});

const question = (usage: string, help: string, example: [string, unknown], create: FunctionDefinition['create']): FunctionEntry => ({
  usage,
  min: 2,
  max: 2,
  help,
  kind: 'boolean',
  example,
  create,
});

const ENTRIES: Readonly<Record<string, FunctionEntry>> = {
  lower: one('lower(text)', 'the text in small letters', ['lower("Ärger")', 'ärger'], (text) => text.toLowerCase()),
  upper: one('upper(text)', 'the text in capital letters', ['upper("get")', 'GET'], (text) => text.toUpperCase()),
  trim: one('trim(text)', 'the text without white space around it', ['trim("  a b ")', 'a b'], (text) => text.trim()),
  split: {
    usage: 'split(text, separator)',
    min: 2,
    max: 2,
    help: 'the parts of a text between separators, which are a text or a regular expression',
    pattern: 1,
    example: ['split("a/b/c", "/")', ['a', 'b', 'c']],
    create: () => split,
  },
  contains: question(
    'contains(text, part)',
    'whether a text has the part in it, or an array the element',
    ['contains("/api/users", "user")', true],
    () => contains,
  ),
  starts_with: question(
    'starts_with(text, start)',
    'whether a text begins so',
    ['starts_with("/api/users", "/api")', true],
    ofTwo((a, b) => a.startsWith(b)),
  ),
  ends_with: question(
    'ends_with(text, end)',
    'whether a text ends so',
    ['ends_with("app.log", ".gz")', false],
    ofTwo((a, b) => a.endsWith(b)),
  ),
  matches: {
    ...question('matches(text, pattern)', 'whether a regular expression, as /…/ or text, is found in a text', ['matches("v12", /^v[0-9]+$/)', true], createMatches),
    pattern: 1,
  },
  extract: {
    usage: 'extract(text, pattern, group?)',
    min: 2,
    max: 3,
    help: 'what a regular expression, as /…/ or text, finds in a text: its group by number or name (0: all of it; none given: the first, if it has one)',
    pattern: 1,
    example: ['extract("GET /users/42", /users.([0-9]+)/, 1)', '42'],
    create: createExtract,
  },
  replace: {
    usage: 'replace(text, pattern, by)',
    min: 3,
    max: 3,
    help: 'the text with every occurrence of a text replaced, or what a regular expression finds ($1: its group; all of them with /…/g)',
    pattern: 1,
    example: ['replace("a-b-c", "-", "+")', 'a+b+c'],
    create: () => replace,
  },
};

export const TEXT_FUNCTIONS: readonly FunctionDefinition[] = define('text', ENTRIES);
