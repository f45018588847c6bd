// in: the rows of one key, in order
// out: for each row the aggregates over its frame: itself and some rows before it

import type { AggregatePlan } from '../../expr/aggregates/plan.ts';
import { jsonBytes } from '../../expr/canonical.ts';
import type { StateValue } from '../../model/state.ts';
import { JsonText } from '../../model/token.ts';
import type { Kept } from '../../state/keyed-state.ts';

/** What the rows of a frame are: so many before, or those of so much event time. */
export interface FrameExtent {
  readonly rows: number;
  /** ms; undefined: rows count */
  readonly range: number | undefined;
}

/** A row's arguments, by call; undefined: `.where` leaves the row out. */
export type Inputs = readonly ({ readonly value: unknown; readonly by: unknown } | undefined)[];

/** Arguments as plain data, and back. */
export const saveInputs = (inputs: Inputs): StateValue => inputs.map((input) => (input ? [saveArgument(input.value), saveArgument(input.by)] : null));
export const loadInputs = (saved: StateValue): Inputs =>
  (saved as ([StateValue, StateValue] | null)[]).map((input) => (input ? { value: loadArgument(input[0]), by: loadArgument(input[1]) } : undefined));

/** Primitive values are plain, JSON text gets a mark, and so does a missing value. */
function saveArgument(value: unknown): StateValue {
  if (value === undefined) return {};
  return typeof value === 'object' && value !== null ? { json: jsonBytes(value) } : value;
}

function loadArgument(saved: StateValue): unknown {
  if (typeof saved !== 'object' || saved === null) return saved;
  const { json } = saved as { json?: string };
  return json === undefined ? undefined : new JsonText(json);
}

export interface FrameRow {
  readonly time: number;
  readonly inputs: Inputs;
}

/** The frame of one key moves along with its rows. */
export class Frame implements Kept {
  version = 0;
  private readonly states: unknown[];
  /** rows in the frame, where some of them will have to leave it */
  private rows: FrameRow[] = [];
  private readonly isMoving: boolean;

  constructor(
    private readonly plan: AggregatePlan,
    private readonly extent: FrameExtent,
  ) {
    this.states = plan.calls.map((call) => call.accumulator.create());
    this.isMoving = extent.range !== undefined || extent.rows < Number.POSITIVE_INFINITY;
  }

  /** Takes rows that see each other; returns the values of the outputs for each. */
  take(rows: readonly FrameRow[]): readonly unknown[][] {
    for (const row of rows) this.enter(row);
    this.leave(rows[0]!.time);
    return rows.map((row) => {
      this.plan.calls.forEach((call, i) => {
        if (!call.framed) this.addTo(i, row);
      });
      return this.plan.finish(this.results(), [], Number.NaN, Number.NaN);
    });
  }

  private addTo(call: number, { inputs }: FrameRow): void {
    const input = inputs[call];
    if (input) this.states[call] = this.plan.calls[call]!.accumulator.add(this.states[call], input.value, input.by);
  }

  private enter(row: FrameRow): void {
    this.plan.calls.forEach((call, i) => {
      if (call.framed) this.addTo(i, row);
    });
    if (this.isMoving) this.rows.push(row);
  }

  /** Rows too far back leave. */
  private leave(time: number): void {
    const { rows, range } = this.extent;
    let n = 0;
    if (range === undefined) n = Math.max(0, this.rows.length - rows - 1);
    else while (this.rows[n]!.time < time - range) n++;
    if (n === 0 || !this.isMoving) return;
    const gone = this.rows.splice(0, n);
    this.plan.calls.forEach((call, i) => {
      if (call.framed) this.takeOut(i, gone);
    });
  }

  /** Where an aggregate cannot forget a row exactly, what is left is added up anew. */
  private takeOut(call: number, gone: readonly FrameRow[]): void {
    const { accumulator } = this.plan.calls[call]!;
    if (!accumulator.remove) {
      this.states[call] = accumulator.create();
      for (const row of this.rows) this.addTo(call, row);
      return;
    }
    for (const { inputs } of gone) {
      const input = inputs[call];
      if (input) this.states[call] = accumulator.remove(this.states[call], input.value, input.by);
    }
  }

  save(): StateValue {
    const states = this.plan.calls.map((call, i) => call.accumulator.save(this.states[i]));
    return { states, rows: this.rows.map(({ time, inputs }) => [time, saveInputs(inputs)]) };
  }

  /** The frame that `save` was given. */
  load(saved: StateValue): this {
    const { states, rows } = saved as { states: StateValue[]; rows: [number, StateValue][] };
    states.forEach((state, i) => {
      this.states[i] = this.plan.calls[i]!.accumulator.load(state);
    });
    this.rows = rows.map(([time, inputs]) => ({ time, inputs: loadInputs(inputs) }));
    return this;
  }

  private results(): unknown[] {
    return this.plan.calls.map((call, i) => call.accumulator.result(this.states[i]));
  }
}
