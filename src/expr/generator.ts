// in: nothing
// out: what the parts that generate code know of one another

import type { Expression, SpreadElement } from 'acorn';
import type { Path } from '../model/column.ts';
import type { AnyNode } from './ast.ts';
import type { Parameters } from './parameters.ts';
import type { Piece, Source } from './source.ts';

/** Parameters of arrow functions, and the names that the code has for them. */
export type Bound = ReadonlyMap<string, string>;
/** Literals as they are written, or only where a double would not tell the number. */
export type Literals = 'json' | 'exact';

/** What calls depend on besides the record. */
export interface CallContext {
  /** the text that was typed, for errors */
  readonly text: string;
  /** IANA zone of times without one */
  readonly zone: string;
  /** Code for a call that is evaluated elsewhere (an aggregate whose result is at hand); `undefined` for all others. */
  readonly result?: (node: AnyNode) => { value: string; json: string } | undefined;
}

/** Gives the code of an expression's parts. */
export interface CodeGenerator {
  readonly source: Source;
  readonly parameters: Parameters;
  readonly context: CallContext;
  path(node: AnyNode, bound: Bound): Path | undefined;
  value(start: AnyNode, bound?: Bound): Piece;
  number(node: AnyNode, bound: Bound): string;
  json(node: AnyNode, bound?: Bound): string;
  list(nodes: readonly (Expression | SpreadElement | null)[], bound: Bound): string;
  freshParameter(): string;
}
