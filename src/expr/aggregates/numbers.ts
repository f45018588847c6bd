// in: numbers of a group
// out: count, sum, avg, var, stddev: exact until the one rounding at the end

import { atScale, type Decimal, divideToNumber, multiplyDecimals, pow10, rootToNumber } from '../decimal.ts';
import { isNothing } from '../order.ts';
import { type Accumulator, type AggregateDefinition, opaque } from './definition.ts';
import { DecimalSum, decimalOf } from './sum.ts';

/** Counts rows. */
export const COUNT_ROWS: Accumulator<number> = {
  create: () => 0,
  add: (n) => n + 1,
  merge: (into, from) => into + from,
  result: (n) => n,
  save: (n) => n,
  load: (saved) => saved as number,
  remove: (n) => n - 1,
};

const COUNT_VALUES: Accumulator<number> = {
  ...COUNT_ROWS,
  add: (n, value) => (isNothing(value) ? n : n + 1),
  remove: (n, value) => (isNothing(value) ? n : n - 1),
};

interface Total {
  n: number;
  sum: DecimalSum;
}

/** The nearest double to `sum` / `n`. */
export function average(sum: Decimal, n: number): number {
  return divideToNumber(sum.int, BigInt(n) * pow10(sum.scale));
}

function totals(skip: () => void, result: (state: Total) => unknown): Accumulator<Total> {
  return {
    create: () => ({ n: 0, sum: new DecimalSum() }),
    add: (state, value) => {
      if (value === null || value === undefined) return state;
      if (state.sum.add(value)) state.n++;
      else if (!isNothing(value)) skip();
      return state;
    },
    merge: (into, from) => {
      into.n += from.n;
      into.sum.merge(from.sum);
      return into;
    },
    result: (state) => (state.n === 0 ? null : result(state)),
    save: ({ n, sum }) => [n, ...sum.save()],
    load: (saved) => {
      const [n, int, scale] = saved as [number, string, number];
      return { n, sum: DecimalSum.load([int, scale]) };
    },
    remove: (state, value) => {
      if (value !== null && value !== undefined && state.sum.add(value, -1)) state.n--;
      return state;
    },
  };
}

/** Σx and Σx²; what is small enough is added up in doubles without loss, all with `places` decimal places. */
interface Moments {
  n: number;
  sum: DecimalSum;
  squares: DecimalSum;
  places: number;
  smallSquares: number;
}

/** Integers up to this have squares that a double can add many of. */
const MAX_ROOT = 2 ** 24;
const MAX_SQUARES = 2 ** 52;

function addMoment(state: Moments, value: unknown, sign: 1 | -1): boolean {
  if (!state.sum.add(value, sign)) return false;
  state.n += sign;
  const power = 10 ** state.places;
  const part = typeof value === 'number' ? Math.round(value * power) : Number.NaN;
  if (part < MAX_ROOT && part > -MAX_ROOT && part / power === value) state.smallSquares += sign * part * part;
  else addSquare(state, decimalOf(value)!, sign);
  if (state.smallSquares > MAX_SQUARES || state.smallSquares < -MAX_SQUARES) flushSquares(state);
  return true;
}

function addSquare(state: Moments, value: Decimal, sign: 1 | -1): void {
  if (value.scale > state.places && value.scale <= 6) {
    flushSquares(state);
    state.places = value.scale;
  }
  const square = multiplyDecimals(value, value);
  state.squares.addInteger(square.int * BigInt(sign), square.scale);
}

function flushSquares(state: Moments): void {
  state.squares.addInteger(BigInt(state.smallSquares), state.places * 2);
  state.smallSquares = 0;
}

/** n·Σx² − (Σx)² and n·(n − 1), with what both lack in powers of ten: the quotient is the sample's variance. */
function variance(state: Moments): [numerator: bigint, denominator: bigint] {
  flushSquares(state);
  const [sum, squares, n] = [state.sum.total(), state.squares.total(), BigInt(state.n)];
  const scale = Math.max(squares.scale, sum.scale * 2);
  const numerator = n * atScale(squares, scale) - atScale(multiplyDecimals(sum, sum), scale);
  return [numerator, n * (n - 1n) * pow10(scale)];
}

function moments(skip: () => void, result: (numerator: bigint, denominator: bigint) => number): Accumulator<Moments> {
  const take = (state: Moments, value: unknown, sign: 1 | -1) => {
    if (value === null || value === undefined || addMoment(state, value, sign)) return state;
    if (sign === 1 && !isNothing(value)) skip();
    return state;
  };
  return {
    create: () => ({ n: 0, sum: new DecimalSum(), squares: new DecimalSum(), places: 0, smallSquares: 0 }),
    add: (state, value) => take(state, value, 1),
    remove: (state, value) => take(state, value, -1),
    merge: (into, from) => {
      flushSquares(from);
      into.n += from.n;
      into.sum.merge(from.sum);
      into.squares.merge(from.squares);
      return into;
    },
    result: (state) => (state.n < 2 ? null : result(...variance(state))),
    save: (state) => {
      flushSquares(state);
      return [state.n, state.sum.save(), state.squares.save()];
    },
    load: (saved) => {
      const [n, sum, squares] = saved as [number, [string, number], [string, number]];
      return { n, sum: DecimalSum.load(sum), squares: DecimalSum.load(squares), places: 0, smallSquares: 0 };
    },
  };
}

const one = { min: 1, max: 1, columns: ['exact'] } as const;

export const NUMBER_AGGREGATES: readonly AggregateDefinition[] = [
  {
    name: 'count',
    usage: 'count(x?)',
    min: 0,
    max: 1,
    help: 'rows, or values of x that are neither null nor missing',
    example: { call: 'count(x)', result: 3 },
    columns: ['exact'],
    create: () => opaque(COUNT_VALUES),
  },
  {
    name: 'count_if',
    usage: 'count_if(condition)',
    min: 1,
    max: 1,
    help: 'rows for which the condition holds',
    example: { call: 'count_if(c)', result: 2 },
    columns: [],
    create: () => opaque(COUNT_ROWS),
  },
  {
    ...one,
    name: 'sum',
    usage: 'sum(x)',
    help: 'the sum of the numbers as they are written: exact, printed with up to 38 digits',
    example: { call: 'sum(x)', result: 6 },
    create: (_, skip) => opaque(totals(skip, ({ sum }) => sum.print())),
  },
  {
    ...one,
    name: 'avg',
    usage: 'avg(x)',
    help: 'the mean: the nearest double to the exact quotient',
    example: { call: 'avg(x)', result: 2 },
    create: (_, skip) => opaque(totals(skip, ({ n, sum }) => average(sum.total(), n))),
  },
  {
    ...one,
    name: 'var',
    usage: 'var(x)',
    help: "the sample's variance, rounded once; null of fewer than two numbers",
    example: { call: 'var(x)', result: 1 },
    create: (_, skip) => opaque(moments(skip, divideToNumber)),
  },
  {
    ...one,
    name: 'stddev',
    usage: 'stddev(x)',
    help: "the sample's standard deviation, rounded once; null of fewer than two numbers",
    example: { call: 'stddev(x)', result: 1 },
    create: (_, skip) => opaque(moments(skip, rootToNumber)),
  },
];
