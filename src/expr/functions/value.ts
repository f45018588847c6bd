// in: values of any kind
// out: the functions of values

import { JsonText, decodeBytes } from '../../model/token.ts';
import { canonicalJson, jsonBytes } from '../canonical.ts';
import { hashText } from '../hash.ts';
import { define, type FunctionDefinition, type FunctionEntry } from './definition.ts';

/** Characters of a text (code points), elements of an array, members of an object. */
function len(value: unknown): unknown {
  if (typeof value === 'string') return codePoints(value);
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) count--;
  }
  return count;
}

function coalesce(...values: unknown[]): unknown {
  for (const value of values) if (value !== null && value !== undefined) return value;
  return null;
}

/** Text as people write decimal numbers; true is 1, false 0. */
function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value)) return null;
  return number(Number(value));
}

function json(value: unknown): string {
  return value instanceof JsonText ? decodeBytes(value.bytes) : decodeBytes(jsonBytes(value));
}

const ENTRIES: Readonly<Record<string, FunctionEntry>> = {
  len: {
    usage: 'len(x)',
    min: 1,
    max: 1,
    help: 'characters of a text, elements of an array, members of an object',
    example: ['len("日本")', 2],
    create: () => len,
  },
  coalesce: {
    usage: 'coalesce(a, b, …)',
    min: 1,
    max: Number.POSITIVE_INFINITY,
    help: 'the first value that is neither null nor missing; null if there is none',
    example: ['coalesce(nickname, null, "anonymous")', 'anonymous'],
    create: () => coalesce,
  },
  number: {
    usage: 'number(x)',
    min: 1,
    max: 1,
    help: 'the number that a text spells, 1 or 0 of true or false, null of anything else',
    example: ['number(" 12.50")', 12.5],
    create: () => number,
  },
  hash: {
    usage: 'hash(x)',
    min: 1,
    max: 1,
    help: 'a number from 0 to 2^32-1, always the same for equal values: MurmurHash3 (x86, 32 bits, seed 0) of the canonical JSON in UTF-8',
    kind: 'number',
    literals: true,
    example: ['hash("a")', hashText('"a"')],
    create: () => (value) => hashText(canonicalJson(value)),
  },
  json: {
    usage: 'json(x)',
    min: 1,
    max: 1,
    help: 'a value as JSON text; numbers of a field as they are written',
    kind: 'string',
    literals: true,
    example: ['json([1, "a", null])', '[1,"a",null]'],
    create: () => json,
  },
};

export const VALUE_FUNCTIONS: readonly FunctionDefinition[] = define('value', ENTRIES);
