// in: a plan of aggregates, and batches
// out: states of groups, kept by the accumulators of each call

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { CompiledFlags, CompiledValue } from '../compile.ts';
import type { AggregateCall, AggregateArgument } from './call.ts';
import type { AggregatePlan } from './plan.ts';

/** The states of all calls for one group. */
export type GroupState = unknown[];

/** A column that calls share: evaluated once per batch. */
interface Shared {
  readonly compiled: CompiledValue;
  readonly values: unknown[];
}

interface Feed {
  readonly call: AggregateCall;
  readonly value: unknown[];
  readonly by: unknown[];
  readonly where?: { readonly compiled: CompiledFlags; readonly flags: Uint8Array };
}

const NO_VALUES: unknown[] = [];

/** Feeds groups with the rows of batches: `evaluate` first, then `add` for each row. */
export class AggregateStates {
  private readonly columns = new Map<string, Shared>();
  private readonly feeds: readonly Feed[];

  constructor(
    private readonly plan: AggregatePlan,
    calls: readonly AggregateCall[] = plan.calls,
  ) {
    this.feeds = calls.map((call) => this.feed(call));
  }

  private feed(call: AggregateCall): Feed {
    const [value, by] = call.args.map((argument) => this.column(argument).values);
    const where = call.where && { compiled: call.where, flags: new Uint8Array(MAX_ROWS) };
    return { call, value: value ?? NO_VALUES, by: by ?? NO_VALUES, where };
  }

  private column({ expr, mode, values }: AggregateArgument): Shared {
    const id = `${mode} ${expr.text.slice(expr.node.start, expr.node.end)}`;
    const shared = this.columns.get(id) ?? { compiled: values, values: new Array<unknown>(MAX_ROWS).fill(undefined) };
    this.columns.set(id, shared);
    return shared;
  }

  /** Makes the arguments of the batch's selected rows ready for `add`. */
  evaluate(batch: Batch): void {
    for (const { compiled, values } of this.columns.values()) compiled.evaluate(batch, values);
    for (const { where } of this.feeds) where?.compiled.evaluate(batch, where.flags);
  }

  create(): GroupState {
    return this.feeds.map(({ call }) => call.accumulator.create());
  }

  /** Takes row `r` of the evaluated batch in. */
  add(states: GroupState, r: number): void {
    for (let i = 0; i < this.feeds.length; i++) {
      const { call, value, by, where } = this.feeds[i]!;
      if (where === undefined || where.flags[r] === 1) states[i] = call.accumulator.add(states[i], value[r], by[r]);
    }
  }

  /** Takes the rows of `from` in, which come behind those of `into`; `from` may not be used any more. */
  merge(into: GroupState, from: GroupState): void {
    this.feeds.forEach(({ call }, i) => {
      into[i] = call.accumulator.merge(into[i], from[i]);
    });
  }

  /** The results of the calls, for `plan.finish`. */
  results(states: GroupState): unknown[] {
    return this.feeds.map(({ call }, i) => call.accumulator.result(states[i]));
  }

  /** The output's values, for the plan's own calls. */
  finish(states: GroupState, keys: readonly unknown[], windowStart = Number.NaN, windowEnd = Number.NaN): unknown[] {
    return this.plan.finish(this.results(states), keys, windowStart, windowEnd);
  }

  /** The states as plain JSON. */
  save(states: GroupState): unknown[] {
    return this.feeds.map(({ call }, i) => call.accumulator.save(states[i]));
  }

  load(saved: readonly unknown[]): GroupState {
    return this.feeds.map(({ call }, i) => call.accumulator.load(saved[i]));
  }
}
