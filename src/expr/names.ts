// in: an expression of a list that has no `name =`
// out: the name of the field that it sets

import type { Expression } from 'acorn';
import { TextError } from '../model/errors.ts';
import { type AnyNode, constantOf, fieldPath, strip } from './ast.ts';

/**
 * The name of an unnamed item. A field is named by its last member (`a.b` → `b`, `items[0].sku` → `sku`, `items[0]` → `items_0`);
 * a call by the function and its arguments, as far as these are fields, constants or such calls themselves, joined by `_`, where whatever
 * is no letter or digit becomes `_` (`count()` → `count`, `sum(price)` → `sum_price`, `quantile(ms, 0.9)` → `quantile_ms_0_9`).
 * Anything else throws a TextError that says how to name it.
 */
export function ownName(text: string, node: Expression): string {
  const name = pathName(node) ?? callName(node);
  if (name !== undefined) return name;
  const source = text.slice(node.start, node.end);
  const short = source.length > 40 ? '…' : source;
  throw new TextError('this needs a name', text, node.start, node.end, `write 'name = ${short}'`);
}

function pathName(node: AnyNode): string | undefined {
  const path = fieldPath(node);
  if (path === undefined || path.length === 0) return undefined;
  const last = path.findLastIndex((key) => typeof key === 'string');
  return path.slice(last).join('_');
}

function callName(node: AnyNode): string | undefined {
  const call = strip(node);
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier') return undefined;
  const parts = [call.callee.name];
  for (const argument of call.arguments) {
    const part = pathName(argument) ?? constantOf(argument) ?? callName(argument);
    if (part === undefined) return undefined;
    parts.push(String(part));
  }
  return parts
    .join('_')
    .replace(/[^\p{L}\p{N}_]+/gu, '_')
    .replace(/_+$/, '');
}
