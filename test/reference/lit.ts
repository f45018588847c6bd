// in: JSON text
// out: its values together with the text that they were written as

/** Text that is not JSON. */
export class JsonError extends Error {}

/** A JSON value as it was written. `ms`: it is a time of weir's own, which expressions see as a number however it is printed. */
export class Lit {
  constructor(
    readonly text: string,
    readonly ms?: number,
  ) {}

  private parsed: unknown;
  private readonly inside = new Map<string | number, Lit | undefined>();

  /** An object or array is the same one each time: it equals itself, as in JavaScript. */
  get value(): unknown {
    this.parsed ??= this.ms ?? JSON.parse(this.text);
    return this.parsed;
  }

  /** What stands inside the text at a name or index, the same each time. */
  at(key: string | number, find: () => Lit | undefined): Lit | undefined {
    if (!this.inside.has(key)) this.inside.set(key, find());
    return this.inside.get(key);
  }
}

/** What an expression has made (a JavaScript value), or found and kept as it was written. */
export type Value = unknown;

/** The JavaScript value, without its literal. */
export function plain(value: Value): unknown {
  return value instanceof Lit ? value.value : value;
}

/** The JSON text that is printed for a value; undefined: the field is left out. */
export function textOf(value: Value): string | undefined {
  return value instanceof Lit ? value.text : JSON.stringify(value);
}

/** A literal for whatever an expression made; undefined stays undefined. */
export function litOf(value: Value): Lit | undefined {
  if (value instanceof Lit) return value;
  const text = textOf(value);
  return text === undefined ? undefined : new Lit(text);
}

/** A member of an object: its name without escapes, and where its key and its value stand in the text. */
export interface Member {
  readonly name: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly start: number;
  readonly end: number;
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
const BLANKS = /[ \t\r\n]*/y;

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (!found || found[0] === '') throw new JsonError(`no JSON value at ${at}`);
  return at + found[0].length;
}

/** The first place from `at` on that is not blank. */
export function skipBlanks(text: string, at: number): number {
  BLANKS.lastIndex = at;
  return at + BLANKS.exec(text)![0].length;
}

/** Where the value that starts at `at` ends. */
function endOfValue(text: string, at: number): number {
  if (text[at] === '{') return readObject(text, at).end;
  if (text[at] === '[') return readArray(text, at).end;
  return match(text[at] === '"' ? STRING : SCALAR, text, at);
}

/** Reads what stands between brackets: `read` takes an item and returns where it ends. */
function readList(text: string, at: number, close: string, read: (at: number) => number): number {
  at = skipBlanks(text, at + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = skipBlanks(text, read(skipBlanks(text, at)));
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') throw new JsonError(`no , or ${close} at ${at}`);
    at++;
  }
}

function readObject(text: string, at: number): { members: Member[]; end: number } {
  if (text[at] !== '{') throw new JsonError('not an object');
  const members: Member[] = [];
  const end = readList(text, at, '}', (keyStart) => {
    const keyEnd = match(STRING, text, keyStart);
    const colon = skipBlanks(text, keyEnd);
    if (text[colon] !== ':') throw new JsonError(`no : at ${colon}`);
    const start = skipBlanks(text, colon + 1);
    const member = { name: JSON.parse(text.slice(keyStart, keyEnd)), keyStart, keyEnd, start, end: endOfValue(text, start) };
    members.push(member);
    return member.end;
  });
  return { members, end };
}

function readArray(text: string, at: number): { elements: string[]; end: number } {
  const elements: string[] = [];
  const end = readList(text, at, ']', (start) => {
    const stop = endOfValue(text, start);
    elements.push(text.slice(start, stop));
    return stop;
  });
  return { elements, end };
}

/** Members of the text of an object, duplicates and all. Throws JsonError if it is anything but one whole object. */
export function membersOf(text: string): Member[] {
  const { members, end } = readObject(text, skipBlanks(text, 0));
  if (skipBlanks(text, end) !== text.length) throw new JsonError('something stands behind the object');
  return members;
}

/** Texts of the elements of the text of an array. */
export function elementsOf(text: string): string[] {
  return readArray(text, 0).elements;
}

/** The member of an object that counts under this name: of duplicates the last. */
export function memberOf(text: string, name: string): Lit | undefined {
  const member = membersOf(text).findLast((m) => m.name === name);
  return member && new Lit(text.slice(member.start, member.end));
}
