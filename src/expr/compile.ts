// in: checked expressions, and the scope that says where fields are
// out: loops over the columns of a batch

import type { Batch } from '../model/batch.ts';
import type { Scope } from '../model/column.ts';
import type { AnyNode, Expr } from './ast.ts';
import { strip } from './ast.ts';
import { BatchFields } from './fields.ts';
import { Generator } from './generate.ts';
import { Parameters } from './parameters.ts';

/** A scope, with the job's settings where there are any (a `Point` is one). */
export type ExprScope = Scope & { readonly settings?: { readonly zone: string } };

interface Compiled {
  /** registers that it reads; it prepares them itself */
  readonly reads: readonly number[];
}

/** Sets `values[r]` for each selected row r. */
export interface CompiledValue extends Compiled {
  evaluate(batch: Batch, values: unknown[]): void;
}

/** Sets `numbers[r]` for each selected row r: NaN for whatever is no finite number. */
export interface CompiledNumbers extends Compiled {
  evaluate(batch: Batch, numbers: Float64Array): void;
}

/** Sets `flags[r]` to 1 or 0 for each selected row r, by JavaScript's truthiness. */
export interface CompiledFlags extends Compiled {
  evaluate(batch: Batch, flags: Uint8Array): void;
}

export interface CompiledPredicate extends Compiled {
  /** Keeps in `batch.sel` the rows for which the expression is true, by JavaScript's truthiness. */
  narrow(batch: Batch): void;
}

type Loop = (batch: Batch, into: unknown) => void;

/** The code of a loop: `body` is run for each selected row `r`, `end` once behind them. */
function loop(fields: BatchFields, parameters: Parameters, body: string, end = ''): Loop {
  const code = () => `return function evaluate(batch, into) {
const columns = batch.columns, sel = batch.sel, count = batch.count, memory = batch.memory;
const UNREAD = columns;
${fields.prologue()}
let kept = 0;
for (let i = 0; i < count; i++) {
const r = sel[i];
${fields.rowPrologue()}
${body}
}
${end}
}`;
  // Compiled at the first batch: `explain` and kernels that do the same work never need it.
  let compiled: Loop | undefined;
  return (batch, into) => {
    fields.prepare(batch);
    compiled ??= parameters.run(code()) as Loop;
    compiled(batch, into);
  };
}

type Write = (generator: Generator, node: AnyNode) => string;

/** Code behind what is written for the nodes: at each row, and after the last. */
interface Tail {
  readonly row?: string;
  readonly end?: string;
}

function compileLoop(text: string, nodes: readonly AnyNode[], scope: ExprScope, write: Write, tail: Tail = {}): { reads: readonly number[]; run: Loop } {
  const parameters = new Parameters();
  const fields = new BatchFields(scope, parameters);
  const generator = new Generator(fields, parameters, { text, zone: scope.settings?.zone ?? 'UTC' });
  const body = [...nodes.map((node) => write(generator, node)), tail.row ?? ''].join('\n');
  return { reads: fields.reads, run: loop(fields, parameters, body, tail.end) };
}

/** The expression's JavaScript values; `undefined` where the field is to be left out. Throws TextError. */
export function compileValue(expr: Expr, scope: ExprScope): CompiledValue {
  const { reads, run } = compileLoop(expr.text, [expr.node], scope, (g, node) => `into[r] = ${g.value(node).code};`);
  return { reads, evaluate: run };
}

/**
 * The expression's values with their literals: a bare field or `$` (also behind `?:`, `??`, `||`, `&&` and `coalesce`) gives `JsonText` of
 * its token, or null, true, false, undefined; anything else gives its JavaScript value, as `compileValue` does.
 */
export function compileJson(expr: Expr, scope: ExprScope): CompiledValue {
  const { reads, run } = compileLoop(expr.text, [expr.node], scope, (g, node) => `into[r] = ${g.json(node)};`);
  return { reads, evaluate: run };
}

/**
 * The expression's values for exact arithmetic and keys: as `compileJson`, but a number is `JsonText` only where the double does not tell
 * it exactly, strings are decoded, and times of weir's own are ms.
 */
export function compileExact(expr: Expr, scope: ExprScope): CompiledValue {
  const { reads, run } = compileLoop(expr.text, [expr.node], scope, (g, node) => `into[r] = ${g.json(node, undefined, 'exact')};`);
  return { reads, evaluate: run };
}

/** The expression's numbers, for kernels and sketches. */
export function compileNumbers(expr: Expr, scope: ExprScope): CompiledNumbers {
  const write: Write = (g, node) => {
    const path = g.path(node, new Map());
    return `into[r] = ${path === undefined ? finite(g.parameters, g.value(node).code) : g.source.number(path, g.parameters.helper('finite'))};`;
  };
  const { reads, run } = compileLoop(expr.text, [expr.node], scope, write);
  return { reads, evaluate: run };
}

const finite = (parameters: Parameters, code: string) => `${parameters.helper('finite')}(${code})`;

/** The conjunction of the expressions as a column, such as the `.where` of an aggregate. */
export function compileFlags(exprs: readonly Expr[], scope: ExprScope): CompiledFlags {
  const write: Write = (g, node) => `if (!${g.value(node).code}) { into[r] = 0; continue; }`;
  const nodes = exprs.map((expr) => expr.node);
  const { reads, run } = compileLoop(exprs[0]?.text ?? '', nodes, scope, write, { row: 'into[r] = 1;' });
  return { reads, evaluate: run };
}

/** The parts of `a && b && c`. */
function conjuncts(node: AnyNode): AnyNode[] {
  const bare = strip(node);
  return bare.type === 'LogicalExpression' && bare.operator === '&&' ? [...conjuncts(bare.left), ...conjuncts(bare.right)] : [bare];
}

/** The expression as a filter. Of `a && b`, the fields of b are only looked at in rows for which a is true. Throws TextError. */
export function compilePredicate(expr: Expr, scope: ExprScope): CompiledPredicate {
  const keep: Write = (g, node) => `if (${g.value(node).code}) sel[kept++] = r;`;
  const parts = conjuncts(expr.node).map((node) => compileLoop(expr.text, [node], scope, keep, { end: 'batch.count = kept;' }));
  const reads = [...new Set(parts.flatMap((part) => part.reads))];
  return {
    reads,
    narrow(batch) {
      for (const part of parts) if (batch.count > 0) part.run(batch, undefined);
    },
  };
}
