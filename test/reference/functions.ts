// in: arguments
// out: the functions of section 4 that are no aggregates

import { type Decimal, notation, parseDecimal } from './decimal.ts';
import type { Scope } from './evaluate.ts';
import { Lit, plain, textOf, type Value } from './lit.ts';
import { compareKeys, keyOf } from './order.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';

export interface FunctionOf {
  readonly min: number;
  readonly max: number;
  /** arguments keep their literals */
  readonly literals?: boolean;
  call(values: readonly Value[], scope: Scope): Value;
}

const MANY = Number.POSITIVE_INFINITY;

function of(min: number, max: number, call: (...values: never[]) => unknown): FunctionOf {
  return { min, max, call: (values) => call(...(values as never[])) };
}

const nothing = (value: unknown) => value === null || value === undefined;
const text = (f: (value: string) => unknown) => of(1, 1, (value: unknown) => (typeof value === 'string' ? f(value) : undefined));
const number = (f: (value: number) => number) => of(1, 1, (value: unknown) => (typeof value === 'number' ? f(value) : undefined));
const bothText = (f: (a: string, b: string) => boolean) => of(2, 2, (a: unknown, b: unknown) => typeof a === 'string' && typeof b === 'string' && f(a, b));

function regex(pattern: unknown): RegExp | undefined {
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return typeof pattern === 'string' ? new RegExp(pattern) : undefined;
}

function extract(value: unknown, pattern: unknown, group?: unknown): unknown {
  const found = typeof value === 'string' ? regex(pattern)?.exec(value) : undefined;
  if (!found) return undefined;
  if (typeof group === 'string') return found.groups?.[group];
  return found[(group as number | undefined) ?? (found.length > 1 ? 1 : 0)];
}

function replace(value: unknown, pattern: unknown, by: unknown): unknown {
  if (typeof value !== 'string' || typeof by !== 'string') return undefined;
  if (pattern instanceof RegExp) return value.replace(pattern, by);
  return typeof pattern === 'string' ? value.split(pattern).join(by) : undefined;
}

function contains(whole: unknown, part: unknown): boolean {
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part);
  return Array.isArray(whole) && whole.includes(part);
}

function len(value: unknown): unknown {
  if (typeof value === 'string') return [...value].length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

/** Halves away from zero, as the number is written. */
function round(x: unknown, places: unknown = 0): unknown {
  if (typeof x !== 'number' || !Number.isFinite(x) || typeof places !== 'number') return typeof x === 'number' ? x : undefined;
  const { mantissa, scale } = parseDecimal(String(x));
  if (scale <= places) return x;
  const unit = 10n ** BigInt(scale - places);
  const half = mantissa < 0n ? -unit / 2n : unit / 2n;
  const rounded: Decimal = { mantissa: (mantissa + half) / unit, scale: places };
  return Number(notation(rounded));
}

/** The least (or greatest) of what is there, in key order. */
function extreme(sign: number): FunctionOf {
  return of(1, MANY, (...values: unknown[]) => {
    const there = values.filter((v) => !nothing(v));
    return there.reduce((best, v) => (compareKeys(keyOf(v), keyOf(best)) * sign < 0 ? v : best), there[0] ?? null);
  });
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'boolean') return Number(value);
  const fits = typeof value === 'number' || (typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value));
  return fits && Number.isFinite(Number(value)) ? Number(value) : null;
}

export const FUNCTIONS: Readonly<Record<string, FunctionOf>> = {
  ...TIME_FUNCTIONS,
  lower: text((v) => v.toLowerCase()),
  upper: text((v) => v.toUpperCase()),
  trim: text((v) => v.trim()),
  split: of(2, 2, (v: unknown, by: unknown) => (typeof v === 'string' && (typeof by === 'string' || by instanceof RegExp) ? v.split(by as string) : undefined)),
  contains: of(2, 2, contains),
  starts_with: bothText((a, b) => a.startsWith(b)),
  ends_with: bothText((a, b) => a.endsWith(b)),
  matches: of(2, 2, (v: unknown, pattern: unknown) => typeof v === 'string' && regex(pattern)?.test(v) === true),
  extract: of(2, 3, extract),
  replace: of(3, 3, replace),
  len: of(1, 1, len),
  abs: number(Math.abs),
  floor: number(Math.floor),
  ceil: number(Math.ceil),
  round: of(1, 2, round),
  min_of: extreme(1),
  max_of: extreme(-1),
  coalesce: { min: 1, max: MANY, literals: true, call: (values) => values.find((v) => !nothing(plain(v))) ?? null },
  number: of(1, 1, toNumber),
  json: { min: 1, max: 1, literals: true, call: ([value]) => (value instanceof Lit ? value.text : (textOf(value) ?? 'null')) },
  event_time: { min: 0, max: 0, call: (_, scope) => scope.eventTime() },
  watermark: { min: 0, max: 0, call: (_, scope) => scope.watermark() },
};
