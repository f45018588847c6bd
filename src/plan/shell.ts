// in: text with the quoting of a shell: a .weir file, or a quoted pipeline
// out: its words and line ends, each with its place in the text

import { TextError, UsageError } from '../model/errors.ts';

/** A word that was typed. */
export interface Word {
  readonly value: string;
  /** where it stands, if it comes from a text rather than from the command line */
  readonly place?: { readonly text: string; readonly start: number; readonly end: number };
  /** nothing of it was quoted, so it may be `then` or `|` */
  readonly bare: boolean;
}

/** Words as the system hands them over. */
export function wordsOf(argv: readonly string[]): Word[] {
  return argv.map((value) => ({ value, bare: true }));
}

/** An error about a word: with a caret where the word comes from a text. */
export function wrongWord(word: Word, message: string, help?: string): UsageError {
  const { place } = word;
  return place ? new TextError(message, place.text, place.start, place.end, help) : new UsageError(message, help);
}

/** Words of a text, line ends counting as blanks. Throws TextError with the place of a quote that is not closed. */
export function splitShellWords(text: string): Word[] {
  return splitShellLines(text).flat();
}

/** Words of a text by line. Quotes may run over line ends, a backslash at the end joins two lines, `#` at the start of a word begins a comment. */
export function splitShellLines(text: string): Word[][] {
  const lines: Word[][] = [[]];
  for (let at = 0; at < text.length; ) {
    const c = text[at]!;
    if (c === '\n') lines.push([]);
    if (/\s/.test(c)) at++;
    else if (/^\\\r?\n/.test(text.slice(at, at + 3))) at = text.indexOf('\n', at) + 1;
    else if (c === '#') at = endOfLine(text, at);
    else {
      const word = readWord(text, at);
      lines.at(-1)!.push(word);
      at = word.place!.end;
    }
  }
  return lines.filter((line) => line.length > 0);
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The word that starts at `start`: parts that are bare, 'quoted', "quoted" or \escaped, with nothing between them. */
function readWord(text: string, start: number): Word & { place: { end: number } } {
  let [at, value, bare] = [start, '', true];
  while (at < text.length && !/\s/.test(text[at]!)) {
    const c = text[at]!;
    const part = c === "'" ? readSingle(text, at) : c === '"' ? readDouble(text, at) : c === '\\' ? readEscape(text, at) : { value: c, end: at + 1 };
    if (part.end > at + 1) bare = false;
    value += part.value;
    at = part.end;
  }
  return { value, bare, place: { text, start, end: at } };
}

interface Part {
  readonly value: string;
  readonly end: number;
}

function readSingle(text: string, start: number): Part {
  const close = text.indexOf("'", start + 1);
  if (close < 0) throw unclosed(text, start);
  return { value: text.slice(start + 1, close), end: close + 1 };
}

/** In double quotes a backslash protects only what would mean something there, as in a shell. */
function readDouble(text: string, start: number): Part {
  const match = /"((?:[^"\\]|\\.)*)"/sy;
  match.lastIndex = start;
  const found = match.exec(text);
  if (!found) throw unclosed(text, start);
  return { value: found[1]!.replace(/\\(["\\$`]|\r?\n)/g, (_, c: string) => (c.endsWith('\n') ? '' : c)), end: match.lastIndex };
}

function readEscape(text: string, at: number): Part {
  const newline = /^\\\r?\n/.exec(text.slice(at, at + 3));
  if (newline) return { value: '', end: at + newline[0].length };
  return { value: text[at + 1] ?? '\\', end: Math.min(at + 2, text.length) };
}

function unclosed(text: string, at: number): TextError {
  return new TextError('a quote is not closed', text, at, at + 1, `close it with ${text[at]}`);
}
