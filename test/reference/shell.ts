// in: text with the quoting of a shell
// out: its lines, each as words

import { usage } from './failure.ts';

const WORD = /(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/sy;
const PART = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs;

function unquote(word: string): string {
  return word.replace(PART, (_, single, double, escaped) => single ?? escaped ?? double.replace(/\\(["\\$`\n])/g, (_: string, c: string) => (c === '\n' ? '' : c)));
}

/** A backslash at its end joins a line to the next; `#` at the start of a word begins a comment; `|` is `then`. */
export function shellLines(text: string): string[][] {
  const lines: string[][] = [[]];
  for (let at = 0; at < text.length; ) {
    const skipped = /^(?:\\\n|[^\S\n]+|#[^\n]*)/.exec(text.slice(at))?.[0].length ?? 0;
    at += skipped;
    if (skipped > 0) continue;
    if (text[at] === '\n') {
      lines.push([]);
      at++;
      continue;
    }
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0];
    if (word === undefined) throw usage(`a quote is not closed: ${text}`);
    lines.at(-1)!.push(word === '|' ? 'then' : unquote(word));
    at = WORD.lastIndex;
  }
  return lines.filter((line) => line.length > 0);
}
