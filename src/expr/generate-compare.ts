// in: the sides of a comparison
// out: its code: false where a side is null or missing, but for a literal null, which asks for that

import type { Expression } from 'acorn';
import type { Path } from '../model/column.ts';
import { constantOf, isNull } from './ast.ts';
import type { Bound, CodeGenerator } from './generator.ts';
import type { Piece } from './source.ts';

/** `==` and `!=`: a literal null asks for null or missing, otherwise these are neither equal nor unequal to anything. */
export function equality(g: CodeGenerator, equal: boolean, left: Expression, right: Expression, bound: Bound): string {
  if (isNull(right)) return nullTest(g, equal, left, bound);
  if (isNull(left)) return nullTest(g, equal, right, bound);
  const quick = stringTest(g, equal, left, right, bound) ?? stringTest(g, equal, right, left, bound);
  if (quick !== undefined) return quick;
  const [a, b] = [g.value(left, bound), g.value(right, bound)];
  // where one side is never null, === is false for a null on the other; !== would be true
  const plain = equal ? a.kind !== 'any' || b.kind !== 'any' : a.kind !== 'any' && b.kind !== 'any';
  if (plain) return `(${a.code} ${equal ? '===' : '!=='} ${b.code})`;
  const helper = areOthers(g.path(left, bound), g.path(right, bound)) ? (equal ? 'eqOther' : 'neOther') : equal ? 'eq' : 'ne';
  return `${g.parameters.helper(helper)}(${a.code}, ${b.code})`;
}

/** Whether both are fields, and not the same. */
function areOthers(left: Path | undefined, right: Path | undefined): boolean {
  return left !== undefined && right !== undefined && JSON.stringify(left) !== JSON.stringify(right);
}

function nullTest(g: CodeGenerator, equal: boolean, node: Expression, bound: Bound): string {
  const path = g.path(node, bound);
  const test = path === undefined ? `(${g.value(node, bound).code} == null)` : g.source.isNull(path);
  return equal ? test : `(!${test})`;
}

/** A field against a constant string: its bytes are compared. */
function stringTest(g: CodeGenerator, equal: boolean, field: Expression, other: Expression, bound: Bound): string | undefined {
  const path = g.path(field, bound);
  const constant = constantOf(other);
  const test = path !== undefined && typeof constant === 'string' ? g.source.equals(path, constant) : undefined;
  return equal || test === undefined ? test : `(!${test} && !${g.source.isNull(path!)})`;
}

/** `<`, `<=`, `>`, `>=`: numbers in place, whatever else may come by helpers. */
export function ordering(g: CodeGenerator, operator: string, left: Expression, right: Expression, bound: Bound): string {
  const [a, b] = [g.value(left, bound), g.value(right, bound)];
  if (a.kind === 'number' || b.kind === 'number') return `(${side(g, a, left, bound)} ${operator} ${side(g, b, right, bound)})`;
  if (a.kind === 'string' && b.kind === 'string') return `(${a.code} ${operator} ${b.code})`;
  const helper = g.parameters.helper(operator.endsWith('=') ? 'le' : 'lt');
  // a > b is b < a: nothing here has side effects, so the order of evaluation is free
  return operator.startsWith('<') ? `${helper}(${a.code}, ${b.code})` : `${helper}(${b.code}, ${a.code})`;
}

/** A side of a comparison with a number. */
function side(g: CodeGenerator, piece: Piece, node: Expression, bound: Bound): string {
  const path = g.path(node, bound);
  if (path !== undefined) return g.source.number(path, g.parameters.helper('side'));
  return piece.kind === 'number' ? piece.code : `${g.parameters.helper('side')}(${piece.code})`;
}
