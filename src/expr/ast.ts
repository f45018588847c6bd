// in: nodes of acorn's syntax tree
// out: what the rest of this room calls an expression, and the field paths in it

import type { Expression, MemberExpression, Node, SpreadElement, Super } from 'acorn';
import type { Path } from '../model/column.ts';

/** A checked expression. Positions of its nodes are offsets into `text`, the whole word that the person typed. */
export interface Expr {
  readonly text: string;
  readonly node: Expression;
}

/** An item of a comma list: `name = expression`, or an expression that names itself. */
export interface NamedExpr extends Expr {
  /** the field it sets; empty for a spread */
  readonly name: string;
  /** `...object`: sets a field per member of the value */
  readonly spread: boolean;
}

export type AnyNode = Expression | Super | SpreadElement | Node;

/** Names that mean a constant, not a field. */
const CONSTANTS = new Set(['undefined', 'NaN', 'Infinity']);

/** Parentheses are gone already; optional chaining means the same as a plain dot, because nothing under a missing field throws. */
export function strip(node: AnyNode): Expression {
  let at = node as Expression;
  while (at.type === 'ChainExpression' || at.type === 'ParenthesizedExpression') at = at.expression;
  return at;
}

/** The key of a member if it can be told before any record is seen. */
function staticKey(node: MemberExpression): string | number | undefined {
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined;
  const key = strip(node.property);
  if (key.type === 'TemplateLiteral' && key.quasis.length === 1) return key.quasis[0]!.value.cooked ?? undefined;
  if (key.type !== 'Literal') return undefined;
  if (typeof key.value === 'string') return key.value;
  return Number.isInteger(key.value) ? (key.value as number) : undefined;
}

/**
 * The path of a field that the expression names as a whole (`user.id`, `items[0].sku`, `$["@timestamp"]`); [] is `$`.
 * `undefined`: it is something else. `bound` are names of arrow functions' parameters.
 */
export function fieldPath(start: AnyNode, bound?: ReadonlySet<string>): Path | undefined {
  const keys: (string | number)[] = [];
  let node = strip(start);
  while (node.type === 'MemberExpression') {
    const key = staticKey(node);
    if (key === undefined) return undefined;
    keys.push(key);
    node = strip(node.object);
  }
  if (node.type !== 'Identifier' || bound?.has(node.name) || CONSTANTS.has(node.name)) return undefined;
  keys.push(node.name);
  keys.reverse();
  if (node.name === '$') keys.shift();
  if (keys[0] === 'Math' && keys.length > 1 && node.name !== '$') return undefined;
  if (typeof keys[0] === 'number') keys[0] = String(keys[0]);
  return keys;
}

/** The path of an expression that is nothing but a field (its literal is kept when it is assigned), [] for `$`; otherwise `undefined`. */
export function barePath(expr: Expr): Path | undefined {
  return fieldPath(expr.node);
}

/** What `-x` turns round: the operand of a leading minus; `undefined` where there is none. */
export function negated(expr: Expr): Expr | undefined {
  const node = strip(expr.node);
  return node.type === 'UnaryExpression' && node.operator === '-' ? { text: expr.text, node: node.argument } : undefined;
}

/** Whether the expression is the literal `null` or `undefined`. */
export function isNull(node: AnyNode): boolean {
  const bare = strip(node);
  if (bare.type === 'Identifier') return bare.name === 'undefined';
  return bare.type === 'Literal' && bare.raw === 'null';
}

/** A constant of the expression's text (`"a"`, `5`, `-0.5`, true); `undefined`: it is not one. */
export function constantOf(node: AnyNode): string | number | boolean | undefined {
  const bare = strip(node);
  if (bare.type === 'UnaryExpression' && bare.operator === '-') {
    const value = constantOf(bare.argument);
    return typeof value === 'number' ? -value : undefined;
  }
  if (bare.type === 'TemplateLiteral' && bare.quasis.length === 1) return bare.quasis[0]!.value.cooked ?? undefined;
  if (bare.type !== 'Literal') return undefined;
  const { value } = bare;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
