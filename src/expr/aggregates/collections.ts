// in: values of a group, in input order
// out: all of them, or the different ones: collect, collect_set, count_distinct

import { JsonText } from '../../model/token.ts';
import { canonicalKey, jsonBytes } from '../canonical.ts';
import { isNothing } from '../order.ts';
import { type Accumulator, type AggregateDefinition, opaque } from './definition.ts';

const arrayOf = (elements: Iterable<string>) => new JsonText(`[${[...elements].join(',')}]`);

/** Values as JSON text, so that their literals stay. */
const COLLECT: Accumulator<string[]> = {
  create: () => [],
  add: (list, value) => {
    if (!isNothing(value)) list.push(jsonBytes(value));
    return list;
  },
  merge: (into, from) => {
    for (const text of from) into.push(text);
    return into;
  },
  result: arrayOf,
  save: (list) => list.slice(),
  load: (saved) => (saved as string[]).slice(),
};

/** The first spelling of each value by its key. */
const COLLECT_SET: Accumulator<Map<string, string>> = {
  create: () => new Map(),
  add: (set, value) => {
    if (isNothing(value)) return set;
    const key = canonicalKey(value);
    if (!set.has(key)) set.set(key, jsonBytes(value));
    return set;
  },
  merge: (into, from) => {
    for (const [key, text] of from) if (!into.has(key)) into.set(key, text);
    return into;
  },
  result: (set) => arrayOf(set.values()),
  save: (set) => [...set.values()],
  load: (saved) => new Map((saved as string[]).map((text) => [canonicalKey(new JsonText(text)), text])),
};

/** Different values: strings and numbers as they are, which a Set tells apart as keys do, and the rest by canonical JSON. */
interface Different {
  readonly plain: Set<unknown>;
  readonly others: Set<string>;
}

function addDifferent(state: Different, value: unknown): Different {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) state.plain.add(value);
  else if (!isNothing(value)) addCanonical(state, canonicalKey(value));
  return state;
}

function addCanonical(state: Different, key: string): void {
  if (key.startsWith('"')) state.plain.add(JSON.parse(key));
  else if (String(Number(key)) === key) state.plain.add(Number(key));
  else state.others.add(key);
}

const COUNT_DISTINCT: Accumulator<Different> = {
  create: () => ({ plain: new Set(), others: new Set() }),
  add: addDifferent,
  merge: (into, from) => {
    for (const value of from.plain) into.plain.add(value);
    for (const key of from.others) into.others.add(key);
    return into;
  },
  result: ({ plain, others }) => plain.size + others.size,
  save: ({ plain, others }) => [[...plain], [...others]],
  load: (saved) => {
    const [plain, others] = saved as [unknown[], string[]];
    return { plain: new Set(plain), others: new Set(others) };
  },
};

const one = { min: 1, max: 1 } as const;

export const COLLECTION_AGGREGATES: readonly AggregateDefinition[] = [
  {
    ...one,
    name: 'count_distinct',
    usage: 'count_distinct(x)',
    help: 'different values: 1 and 1.0 are the same, 1 and "1" are not',
    example: { call: 'count_distinct(x)', result: 3 },
    columns: ['exact'],
    create: () => opaque(COUNT_DISTINCT),
  },
  {
    ...one,
    name: 'collect',
    usage: 'collect(x)',
    help: 'an array of the values in input order, as they are written',
    example: { call: 'collect(x)', result: [3, 1, 2] },
    columns: ['literal'],
    create: () => opaque(COLLECT),
  },
  {
    ...one,
    name: 'collect_set',
    usage: 'collect_set(x)',
    help: 'an array of the different values in the order of their first coming',
    example: { call: 'collect_set(x)', result: [3, 1, 2] },
    columns: ['literal'],
    create: () => opaque(COLLECT_SET),
  },
];
