// in: the text of one expression, or of one item of a comma list
// out: acorn's syntax tree of it, and where the text goes on

import { type Expression, type Options, Parser, tokTypes } from 'acorn';
import { TextError } from '../model/errors.ts';

/** The words that keep their meaning; every other reserved word of JavaScript is a name like any other, so fields may be called so. */
const KEYWORDS: Record<string, unknown> = {
  true: tokTypes._true,
  false: tokTypes._false,
  null: tokTypes._null,
  typeof: tokTypes._typeof,
};

/** Words that a JavaScript programmer might expect to work between or before operands. */
const NOT_HERE = new Set('in instanceof new delete void function class await yield return var let const if else'.split(' '));

export interface Parsed {
  readonly node: Expression;
  /** offset of the first character behind the expression and the white space after it */
  readonly next: number;
}

/** Acorn with names for reserved words, and one way in: the expression up to a comma that is not inside it. */
class ExpressionParser extends Parser {
  declare start: number;
  declare nextToken: () => void;
  declare parseMaybeAssign: () => Expression;
  declare readWord1: () => string;
  declare finishToken: (type: unknown, value: unknown) => void;

  static readOne(text: string, start: number): Parsed {
    const options: Options = { ecmaVersion: 2022 };
    const parser = new ExpressionParser(options, text, start);
    parser.nextToken();
    const node = parser.parseMaybeAssign();
    return { node, next: parser.start };
  }

  /** Overrides acorn's. */
  readWord(): void {
    const word = this.readWord1();
    this.finishToken(Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : tokTypes.name, word);
  }

  /** Overrides acorn's: no name is reserved. */
  checkUnreserved(): void {}
}

/** Reads the expression that begins at `start`, up to a comma or the end of the text. Throws TextError. */
export function parseOne(text: string, start: number): Parsed {
  try {
    return ExpressionParser.readOne(text, start);
  } catch (error) {
    if (error instanceof SyntaxError) throw explain(error as SyntaxError & { pos: number }, text);
    if (error instanceof RangeError) throw new TextError('this is nested too deeply', text, start, text.length);
    throw error;
  }
}

/** An error about the word at `at`, which nothing before it allows. */
export function unexpected(text: string, at: number): TextError {
  const rest = text.slice(at).trimStart();
  const start = text.length - rest.length;
  if (rest === '') return new TextError('the expression ends too early', text, text.trimEnd().length, text.trimEnd().length + 1);
  const word = /^(?:[\p{ID_Continue}$]+|[=<>!&|?+*-]+|\.+|.)/su.exec(rest)![0];
  return new TextError(`unexpected '${word}'`, text, start, start + word.length, advice(text, start, word));
}

function advice(text: string, start: number, word: string): string | undefined {
  const before = /([\p{ID_Continue}$]+)\s+$/u.exec(text.slice(0, start))?.[1];
  const known = NOT_HERE.has(word) ? word : before !== undefined && NOT_HERE.has(before) ? before : undefined;
  if (known !== undefined) return `'${known}' is no operator here; expressions are the record's fields, operators and the listed functions`;
  if (word === '@') return `write a field whose name is no word as '$["@name"]'`;
  if (word === 'and' || word === 'or' || word === 'not') return `write '${{ and: '&&', or: '||', not: '!' }[word]}'`;
  if (word === '**') return "put what stands before it into parentheses: '(-x) ** 2'";
  if (word === '<>') return "write '!='";
  return undefined;
}

/** Acorn's error as ours. */
function explain(error: SyntaxError & { pos: number }, text: string): TextError {
  const message = error.message.replace(/ \(\d+:\d+\)$/, '');
  if (message === 'Unexpected token' || message.startsWith('Unexpected character')) return unexpected(text, error.pos);
  const end = Math.min(text.length, error.pos + 1);
  if (/^Unterminated string/.test(message)) return new TextError('a string is not closed', text, error.pos, text.length);
  if (/^Unterminated template/.test(message)) return new TextError('a template is not closed', text, error.pos, text.length);
  if (message === 'Assigning to rvalue') {
    return new TextError("'=' sets a field, and this is no field name", text, error.pos, end, "to compare, write '=='");
  }
  return new TextError(message.charAt(0).toLowerCase() + message.slice(1), text, error.pos, end);
}
