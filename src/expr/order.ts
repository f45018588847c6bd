// in: two values, with their literals or without
// out: their order as keys: null < false < true < numbers by value < strings by UTF-8 bytes < the rest by canonical JSON

import { JsonText } from '../model/token.ts';
import { canonicalJson, compareStrings } from './canonical.ts';
import { compareDigits, digitsOf } from './decimal.ts';

/** A value's place among the kinds of values. */
function rank(value: unknown): number {
  if (value instanceof JsonText) return textRank(value.bytes);
  switch (typeof value) {
    case 'boolean':
      return value ? 2 : 1;
    case 'number':
      return Number.isFinite(value) ? 3 : 0;
    case 'string':
      return 4;
    case 'object':
      return value === null ? 0 : 5;
    default:
      return 0;
  }
}

function textRank(bytes: string): number {
  switch (bytes[0]) {
    case 'n':
      return 0;
    case 'f':
      return 1;
    case 't':
      return 2;
    case '"':
      return 4;
    case '{':
    case '[':
      return 5;
    default:
      return 3;
  }
}

/** Negative, 0 or positive, as `sort` wants it. Numbers are compared exactly: no two different ones are equal. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number' && Number.isFinite(a - b)) return a - b;
  const order = rank(a);
  const difference = order - rank(b);
  if (difference !== 0) return difference;
  if (order === 3) return compareNumbers(a, b);
  if (order === 4) return compareStrings(stringOf(a), stringOf(b));
  return order === 5 ? compareStrings(canonicalJson(a), canonicalJson(b)) : 0;
}

function stringOf(value: unknown): string {
  return value instanceof JsonText ? (value.value as string) : (value as string);
}

function compareNumbers(a: unknown, b: unknown): number {
  const [x, y] = [numberText(a), numberText(b)];
  return x === y ? 0 : compareDigits(digitsOf(x)!, digitsOf(y)!);
}

function numberText(value: unknown): string {
  return value instanceof JsonText ? value.bytes : String(value);
}

/** Whether it is null, missing, or a number that is not finite, which prints as null. Aggregates skip these. */
export function isNothing(value: unknown): boolean {
  return rank(value) === 0;
}

/** Whether it is a number (finite, or a literal of any size). */
export function isNumber(value: unknown): value is number | JsonText {
  return rank(value) === 3;
}
