// in: an aggregate call of an expression, such as `sum(price).where(price < 100)`
// out: what it reads, how its state is kept, and all that a kernel needs to do the same

import type { CallExpression, Expression } from 'acorn';
import type { FieldRef } from '../../model/column.ts';
import { TextError } from '../../model/errors.ts';
import { type AnyNode, barePath, constantOf, type Expr, isNull, strip } from '../ast.ts';
import {
  type CompiledFlags,
  type CompiledNumbers,
  type CompiledValue,
  compileExact,
  compileFlags,
  compileJson,
  compileNumbers,
  type ExprScope,
} from '../compile.ts';
import { isOwnTime } from '../own-time.ts';
import type { Accumulator, AggregateDefinition, ArgumentMode } from './definition.ts';
import { CURRENT } from './over.ts';
import { AGGREGATES } from './table.ts';

export interface AggregateArgument {
  readonly expr: Expr;
  readonly mode: ArgumentMode;
  /** the column of values that the accumulator takes */
  readonly values: CompiledValue;
  /** the same as doubles, for kernels (of a bare field, they are not exact) */
  readonly numbers: CompiledNumbers;
  /** where it stands, if it is a bare field */
  readonly field?: FieldRef;
}

/** One aggregate call; equal calls of a list are one. */
export interface AggregateCall {
  /** `count`, `sum` …; `current` for a record's own field in the stage `over` */
  readonly fn: string;
  /** as it was typed */
  readonly text: string;
  /** none for `count()` and `count_if(c)` */
  readonly args: readonly AggregateArgument[];
  /** rows that it takes (`.where(c)`, `count_if(c)`); none: all of them */
  readonly where?: CompiledFlags;
  /** constants behind the arguments, such as the q of a quantile */
  readonly parameters: readonly unknown[];
  readonly accumulator: Accumulator;
  /** it looks at the rows of a frame; otherwise at all rows before, whatever the frame (`lag`, `row_number`, a record's own field) */
  readonly framed: boolean;
  /** its argument is a time of weir's own, and so is what it gives, or each part of that */
  readonly ofTimes: boolean;
  /** its result is a time of weir's own */
  readonly isTime: boolean;
}

interface Parts {
  readonly call: CallExpression;
  readonly where?: Expression;
}

/** The aggregate call that the node is, with its `.where`; `undefined` if it is none. */
export function aggregateParts(start: AnyNode): Parts | undefined {
  const node = strip(start);
  if (node.type !== 'CallExpression') return undefined;
  if (node.callee.type === 'Identifier') return AGGREGATES.has(node.callee.name) ? { call: node } : undefined;
  if (node.callee.type !== 'MemberExpression' || (node.callee.property as { name?: string }).name !== 'where') return undefined;
  const inner = aggregateParts(node.callee.object);
  return inner === undefined ? undefined : { call: inner.call, where: node.arguments[0] as Expression };
}

/** Compiles a checked call. `skip` is called for each value that should have been a number. Throws TextError. */
export function compileCall(text: string, { call, where }: Parts, scope: ExprScope, skip: () => void): AggregateCall {
  const definition = AGGREGATES.get((call.callee as { name: string }).name)!;
  const args = call.arguments as Expression[];
  const conditions = [...(where === undefined ? [] : [where]), ...(definition.name === 'count_if' ? args.slice(0, 1) : [])];
  const columns = definition.columns.slice(0, args.length);
  const ofTimes = CHOOSING.has(definition.name) && isOwnTime(barePath({ text, node: args[0]! }), scope);
  const parameters = definition.name === 'count_if' ? [] : args.slice(columns.length).map((node, i) => parameter(text, definition, node, i));
  return {
    fn: definition.name,
    text: text.slice(call.start, call.end),
    args: columns.map((mode, i) => compileArgument({ text, node: args[i]! }, mode, scope)),
    where: conditions.length > 0 ? compileFlags(conditions.map((node) => ({ text, node })), scope) : undefined,
    parameters,
    accumulator: definition.name === 'count' && args.length === 0 ? AGGREGATES.get('count_if')!.create([], skip) : definition.create(parameters, skip),
    framed: definition.over !== true,
    ofTimes,
    isTime: ofTimes && !definition.name.startsWith('collect') && typeof parameters[1] !== 'string',
  };
}

/** A record's own field, as the stage `over` may use it. */
export function currentCall(expr: Expr, scope: ExprScope): AggregateCall {
  const text = expr.text.slice(expr.node.start, expr.node.end);
  const isTime = isOwnTime(barePath(expr), scope);
  return { fn: 'current', text, args: [compileArgument(expr, 'literal', scope)], parameters: [], accumulator: CURRENT as Accumulator, framed: false, ofTimes: isTime, isTime };
}

/** Aggregates whose results are arguments as they are written, or arrays of them. */
const CHOOSING = new Set(['first', 'last', 'arg_min', 'arg_max', 'lag', 'collect', 'collect_set']);

function parameter(text: string, definition: AggregateDefinition, node: Expression, index: number): unknown {
  const value = isNull(node) ? null : constantOf(node);
  const problem = definition.checkParameter?.(value, index);
  if (problem !== undefined) throw new TextError(problem, text, node.start, node.end, `write '${definition.usage}'`);
  return value;
}

function compileArgument(expr: Expr, mode: ArgumentMode, scope: ExprScope): AggregateArgument {
  const path = barePath(expr);
  return {
    expr,
    mode,
    values: mode === 'exact' ? compileExact(expr, scope) : compileJson(expr, scope),
    numbers: compileNumbers(expr, scope),
    field: path === undefined || path.length === 0 ? undefined : scope.field(path),
  };
}
