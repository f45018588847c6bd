// in: values of a group, in input order
// out: one of them: min, max, first, last, arg_min, arg_max

import { encodeBytes, JsonText, unwrap } from '../../model/token.ts';
import { canonicalJson, jsonBytes } from '../canonical.ts';
import { compareValues, isNothing, isNumber } from '../order.ts';
import { type Accumulator, type AggregateDefinition, opaque } from './definition.ts';

/** A value as it is saved: its JSON text, null for none. */
export const saveValue = (value: unknown): string | null => (value === undefined ? null : jsonBytes(value));
export const loadValue = (saved: unknown): unknown => (saved === null ? undefined : saved === 'null' ? null : new JsonText(saved as string));

/** A value in one form, so that it does not matter which of several equal ones was kept: numbers and objects as canonical JSON. */
function normalised(value: unknown): unknown {
  if (isNumber(value)) return typeof value === 'number' ? value + 0 : asNumber(canonicalJson(value));
  const plain = unwrap(value);
  return typeof plain === 'object' && plain !== null ? new JsonText(encodeBytes(canonicalJson(value))) : plain;
}

/** A number's canonical text: a number if it prints so. */
function asNumber(text: string): unknown {
  return String(Number(text)) === text ? Number(text) : new JsonText(text);
}

/** The least (sign 1) or greatest (sign -1) value in key order. */
function extreme(sign: 1 | -1): Accumulator<{ best: unknown }> {
  const take = (state: { best: unknown }, value: unknown) => {
    if (isNothing(value)) return state;
    if (state.best === undefined || compareValues(value, state.best) * sign < 0) state.best = value;
    return state;
  };
  return {
    create: () => ({ best: undefined }),
    add: take,
    merge: (into, from) => take(into, from.best),
    result: ({ best }) => (best === undefined ? null : normalised(best)),
    save: ({ best }) => saveValue(best),
    load: (saved) => ({ best: loadValue(saved) }),
  };
}

/** The first value. */
const FIRST: Accumulator<{ value: unknown }> = {
  create: () => ({ value: undefined }),
  add: (state, value) => {
    if (state.value === undefined && !isNothing(value)) state.value = value;
    return state;
  },
  merge: (into, from) => (into.value === undefined ? from : into),
  result: ({ value }) => value ?? null,
  save: ({ value }) => saveValue(value),
  load: (saved) => ({ value: loadValue(saved) }),
};

/** The last value. */
const LAST: Accumulator<{ value: unknown }> = {
  ...FIRST,
  add: (state, value) => {
    if (!isNothing(value)) state.value = value;
    return state;
  },
  merge: (into, from) => (from.value === undefined ? into : from),
};

/** x of the row whose `by` is the least (sign 1) or greatest; of several the first. */
interface Best {
  x: unknown;
  by: unknown;
}

function argument(sign: 1 | -1): Accumulator<Best> {
  const take = (state: Best, x: unknown, by: unknown) => {
    if (isNothing(x) || isNothing(by) || (state.by !== undefined && compareValues(by, state.by) * sign >= 0)) return state;
    state.x = x;
    state.by = by;
    return state;
  };
  return {
    create: () => ({ x: undefined, by: undefined }),
    add: take,
    merge: (into, from) => take(into, from.x, from.by),
    result: ({ x }) => x ?? null,
    save: ({ x, by }) => [saveValue(x), saveValue(by)],
    load: (saved) => {
      const [x, by] = saved as [string | null, string | null];
      return { x: loadValue(x), by: loadValue(by) };
    },
  };
}

const one = { min: 1, max: 1 } as const;
const two = { min: 2, max: 2, columns: ['literal', 'exact'] } as const;

export const CHOICE_AGGREGATES: readonly AggregateDefinition[] = [
  {
    ...one,
    name: 'min',
    usage: 'min(x)',
    help: 'the least value; numbers come before strings, and numbers are compared exactly',
    example: { call: 'min(x)', result: 1 },
    columns: ['exact'],
    create: () => opaque(extreme(1)),
  },
  {
    ...one,
    name: 'max',
    usage: 'max(x)',
    help: 'the greatest value; strings come after numbers, and numbers are compared exactly',
    example: { call: 'max(x)', result: 3 },
    columns: ['exact'],
    create: () => opaque(extreme(-1)),
  },
  {
    ...one,
    name: 'first',
    usage: 'first(x)',
    help: 'the first value in input order, as it is written',
    example: { call: 'first(x)', result: 3 },
    columns: ['literal'],
    create: () => opaque(FIRST),
  },
  {
    ...one,
    name: 'last',
    usage: 'last(x)',
    help: 'the last value in input order, as it is written',
    example: { call: 'last(x)', result: 2 },
    columns: ['literal'],
    create: () => opaque(LAST),
  },
  {
    ...two,
    name: 'arg_min',
    usage: 'arg_min(x, by)',
    help: 'x of the row with the least `by`; of several the first; rows without `by` or x do not count',
    example: { call: 'arg_min(x, by)', result: 3 },
    create: () => opaque(argument(1)),
  },
  {
    ...two,
    name: 'arg_max',
    usage: 'arg_max(x, by)',
    help: 'x of the row with the greatest `by`; of several the first; rows without `by` or x do not count',
    example: { call: 'arg_max(x, by)', result: 2 },
    create: () => opaque(argument(-1)),
  },
];
