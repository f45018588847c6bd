// in: values
// out: keys: one text for all that are the same key, and the order of keys

import { compare, notation, parseDecimal } from './decimal.ts';
import { elementsOf, membersOf, textOf, type Value } from './lit.ts';

/** The key of a value as JSON: numbers and strings in one way of writing, members of objects in order. Null and missing are one key. */
export function keyOf(value: Value): string {
  return canonical(textOf(value) ?? 'null');
}

function canonical(text: string): string {
  switch (text[0]) {
    case '{':
      return canonicalObject(text);
    case '[':
      return `[${elementsOf(text).map(canonical).join(',')}]`;
    case '"':
      return JSON.stringify(JSON.parse(text));
    case 't':
    case 'f':
    case 'n':
      return text;
    default:
      return notation(parseDecimal(text));
  }
}

function canonicalObject(text: string): string {
  const members = new Map(membersOf(text).map((m) => [m.name, canonical(text.slice(m.start, m.end))]));
  const names = [...members.keys()].sort(compareStrings);
  return `{${names.map((n) => `${JSON.stringify(n)}:${members.get(n)}`).join(',')}}`;
}

/** By code points, which is the order of UTF-8 bytes. */
export function compareStrings(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

/** null < false < true < numbers < strings < the rest */
function rank(key: string): number {
  const kinds = ['n', 'f', 't'];
  const found = kinds.indexOf(key[0]!);
  if (found >= 0) return found;
  if (key[0] === '"') return 4;
  return key[0] === '{' || key[0] === '[' ? 5 : 3;
}

/** The order of two keys that `keyOf` made. */
export function compareKeys(a: string, b: string): number {
  const kind = rank(a);
  if (kind !== rank(b)) return kind - rank(b);
  if (kind === 3) return compare(parseDecimal(a), parseDecimal(b));
  return kind === 4 ? compareStrings(JSON.parse(a), JSON.parse(b)) : compareStrings(a, b);
}

/** The order of several keys, the first that differs decides. */
export function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareKeys(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}
