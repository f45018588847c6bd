// in: rows of a group, in the order of the stage `over`
// out: lag, row_number, and the row's own fields, which `over` may use beside aggregates

import { type Accumulator, type AggregateDefinition, opaque } from './definition.ts';
import { loadValue, saveValue } from './choices.ts';
import { COUNT_ROWS } from './numbers.ts';

/** The value of the row that was taken last, whatever it is. */
export const CURRENT: Accumulator<{ value: unknown }> = {
  create: () => ({ value: undefined }),
  add: (state, value) => {
    state.value = value;
    return state;
  },
  merge: (_, from) => from,
  result: ({ value }) => value,
  save: ({ value }) => saveValue(value),
  load: (saved) => ({ value: loadValue(saved) }),
};

/** The last n + 1 values; null stands for null and missing. */
function lag(n: number, instead: unknown): Accumulator<unknown[]> {
  const cut = (list: unknown[]) => {
    if (list.length > n + 1) list.splice(0, list.length - n - 1);
    return list;
  };
  return {
    create: () => [],
    add: (list, value) => {
      list.push(value ?? null);
      return cut(list);
    },
    merge: (into, from) => cut(into.concat(from)),
    result: (list) => (list.length > n ? list[0] : instead),
    save: (list) => list.map(saveValue),
    load: (saved) => (saved as string[]).map(loadValue),
  };
}

export const OVER_AGGREGATES: readonly AggregateDefinition[] = [
  {
    name: 'lag',
    usage: 'lag(x, n?, default?)',
    min: 1,
    max: 3,
    help: 'x of the row n (1) rows before; the default (null) where there is none',
    example: { call: 'lag(x, 2)', result: 1 },
    columns: ['literal'],
    over: true,
    checkParameter: (value, index) => {
      if (value === undefined) return 'the arguments behind the first are constants';
      return index > 0 || (Number.isInteger(value) && Number(value) >= 0) ? undefined : 'the second argument is a number of rows, such as 1';
    },
    create: ([n = 1, instead = null]) => opaque(lag(Number(n), instead)),
  },
  {
    name: 'row_number',
    usage: 'row_number()',
    min: 0,
    max: 0,
    help: 'how many rows there were, with this one',
    example: { call: 'row_number()', result: 4 },
    columns: [],
    over: true,
    create: () => opaque(COUNT_ROWS),
  },
];
