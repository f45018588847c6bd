// in: the name of a listed method
// out: a function that calls it on a value and gives undefined where the value has no such method, or the method throws

import { ARRAY_METHODS, NUMBER_METHODS, STRING_METHODS } from './allowed.ts';

type Method = (self: unknown, ...args: unknown[]) => unknown;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- methods of any signature are looked up by name
type Native = (...args: any[]) => unknown;

/** Methods that would change an array work on a copy: a value may be read again. */
const COPYING: Readonly<Record<string, Native>> = {
  reverse: Array.prototype.toReversed,
  sort: Array.prototype.toSorted,
};

function natives(name: string): Record<'string' | 'number' | 'array', Native | undefined> {
  const own = (proto: object, listed: ReadonlySet<string>) =>
    listed.has(name) ? (proto as Readonly<Record<string, Native>>)[name] : undefined;
  return {
    string: own(String.prototype, STRING_METHODS),
    number: own(Number.prototype, NUMBER_METHODS),
    array: COPYING[name] ?? own(Array.prototype, ARRAY_METHODS),
  };
}

/** The method `name` (which is a listed one) as a function of the value that it is called on. */
export function methodCaller(name: string): Method {
  const native = natives(name);
  return (self, ...args) => {
    const kind = typeof self === 'string' ? 'string' : typeof self === 'number' ? 'number' : Array.isArray(self) ? 'array' : undefined;
    const method = kind === undefined ? undefined : native[kind];
    if (method === undefined) return undefined;
    try {
      return method.apply(self, args);
    } catch {
      return undefined;
    }
  };
}

/** `/…/.test(x)`: false for null and missing; the state of a global expression does not carry over. */
export function regexTest(pattern: RegExp, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  pattern.lastIndex = 0;
  return pattern.test(String(value));
}
