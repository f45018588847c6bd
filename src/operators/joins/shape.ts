// in: texts of records
// out: what they have in common: the names of their members, in order

import { encodeBytes } from '../../model/token.ts';

const [QUOTE, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [34, 44, 123, 125, 91, 93];

/** The names of a record, told apart by number. */
export class Shape {
  /** names as most records spell them, with their colons */
  private readonly keys: readonly string[];

  constructor(
    readonly id: number,
    readonly names: readonly string[],
  ) {
    this.keys = names.map((name) => `${encodeBytes(JSON.stringify(name))}:`);
  }

  /** Whether a record plainly has these members, without escapes and white space; `values` gets their texts. False: it has to be looked at closely. */
  fits(text: string, values?: string[]): boolean {
    if (text.charCodeAt(0) !== OPEN || text.includes('\\')) return false;
    const { keys } = this;
    let at = 1;
    for (let i = 0; i < keys.length; i++) {
      if (!text.startsWith(keys[i]!, at)) return false;
      const start = at + keys[i]!.length;
      at = valueEnd(text, start);
      if (text.charCodeAt(at) !== (i === keys.length - 1 ? CLOSE : COMMA)) return false;
      values?.push(text.slice(start, at));
      at++;
    }
    return keys.length > 0 && at === text.length;
  }
}

/** The place behind the value at `at`, in a text without escapes; NaN: it does not end. */
function valueEnd(text: string, at: number): number {
  const c = text.charCodeAt(at);
  if (c === QUOTE) return stringEnd(text, at);
  if (c === OPEN || c === OPEN_LIST) return nestedEnd(text, at);
  let end = at;
  for (let d = c; d !== COMMA && d !== CLOSE && d > 32; d = text.charCodeAt(end)) end++;
  return end;
}

function stringEnd(text: string, at: number): number {
  const quote = text.indexOf('"', at + 1);
  return quote < 0 ? Number.NaN : quote + 1;
}

function nestedEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const c = text.charCodeAt(at);
    if (c === OPEN || c === OPEN_LIST) depth++;
    else if ((c === CLOSE || c === CLOSE_LIST) && --depth === 0) return at + 1;
    at = c === QUOTE ? stringEnd(text, at) : at + 1;
  }
  return Number.NaN;
}
