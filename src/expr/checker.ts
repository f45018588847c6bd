// in: nothing
// out: what the parts that check an expression know of one another

import type { Literal } from 'acorn';
import type { AnyNode } from './ast.ts';

export interface CheckOptions {
  /** aggregate functions may be called */
  readonly aggregates?: boolean;
  /** `lag` and `row_number` may be called, too */
  readonly over?: boolean;
}

/** What holds at one node: the parameters of the arrow functions around it, and whether an aggregate may be called here. */
export interface Place extends CheckOptions {
  readonly bound: ReadonlySet<string>;
  /** the name of the aggregate that this is an argument of */
  readonly inside?: string;
}

/** Checks the nodes of one expression. */
export interface NodeChecker {
  readonly text: string;
  /** Throws TextError for the node. */
  fail(node: { start: number; end: number }, message: string, help?: string): never;
  visit(start: AnyNode, place: Place): void;
  regex(node: Literal): void;
}
