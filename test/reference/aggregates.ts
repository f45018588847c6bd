// in: the records of a group
// out: the values of aggregates over them

import type { CallExpression, Expression, MemberExpression } from 'acorn';
import { add, compare, countDigits, type Decimal, multiply, notation, parseDecimal, quotient, rootOfQuotient, subtract, toDouble, ZERO } from './decimal.ts';
import { evaluate, evaluatePlain, type Scope } from './evaluate.ts';
import { Lit, litOf, plain, type Value } from './lit.ts';
import { compareKeys, keyOf } from './order.ts';
import { bare } from './syntax.ts';

/** An argument of an aggregate over the records that have it: for each its values, none of them null or missing. */
type Rows = readonly (readonly Value[])[];
type Aggregate = (rows: Rows) => Value;

/** What aggregates skip; a number that is not finite is null. */
function nothing(value: Value): boolean {
  const seen = plain(value);
  return seen === null || seen === undefined || (typeof seen === 'number' && !Number.isFinite(seen));
}

/** Numbers among the values as the decimals that they are written as. */
function decimals(rows: Rows): Decimal[] {
  return rows.filter(([v]) => typeof plain(v) === 'number').map(([v]) => parseDecimal(litOf(v)!.text));
}

const total = (numbers: readonly Decimal[]) => numbers.reduce(add, ZERO);
const whole = (n: number): Decimal => ({ mantissa: BigInt(n), scale: 0 });

/** Exact up to 38 digits. */
function sum(rows: Rows): Value {
  const numbers = decimals(rows);
  const result = total(numbers);
  if (numbers.length === 0) return null;
  return countDigits(result) > 38 ? toDouble(result) : new Lit(notation(result));
}

function average(rows: Rows): Value {
  const numbers = decimals(rows);
  return numbers.length === 0 ? null : quotient(total(numbers), whole(numbers.length));
}

/** n Σx² - (Σx)² and n (n - 1), whose quotient is the sample's variance. */
function spread(rows: Rows): [Decimal, Decimal] | undefined {
  const numbers = decimals(rows);
  const n = numbers.length;
  if (n < 2) return undefined;
  const squares = total(numbers.map((x) => multiply(x, x)));
  const all = total(numbers);
  return [subtract(multiply(whole(n), squares), multiply(all, all)), multiply(whole(n), whole(n - 1))];
}

/** Linear between the two nearest (R-7, as numpy and DuckDB). */
function quantile(rows: Rows, q: number): Value {
  const sorted = decimals(rows).sort(compare).map(toDouble);
  if (sorted.length === 0) return null;
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)]!;
  const high = sorted[Math.ceil(at)]!;
  return low + (high - low) * (at - Math.floor(at));
}

/** The first of the best by argument `by`. */
function best(rows: Rows, by: number, sign: number): readonly Value[] | undefined {
  return rows.reduce<readonly Value[] | undefined>((b, row) => (b && compareKeys(keyOf(row[by]), keyOf(b[by])) * sign <= 0 ? b : row), undefined);
}

/** The extreme value, a number without needless zeros. */
function extreme(rows: Rows, sign: number): Value {
  const found = best(rows, 0, sign);
  return found ? withMs(new Lit(keyOf(found[0])), found[0]) : null;
}

function withMs(lit: Lit, from: Value): Lit {
  return from instanceof Lit && from.ms !== undefined ? new Lit(from.text, from.ms) : lit;
}

/** Different values, each in the place of its first occurrence, as it was written there. */
function distinct(rows: Rows): Value[] {
  const seen = new Map<string, Value>();
  for (const [value] of rows) if (!seen.has(keyOf(value))) seen.set(keyOf(value), value);
  return [...seen.values()];
}

const list = (values: readonly Value[]) => new Lit(`[${values.map((v) => litOf(v)!.text).join(',')}]`);

export const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  count: (rows) => rows.length,
  count_if: (rows) => rows.filter(([v]) => Boolean(plain(v))).length,
  count_distinct: (rows) => distinct(rows).length,
  sum,
  avg: average,
  min: (rows) => extreme(rows, -1),
  max: (rows) => extreme(rows, 1),
  first: (rows) => rows[0]?.[0] ?? null,
  last: (rows) => rows.at(-1)?.[0] ?? null,
  var: (rows) => (spread(rows) ? quotient(...spread(rows)!) : null),
  stddev: (rows) => (spread(rows) ? rootOfQuotient(...spread(rows)!) : null),
  median: (rows) => quantile(rows, 0.5),
  quantile: (rows) => (rows.length === 0 ? null : quantile(rows, plain(rows[0]![1]) as number)),
  collect: (rows) => list(rows.map(([v]) => v)),
  collect_set: (rows) => list(distinct(rows)),
  arg_min: (rows) => best(rows, 1, -1)?.[0] ?? null,
  arg_max: (rows) => best(rows, 1, 1)?.[0] ?? null,
};

export const OVER_FUNCTIONS: readonly string[] = ['lag', 'row_number'];

/** The aggregate that a call is: `sum(price)`, or `sum(price).where(cheap)`. */
export function aggregateOf(node: CallExpression): { name: string; args: Expression[]; where: Expression | undefined } | undefined {
  const callee = bare(node.callee);
  if (callee.type === 'Identifier') {
    const known = Object.hasOwn(AGGREGATES, callee.name) || OVER_FUNCTIONS.includes(callee.name);
    return known ? { name: callee.name, args: node.arguments as Expression[], where: undefined } : undefined;
  }
  const { property, object } = callee as MemberExpression;
  const inner = bare(object);
  if ((property as { name?: string }).name !== 'where' || inner.type !== 'CallExpression') return undefined;
  const found = aggregateOf(inner);
  return found && { ...found, where: node.arguments[0] as Expression };
}

/** The value of an aggregate's call over records. */
export function aggregate(node: CallExpression, records: readonly Scope[]): { value: Value } | undefined {
  const found = aggregateOf(node);
  if (!found || OVER_FUNCTIONS.includes(found.name)) return undefined;
  const { name, args, where } = found;
  const rows = records.filter((r) => !where || Boolean(evaluatePlain(where, r))).map((r) => args.map((a) => evaluate(a, r))).filter((row) => !row.some(nothing));
  return { value: AGGREGATES[name]!(rows) };
}
