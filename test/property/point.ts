// in: nothing
// out: what is known of the records at one place of a pipeline that is being made

import type { Fields, Type } from './expressions.ts';
import type { Random } from './random.ts';
import type { Clock } from './records.ts';

/** What is known of the records at one place. */
export interface Point {
  readonly random: Random;
  readonly clock: Clock;
  readonly timed: boolean;
  readonly windowed: boolean;
  readonly fields: Fields;
  /** late files and tees so far */
  readonly files: number;
  /** fields that rows have for the `key-by` before */
  readonly keyBy: [string, Type][] | undefined;
  /** options of the job, which second inputs inherit */
  readonly job: readonly string[];
  /** texts of pipelines that are to be files, by name */
  readonly texts: Map<string, string>;
  /** how many joins stand around */
  readonly depth: number;
}

export interface Step {
  readonly words: readonly string[];
  readonly then: Partial<Point>;
}

export type Make = (point: Point) => Step;

export const SOURCE: Fields = new Map<string, Type>([
  ['ts', 'time'],
  ['k', 'any'],
  ['x', 'number'],
  ['y', 'number'],
  ['s', 'text'],
  ['o', 'object'],
  ['list', 'list'],
]);
export const BOUNDS: [string, Type][] = [
  ['window_start', 'time'],
  ['window_end', 'time'],
];

/** A length of so many steps of the clock. */
export function length(point: Point, ...factors: number[]): string {
  const ms = point.random.pick(factors) * point.clock.step;
  return ms % 1000 === 0 && ms > 0 ? `${ms / 1000}s` : `${ms}ms`;
}
