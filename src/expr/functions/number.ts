// in: numbers
// out: the functions of numbers; what is no number gives undefined

import { isNothing, compareValues } from '../order.ts';
import { roundDecimal } from '../round.ts';
import { define, type FunctionDefinition, type FunctionEntry } from './definition.ts';

type Result = (...args: unknown[]) => unknown;

const ofNumber = (f: (x: number) => number) => (): Result => (x) => (typeof x === 'number' ? f(x) : undefined);

function round(x: unknown, places: unknown = 0): unknown {
  return typeof x === 'number' && typeof places === 'number' ? roundDecimal(x, places) : undefined;
}

/** The least (sign 1) or greatest (sign -1) of what is there, in key order. */
const extreme = (sign: 1 | -1) => (): Result => {
  return (...values) => {
    let best: unknown = null;
    for (const value of values) {
      if (!isNothing(value) && (best === null || compareValues(value, best) * sign < 0)) best = value;
    }
    return best;
  };
};

const ENTRIES: Readonly<Record<string, FunctionEntry>> = {
  abs: { usage: 'abs(x)', min: 1, max: 1, help: 'a number without its sign', example: ['abs(-3.5)', 3.5], create: ofNumber(Math.abs) },
  round: {
    usage: 'round(x, digits?)',
    min: 1,
    max: 2,
    help: 'the nearest number with so many digits behind the point (0), halves away from zero, as the number is written',
    example: ['round(1.005, 2)', 1.01],
    create: () => round,
  },
  floor: { usage: 'floor(x)', min: 1, max: 1, help: 'the integer at or below a number', example: ['floor(-1.5)', -2], create: ofNumber(Math.floor) },
  ceil: { usage: 'ceil(x)', min: 1, max: 1, help: 'the integer at or above a number', example: ['ceil(1.2)', 2], create: ofNumber(Math.ceil) },
  min_of: {
    usage: 'min_of(a, b, …)',
    min: 1,
    max: Number.POSITIVE_INFINITY,
    help: 'the least of several values, nulls left aside; numbers come before strings',
    example: ['min_of(3, null, 2)', 2],
    create: extreme(1),
  },
  max_of: {
    usage: 'max_of(a, b, …)',
    min: 1,
    max: Number.POSITIVE_INFINITY,
    help: 'the greatest of several values, nulls left aside; strings come after numbers',
    example: ['max_of(3, null, 2)', 3],
    create: extreme(-1),
  },
};

export const NUMBER_FUNCTIONS: readonly FunctionDefinition[] = define('number', ENTRIES);
