// in: values, with their literals or without
// out: one text per value, the same for equal values whatever their spelling

import { decodeBytes, encodeBytes, JsonText } from '../model/token.ts';
import { digitsOf, printDigits } from './decimal.ts';

/** Characters that JSON.stringify escapes. */
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;

export function quote(text: string): string {
  return SPECIAL.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** The one text of a number's literal: `1`, `1.0` and `10e-1` are `1`; no digit is lost. */
export function canonicalNumber(literal: string): string {
  // short plain integers are their own text
  if (/^(0|-?[1-9]\d{0,14})$/.test(literal)) return literal;
  const digits = digitsOf(literal);
  return digits === undefined ? 'null' : printDigits(digits);
}

/**
 * JSON of a value in one form: no white space, members in the order of their names' UTF-8 bytes, numbers by exact value, the
 * shortest escapes. null, undefined and what is not finite are `null`. Equal values have equal texts; this is the key of groups.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return Number.isSafeInteger(value) ? String(value + 0) : Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      return value instanceof JsonText ? canonicalText(value) : canonicalObject(value);
    default:
      return 'null';
  }
}

/** Equal keys have equal strings. */
export const canonicalKey: (value: unknown) => string = canonicalJson;

/** Equal lists of keys have equal strings. */
export function canonicalKeys(values: readonly unknown[]): string {
  let out = '';
  for (let i = 0; i < values.length; i++) out += i === 0 ? canonicalJson(values[i]) : `,${canonicalJson(values[i])}`;
  return out;
}

function canonicalText({ bytes }: JsonText): string {
  const first = bytes.charCodeAt(0);
  if (first === 34 /* " */) return bytes.includes('\\') ? quote(JSON.parse(decodeBytes(bytes)) as string) : quote(decodeBytes(bytes.slice(1, -1)));
  if (first === 45 /* - */ || (first >= 48 && first <= 57)) return canonicalNumber(bytes);
  return new Reader(decodeBytes(bytes)).read();
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return object(members.map(([name, member]) => [name, canonicalJson(member)]));
}

function object(members: [string, string][]): string {
  const sorted = [...new Map(members)].sort(([a], [b]) => compareStrings(a, b));
  return `{${sorted.map(([name, text]) => `${quote(name)}:${text}`).join(',')}}`;
}

/** Order of two strings by their UTF-8 bytes, which is that of their code points. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return codePointOrder(x) - codePointOrder(y);
  }
  return a.length - b.length;
}

/** UTF-16 units put in the order of the code points that they begin: surrogates behind all others. */
function codePointOrder(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** A bracket that is open, and what it has had so far. */
interface Open {
  /** undefined: an array */
  readonly members: [string, string][] | undefined;
  readonly elements: string[];
  /** of the member whose value comes next */
  name: string;
}

/** Reads JSON that is known to be right, and writes it in canonical form: JSON.parse would change numbers. Brackets may be nested deeper than calls. */
class Reader {
  private at = 0;
  private readonly open: Open[] = [];

  constructor(private readonly text: string) {}

  read(): string {
    for (;;) {
      let value = this.value();
      while (value !== undefined) {
        const last = this.open.at(-1);
        if (!last) return value;
        if (last.members) last.members.push([last.name, value]);
        else last.elements.push(value);
        value = this.next(last);
      }
    }
  }

  /** The next value, or a bracket that has nothing in it; undefined: one was opened, and its first value comes next. */
  private value(): string | undefined {
    this.skip();
    const first = this.text[this.at];
    if (first === '{' || first === '[') {
      this.at++;
      const opened: Open = { members: first === '{' ? [] : undefined, elements: [], name: '' };
      this.open.push(opened);
      return this.next(opened);
    }
    if (first === '"') return quote(this.string());
    const word = this.match(/[^\s,\]}]+/y);
    return /^[-\d]/.test(word) ? canonicalNumber(word) : word;
  }

  /** Goes on to the next value of a bracket: undefined; or behind its end: all of it. */
  private next(last: Open): string | undefined {
    this.skip();
    if (this.text[this.at] === ',') {
      this.at++;
      this.skip();
    }
    const end = this.text[this.at];
    if (end === '}' || end === ']') {
      this.at++;
      this.open.pop();
      return last.members ? object(last.members) : `[${last.elements.join(',')}]`;
    }
    if (last.members) {
      last.name = this.string();
      this.skip();
      this.at++;
    }
    return undefined;
  }

  private string(): string {
    return JSON.parse(this.match(/"(?:[^"\\]|\\.)*"/y)) as string;
  }

  private skip(): void {
    this.match(/[ \t\r\n]*/y);
  }

  /** What the pattern matches here, and goes on behind it. A text that does not fit is no JSON, and a defect of the caller. */
  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw new Error(`no JSON at ${this.at}: ${this.text.slice(0, 80)}`);
    this.at += found.length;
    return found;
  }
}

/** JSON text of a value as it will be printed, one char a byte: literals kept, null for what has no JSON. */
export function jsonBytes(value: unknown): string {
  if (value instanceof JsonText) return value.bytes;
  return encodeBytes(JSON.stringify(value) ?? 'null');
}
