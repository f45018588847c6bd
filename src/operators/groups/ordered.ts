// in: aggregate calls whose result depends on the order of input, for stages that add up parts of a window apart
// out: the same calls with states that know when their rows came, so that parts can be put together in the order of input

import type { AggregateCall } from '../../expr/aggregates/call.ts';
import type { Accumulator } from '../../expr/aggregates/definition.ts';
import { jsonBytes } from '../../expr/canonical.ts';
import { isNothing } from '../../expr/order.ts';
import { JsonText } from '../../model/token.ts';

/** The time of a state that no row has changed. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** One value decides, and when it came. */
interface Dated {
  state: unknown;
  /** how many rows had come when the state last changed */
  at: number;
}

/** All values, and when they came. */
type DatedList = [at: number, value: unknown][];

/** Calls that keep the order of input when states of parts are merged. */
export function inOrder(calls: readonly AggregateCall[]): AggregateCall[] {
  return calls.map((call) => {
    if (call.fn === 'collect' || call.fn === 'collect_set') return { ...call, accumulator: listed(call.accumulator) as Accumulator };
    if (call.fn === 'first' || call.fn === 'last' || call.fn === 'arg_min' || call.fn === 'arg_max') return { ...call, accumulator: dated(call) as Accumulator };
    return call;
  });
}

/** Of equally good values the one that came first is kept (or, of `last`, the latest). */
function dated({ fn, accumulator: inner }: AggregateCall): Accumulator<Dated> {
  let rows = 0;
  const isChosen = (value: unknown, before: unknown, after: unknown) => (fn === 'last' ? !isNothing(value) : before !== after);
  return {
    create: () => ({ state: inner.create(), at: NEVER }),
    add(dated, value, by) {
      rows++;
      const before = mark(fn, dated.state);
      dated.state = inner.add(dated.state, value, by);
      if (isChosen(value, before, mark(fn, dated.state))) dated.at = rows;
      return dated;
    },
    merge(into, from) {
      const [a, b] = into.at <= from.at || into.at === NEVER ? [into, from] : [from, into];
      const before = mark(fn, a.state);
      const state = inner.merge(a.state, b.state);
      return { state, at: fn === 'last' ? lastOf(a.at, b.at) : mark(fn, state) === before ? a.at : b.at };
    },
    result: ({ state }) => inner.result(state),
    save: ({ state, at }) => [inner.save(state), at],
    load: (saved) => {
      const [state, at] = saved as [unknown, number];
      // What comes from here on has come later.
      if (at !== NEVER) rows = Math.max(rows, at);
      return { state: inner.load(state), at };
    },
  };
}

const lastOf = (a: number, b: number) => (a === NEVER ? b : b === NEVER ? a : Math.max(a, b));

/** What tells one chosen value from another, which is better and so not the same: of arg_min and arg_max the value that decides. */
function mark(fn: string, state: unknown): unknown {
  const { value, by } = state as { value?: unknown; by?: unknown };
  return fn === 'first' || fn === 'last' ? value : by;
}

/** Values are taken anew, in their order, whenever a result is wanted. */
function listed(inner: Accumulator): Accumulator<DatedList> {
  let rows = 0;
  return {
    create: () => [],
    add(list, value) {
      list.push([++rows, value]);
      return list;
    },
    merge: (into, from) => [...into, ...from].sort(([a], [b]) => a - b),
    result: (list) => inner.result(list.reduce((state, [, value]) => inner.add(state, value, undefined), inner.create())),
    save: (list) => list.map(([at, value]) => [at, value === undefined ? null : jsonBytes(value)]),
    load: (saved) =>
      (saved as [number, string | null][]).map(([at, text]) => {
        rows = Math.max(rows, at);
        return [at, text === null ? undefined : new JsonText(text)];
      }),
  };
}
