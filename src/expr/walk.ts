// in: a syntax tree
// out: the nodes below a node, and the fields that an expression names

import type { ArrowFunctionExpression, MemberExpression } from 'acorn';
import type { Path } from '../model/column.ts';
import { type AnyNode, fieldPath, strip } from './ast.ts';

const isNode = (value: unknown): value is AnyNode => typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** The nodes directly below a node that are evaluated: no names of members or functions. */
function children(node: AnyNode): AnyNode[] {
  const { computed, callee } = node as { computed?: boolean; callee?: AnyNode };
  return Object.entries(node).flatMap(([name, value]) => {
    // the name of a function is no field
    if ((name === 'callee' && callee!.type === 'Identifier') || ((name === 'property' || name === 'key') && !computed)) return [];
    return (Array.isArray(value) ? value : [value]).filter(isNode);
  });
}

export interface Visitor {
  /** A call; true: what is below it is not looked at. */
  call(node: AnyNode): boolean;
  /** A field as a whole, such as `a.b`; [] is `$`. */
  field(node: AnyNode, path: Path): void;
}

/** Visits the calls and fields of an expression from left to right. `bound` are parameters of the functions around it. */
export function walk(start: AnyNode, visitor: Visitor, bound: ReadonlySet<string> = new Set()): void {
  const node = strip(start);
  const path = fieldPath(node, bound);
  if (path !== undefined) visitor.field(node, path);
  else if (node.type !== 'CallExpression' || !visitor.call(node)) for (const [child, names] of inner(node, bound)) walk(child, visitor, names);
}

/** The nodes below a node, with the parameters that are known there. */
function inner(node: AnyNode, bound: ReadonlySet<string>): [AnyNode, ReadonlySet<string>][] {
  if (isMathMember(node, bound)) return [];
  if (node.type !== 'ArrowFunctionExpression') return children(node).map((child) => [child, bound]);
  const { body, params } = node as ArrowFunctionExpression;
  return [[body, new Set([...bound, ...params.map((parameter) => (parameter as { name: string }).name)])]];
}

function isMathMember(node: AnyNode, bound: ReadonlySet<string>): boolean {
  if (node.type !== 'MemberExpression' || bound.has('Math')) return false;
  const { object } = node as MemberExpression;
  return object.type === 'Identifier' && object.name === 'Math';
}

/** A text that is the same for expressions that differ only in white space and parentheses. */
export function structure(node: AnyNode): string {
  return JSON.stringify(node, (name, value) => (name === 'start' || name === 'end' || name === 'raw' ? undefined : value));
}
