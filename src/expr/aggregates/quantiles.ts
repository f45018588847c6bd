// in: numbers of a group
// out: quantiles: exact ones of all the numbers, approximate ones of a sketch

import { unwrap } from '../../model/token.ts';
import { isNothing } from '../order.ts';
import { type Accumulator, type AggregateDefinition, opaque } from './definition.ts';

/** A list of doubles that grows. */
class Numbers {
  private array = new Float64Array(4);
  length = 0;

  push(value: number): void {
    if (this.length === this.array.length) this.reserve(this.length * 2);
    this.array[this.length++] = value;
  }

  append(other: Float64Array): void {
    if (this.length + other.length > this.array.length) this.reserve(Math.max(this.array.length * 2, this.length + other.length));
    this.array.set(other, this.length);
    this.length += other.length;
  }

  view(): Float64Array {
    return this.array.subarray(0, this.length);
  }

  private reserve(length: number): void {
    const larger = new Float64Array(length);
    larger.set(this.view());
    this.array = larger;
  }
}

/** The q-quantile between order statistics, linearly interpolated (R's type 7, DuckDB's quantile_cont). */
export function quantileOf(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
  return a === b || at === low ? a : a + (b - a) * (at - low);
}

/** The number of a value; NaN if it is none, which is said to `skip` unless it is null. */
function numberOf(value: unknown, skip: () => void): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const plain = unwrap(value);
  if (typeof plain === 'number' && Number.isFinite(plain)) return plain;
  if (!isNothing(value)) skip();
  return Number.NaN;
}

function quantile(q: number, skip: () => void): Accumulator<Numbers> {
  return {
    create: () => new Numbers(),
    add: (state, value) => {
      const number = numberOf(value, skip);
      if (!Number.isNaN(number)) state.push(number);
      return state;
    },
    merge: (into, from) => {
      into.append(from.view());
      return into;
    },
    // sorting in place changes nothing that anyone can see, and sorts faster the next time
    result: (state) => (state.length === 0 ? null : quantileOf(state.view().sort(), q) + 0),
    save: (state) => [...state.view()],
    load: (saved) => {
      const numbers = new Numbers();
      numbers.append(Float64Array.from(saved as number[]));
      return numbers;
    },
  };
}

/** Values are off by at most this part of themselves. */
const ACCURACY = 0.01;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);

/**
 * Counts by logarithmic buckets (DDSketch: Masson, Rim and Lee, VLDB 2019), without its limit of their number, so that sketches of parts
 * merge to exactly the sketch of the whole. Bucket k holds values in (γ^(k-1), γ^k]; negative values have buckets of their own.
 */
interface Sketch {
  n: number;
  zeros: number;
  min: number;
  max: number;
  above: Map<number, number>;
  below: Map<number, number>;
}

const bucket = (size: number) => Math.ceil(Math.log(size) / LOG_GAMMA);
const middle = (k: number) => (2 * Math.exp(k * LOG_GAMMA)) / (GAMMA + 1);
const count = (buckets: Map<number, number>, k: number, n: number) => buckets.set(k, (buckets.get(k) ?? 0) + n);

function addToSketch(sketch: Sketch, value: number): void {
  sketch.n++;
  if (value < sketch.min) sketch.min = value;
  if (value > sketch.max) sketch.max = value;
  if (value === 0) sketch.zeros++;
  else count(value > 0 ? sketch.above : sketch.below, bucket(Math.abs(value)), 1);
}

function mergeSketches(into: Sketch, from: Sketch): Sketch {
  into.n += from.n;
  into.zeros += from.zeros;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  for (const [k, n] of from.above) count(into.above, k, n);
  for (const [k, n] of from.below) count(into.below, k, n);
  return into;
}

/** The middle of the bucket that holds the value of rank ⌊q·(n − 1)⌋. */
function sketchQuantile(sketch: Sketch, q: number): number {
  let left = Math.floor(q * (sketch.n - 1));
  if (left === 0) return sketch.min;
  if (left === sketch.n - 1) return sketch.max;
  const within = (value: number) => Math.min(Math.max(value, sketch.min), sketch.max);
  for (const [k, n] of [...sketch.below].sort((a, b) => b[0] - a[0])) if ((left -= n) < 0) return within(-middle(k));
  if ((left -= sketch.zeros) < 0) return 0;
  for (const [k, n] of [...sketch.above].sort((a, b) => a[0] - b[0])) if ((left -= n) < 0) return within(middle(k));
  return sketch.max;
}

function approximate(q: number, skip: () => void): Accumulator<Sketch> {
  return {
    create: () => ({ n: 0, zeros: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, above: new Map(), below: new Map() }),
    add: (sketch, value) => {
      const number = numberOf(value, skip);
      if (!Number.isNaN(number)) addToSketch(sketch, number);
      return sketch;
    },
    merge: mergeSketches,
    result: (sketch) => (sketch.n === 0 ? null : sketchQuantile(sketch, q) + 0),
    save: ({ n, zeros, min, max, above, below }) => (n === 0 ? null : [n, zeros, min, max, [...above], [...below]]),
    load: (saved) => {
      if (saved === null) return approximate(q, skip).create();
      const [n, zeros, min, max, above, below] = saved as [number, number, number, number, [number, number][], [number, number][]];
      return { n, zeros, min, max, above: new Map(above), below: new Map(below) };
    },
  };
}

function checkParameter(q: unknown): string | undefined {
  return typeof q === 'number' && q >= 0 && q <= 1 ? undefined : 'the second argument is a number from 0 to 1, such as 0.99';
}

const withQ = { min: 2, max: 2, columns: ['exact'], checkParameter } as const;

export const QUANTILE_AGGREGATES: readonly AggregateDefinition[] = [
  {
    name: 'median',
    usage: 'median(x)',
    min: 1,
    max: 1,
    help: 'the middle of the numbers, or the mean of the two in the middle',
    example: { call: 'median(x)', result: 2 },
    columns: ['exact'],
    create: (_, skip) => opaque(quantile(0.5, skip)),
  },
  {
    ...withQ,
    name: 'quantile',
    usage: 'quantile(x, q)',
    help: 'the number below which the part q (0 to 1) of the numbers lies, interpolated linearly; keeps all numbers of the group',
    example: { call: 'quantile(x, 0.75)', result: 2.5 },
    create: ([q], skip) => opaque(quantile(q as number, skip)),
  },
  {
    ...withQ,
    name: 'approx_quantile',
    usage: 'approx_quantile(x, q)',
    help: 'such a number within 1 % of itself, in little memory',
    example: { call: 'approx_quantile(x, 1)', result: 3 },
    create: ([q], skip) => opaque(approximate(q as number, skip)),
  },
];
