// in: a syntax tree
// out: nothing if it holds only what section 4 allows; otherwise a usage error

import type { CallExpression, Expression, MemberExpression, Property } from 'acorn';
import { AGGREGATES, OVER_FUNCTIONS } from './aggregates.ts';
import { usage } from './failure.ts';
import { FUNCTIONS } from './functions.ts';
import { METHODS } from './methods.ts';
import { bare } from './syntax.ts';

export interface Allowed {
  readonly aggregates?: boolean;
  readonly over?: boolean;
  /** names that may stand outside of aggregates; undefined: any, they are fields */
  readonly names?: readonly string[];
}

const KNOWN_METHODS = [...Object.values(METHODS).flat(), 'test'];
const OPERATORS = '== != === !== < <= > >= + - * / % ** & | ^ << >> >>> ! ~ typeof && || ??'.split(' ');

/** Refuses what is not allowed. `inner`: inside an aggregate's arguments or a function, where names are fields or parameters. */
export function check(start: { type: string }, allowed: Allowed, inner = false): void {
  const node = bare(start);
  const all = (nodes: readonly ({ type: string } | null)[]) => nodes.forEach((n) => n && check(n, allowed, inner));
  switch (node.type) {
    case 'Identifier':
      return checkName(node.name, allowed, inner);
    case 'Literal':
      if (node.bigint) throw usage('no bigint');
      return;
    case 'TemplateLiteral':
      return all(node.expressions);
    case 'UnaryExpression':
      return checkOperator(node.operator, [node.argument], allowed, inner);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return checkOperator(node.operator, [node.left, node.right], allowed, inner);
    case 'ConditionalExpression':
      return all([node.test, node.consequent, node.alternate]);
    case 'MemberExpression':
      if (!isMath(node)) all([node.object, ...(node.computed ? [node.property] : [])]);
      return;
    case 'ArrayExpression':
      return all(node.elements);
    case 'SpreadElement' as string:
      return check((node as unknown as { argument: Expression }).argument, allowed, inner);
    case 'ObjectExpression':
      return all(node.properties.map((p) => (p.type === 'SpreadElement' ? p : (p as Property).value)));
    case 'CallExpression':
      return checkCall(node, allowed, inner);
    default:
      throw usage(`${node.type} is not allowed`);
  }
}

function checkName(name: string, allowed: Allowed, inner: boolean): void {
  if (name === 'Math') throw usage('Math alone is no value');
  const known = ['undefined', 'NaN', 'Infinity', ...(allowed.names ?? [])];
  if (!inner && allowed.names && !known.includes(name)) throw usage(`${name} is a field of a record, and this is a group`);
}

function checkOperator(operator: string, sides: readonly { type: string }[], allowed: Allowed, inner: boolean): void {
  if (!OPERATORS.includes(operator)) throw usage(`operator ${operator}`);
  for (const side of sides) check(side, allowed, inner);
}

function isMath(node: MemberExpression): boolean {
  const { object, property, computed } = node;
  if (object.type !== 'Identifier' || object.name !== 'Math') return false;
  if (computed || property.type !== 'Identifier' || property.name === 'random' || !Object.hasOwn(Math, property.name)) throw usage('not in Math');
  return true;
}

function checkCall(node: CallExpression, allowed: Allowed, inner: boolean): void {
  const callee = bare(node.callee);
  if (callee.type === 'Identifier') return checkFunction(callee.name, node, allowed, inner);
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') throw usage('not a function');
  const { name } = callee.property;
  if (isMath(callee)) return checkArguments(node, allowed, inner);
  if (name === 'where') {
    checkFunction((bare(callee.object) as { callee?: { name?: string } }).callee?.name ?? '', bare(callee.object) as CallExpression, allowed, inner);
    return checkArguments(node, allowed, true);
  }
  if (!KNOWN_METHODS.includes(name)) throw usage(`no method ${name}`);
  check(callee.object, allowed, inner);
  checkArguments(node, allowed, inner);
}

function checkFunction(name: string, node: CallExpression, allowed: Allowed, inner: boolean): void {
  const aggregate = Object.hasOwn(AGGREGATES, name) || OVER_FUNCTIONS.includes(name);
  if (aggregate) {
    if (inner || !allowed.aggregates || (OVER_FUNCTIONS.includes(name) && !allowed.over)) throw usage(`no ${name} here`);
    return checkArguments(node, allowed, true);
  }
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]! : undefined;
  if (!known) throw usage(`no function ${name}`);
  if (node.arguments.length < known.min || node.arguments.length > known.max) throw usage(`${name}: number of arguments`);
  checkArguments(node, allowed, inner);
}

function checkArguments(node: CallExpression, allowed: Allowed, inner: boolean): void {
  for (const argument of node.arguments) {
    if (argument.type === 'ArrowFunctionExpression') check(argument.body, { ...allowed, aggregates: false }, true);
    else check(argument, allowed, inner);
  }
}
