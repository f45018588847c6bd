// in: nothing
// out: what an aggregate is: how it is called, and how its state is kept

/** Does the work of one aggregate call. A state belongs to one group; the functions may change the one they are given. */
export interface Accumulator<S = unknown> {
  create(): S;
  /**
   * Takes a row in, and gives the state that is to be kept on. `value` and `by` are the arguments as their columns hold them;
   * null and missing are skipped here. Rows come in input order.
   */
  add(state: S, value: unknown, by: unknown): S;
  /** Takes all rows of `from` in, which come behind those of `into` in input order. `from` may not be used any more. */
  merge(into: S, from: S): S;
  /** The result so far: a JavaScript value, or JsonText. Changes nothing that later rows or results depend on. */
  result(state: S): unknown;
  /** The state as plain JSON. */
  save(state: S): unknown;
  /** The state that `save` was given, as if nothing had happened. */
  load(saved: unknown): S;
  /** Takes out a row that was taken in, for frames that move along; where that is possible exactly. */
  remove?(state: S, value: unknown, by: unknown): S;
}

/** How an argument's column is made: exact numbers and decoded strings, or literals as they are to be printed again. */
export type ArgumentMode = 'exact' | 'literal';

export interface AggregateDefinition {
  readonly name: string;
  /** how it is called, such as `quantile(x, q)` */
  readonly usage: string;
  readonly min: number;
  readonly max: number;
  /** one sentence, no full stop */
  readonly help: string;
  /** what it gives for values x of 3, 1, null, 2 (and where it has one, `by` or c of 1, 2, 3, 4 and true, false, true, null) */
  readonly example: { readonly call: string; readonly result: unknown };
  /** how the columns of its arguments are made; arguments behind them are constant parameters */
  readonly columns: readonly ArgumentMode[];
  /** only the stage `over` has it, and gives it all rows before, whatever the frame */
  readonly over?: boolean;
  /** Says what is wrong with a parameter (`undefined`: it is no constant), the first of which has index 0; gives nothing if it is right. */
  checkParameter?(value: unknown, index: number): string | undefined;
  /** @param skip is called for each value that is neither null nor missing, but no number where one is needed */
  create(parameters: readonly unknown[], skip: () => void): Accumulator;
}

/** Hides the type of a state, which is nobody's business but the accumulator's. */
export function opaque<S>(accumulator: Accumulator<S>): Accumulator {
  return accumulator as unknown as Accumulator;
}
