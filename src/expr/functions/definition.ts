// in: nothing
// out: what a function of the row is, for the code generator, the checks, help and tests

import type { Kind } from '../source.ts';

/** A constant argument cannot be right. */
export class ArgumentError extends Error {
  constructor(
    message: string,
    /** which argument, from 0 */
    readonly index: number,
  ) {
    super(message);
  }
}

/** What is known when an expression is compiled. */
export interface FunctionContext {
  /** IANA zone of times that have none */
  readonly zone: string;
  /** arguments that are the same for every row (strings, numbers, booleans, regular expressions); `undefined` for the others */
  readonly constants: readonly unknown[];
}

/** An expression that can be tried as it stands, on a record `{}` with event time 1000 and watermark 999. */
export interface FunctionExample {
  readonly expression: string;
  /** its value; `undefined`: the field is left out */
  readonly result: unknown;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly group: 'time' | 'text' | 'number' | 'value';
  /** how it is called, such as `round(x, digits?)` */
  readonly usage: string;
  readonly min: number;
  readonly max: number;
  /** one sentence, no full stop */
  readonly help: string;
  readonly example: FunctionExample;
  /** what its result always is; none: it may be null or missing */
  readonly kind?: Kind;
  /** the argument that may be a regular expression */
  readonly pattern?: number;
  /** fields come with their literals (`JsonText`) */
  readonly literals?: boolean;
  /** Makes the function; it must never throw. Throws ArgumentError if a constant argument cannot be right. */
  create(context: FunctionContext): (...args: unknown[]) => unknown;
}

/** A line of a table of functions: its name is the key, its example a pair of expression and value. */
export type FunctionEntry = Omit<FunctionDefinition, 'name' | 'group' | 'example'> & { readonly example: readonly [string, unknown] };

/** The functions of one group. */
export function define(group: FunctionDefinition['group'], entries: Readonly<Record<string, FunctionEntry>>): FunctionDefinition[] {
  return Object.entries(entries).map(([name, { example, ...entry }]) => ({
    name,
    group,
    ...entry,
    example: { expression: example[0], result: example[1] },
  }));
}
