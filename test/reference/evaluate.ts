// in: a checked syntax tree, and what its names mean
// out: its value: JavaScript's, with the differences of section 4

import type { ArrowFunctionExpression, CallExpression, Expression, MemberExpression, Property, SpreadElement } from 'acorn';
import { FUNCTIONS } from './functions.ts';
import { elementsOf, Lit, memberOf, plain, type Value } from './lit.ts';
import { METHODS } from './methods.ts';
import { bare, pathOf } from './syntax.ts';

/** What names mean while an expression is evaluated. */
export interface Scope {
  /** IANA zone of times that name none */
  readonly zone: string;
  field(name: string): Value;
  record(): Value;
  eventTime(): number | undefined;
  watermark(): number;
  /** The value of an aggregate's call, where there are aggregates; undefined: it is no aggregate's call. */
  aggregate?(node: CallExpression): { value: Value } | undefined;
  /** parameters of the arrow functions around */
  readonly parameters?: ReadonlyMap<string, unknown>;
}

/** The value; a field, or a choice among fields, keeps its literal. */
export function evaluate(start: { type: string }, scope: Scope): Value {
  const node = bare(start);
  const path = pathOf(node);
  if (path && !scope.parameters?.has(String(path[0]))) return fieldAt(path, scope);
  switch (node.type) {
    case 'ConditionalExpression':
      return evaluate(truthy(node.test, scope) ? node.consequent : node.alternate, scope);
    case 'LogicalExpression':
      return logical(node.operator, node.left, node.right, scope);
    case 'CallExpression':
      return call(node, scope);
    default:
      return compute(node, scope);
  }
}

/** The value without its literal. */
export function evaluatePlain(node: { type: string }, scope: Scope): unknown {
  return plain(evaluate(node, scope));
}

function truthy(node: Expression, scope: Scope): boolean {
  return Boolean(evaluatePlain(node, scope));
}

function fieldAt(path: readonly (string | number)[], scope: Scope): Value {
  if (path.length === 0) return scope.record();
  return path.slice(1).reduce<Value>(memberAt, scope.field(String(path[0])));
}

/** A member or element; nothing throws, and nothing inherited is seen. */
function memberAt(value: Value, key: unknown): Value {
  if (value instanceof Lit && value.ms === undefined) {
    if (value.text.startsWith('{')) return value.at(String(key), () => memberOf(value.text, String(key)));
    const index = typeof key === 'number' ? key : Number.NaN;
    if (value.text.startsWith('[') && key !== 'length') {
      return value.at(index, () => {
        const text = elementsOf(value.text)[index];
        return text === undefined ? undefined : new Lit(text);
      });
    }
  }
  const seen = plain(value);
  if (seen === null || seen === undefined) return undefined;
  if (typeof seen === 'string') return key === 'length' || typeof key === 'number' ? (seen as unknown as Record<string, unknown>)[key as string] : undefined;
  return typeof seen === 'object' && Object.hasOwn(seen, String(key)) ? (seen as Record<string, unknown>)[String(key)] : undefined;
}

function logical(operator: string, left: Expression, right: Expression, scope: Scope): Value {
  const value = evaluate(left, scope);
  const seen = plain(value);
  if (operator === '??') return seen === null || seen === undefined ? evaluate(right, scope) : value;
  return (operator === '||') === Boolean(seen) ? value : evaluate(right, scope);
}

/** Everything that makes a new value. */
function compute(node: Expression, scope: Scope): unknown {
  const at = (n: { type: string }) => evaluatePlain(n, scope);
  switch (node.type) {
    case 'Literal':
      return node.regex ? new RegExp(node.regex.pattern, node.regex.flags) : node.value;
    case 'Identifier':
      if (scope.parameters?.has(node.name)) return scope.parameters.get(node.name);
      return node.name === 'undefined' ? undefined : node.name === 'NaN' ? Number.NaN : Number.POSITIVE_INFINITY;
    case 'TemplateLiteral':
      return node.quasis.map((q, i) => q.value.cooked + (i < node.expressions.length ? String(at(node.expressions[i]!)) : '')).join('');
    case 'UnaryExpression':
      return unary(node.operator, at(node.argument));
    case 'BinaryExpression':
      return binary(node.operator, node.left as Expression, node.right, scope);
    case 'MemberExpression':
      return member(node, scope);
    case 'ArrayExpression':
      return node.elements.flatMap((e) => spread(e!, scope));
    case 'ObjectExpression':
      return Object.fromEntries(node.properties.flatMap((p) => property(p, scope)));
    default:
      throw new Error(`a ${node.type} was not checked`);
  }
}

function unary(operator: string, value: unknown): unknown {
  if (operator === '!') return !value;
  if (operator === 'typeof') return typeof value;
  const number = Number(value as number);
  return operator === '-' ? -number : operator === '+' ? number : ~number;
}

function isNullLiteral(node: Expression): boolean {
  return (node.type === 'Literal' && node.raw === 'null') || (node.type === 'Identifier' && node.name === 'undefined');
}

const nothing = (value: unknown) => value === null || value === undefined;

function binary(operator: string, left: Expression, right: Expression, scope: Scope): unknown {
  const a = evaluatePlain(left, scope) as number;
  const b = evaluatePlain(right, scope) as number;
  const equality = /^[=!]==?$/.test(operator);
  if (equality && isNullLiteral(bare(right))) return nothing(a) === (operator[0] === '=');
  if (equality && isNullLiteral(bare(left))) return nothing(b) === (operator[0] === '=');
  if ((equality || /^[<>]=?$/.test(operator)) && (nothing(a) || nothing(b))) return false;
  if (equality) return (a === b) === (operator[0] === '=');
  return ARITHMETIC[operator]!(a, b);
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => unknown>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
};

function member(node: MemberExpression, scope: Scope): Value {
  const name = (node.property as { name: string }).name;
  if (node.object.type === 'Identifier' && node.object.name === 'Math') return (Math as unknown as Record<string, unknown>)[name];
  return plain(memberAt(evaluate(node.object, scope), node.computed ? evaluatePlain(node.property, scope) : name));
}

function property(node: Property | SpreadElement, scope: Scope): [string, unknown][] {
  if (node.type === 'SpreadElement') {
    const value = evaluatePlain(node.argument, scope);
    return typeof value === 'object' && value !== null ? Object.entries(value) : [];
  }
  const key = node.key as { name?: string; value?: unknown };
  const name = node.computed ? evaluatePlain(node.key, scope) : (key.name ?? key.value);
  return [[String(name), evaluatePlain(node.value, scope)]];
}

/** An element or argument, or what `...x` stands for. */
function spread(node: Expression | SpreadElement, scope: Scope): unknown[] {
  if (node.type !== 'SpreadElement') return [argument(node, scope)];
  const value = evaluatePlain(node.argument, scope);
  return Array.isArray(value) || typeof value === 'string' ? [...value] : [];
}

function argument(node: Expression, scope: Scope): unknown {
  return node.type === 'ArrowFunctionExpression' ? closure(node, scope) : evaluatePlain(node, scope);
}

function closure(node: ArrowFunctionExpression, scope: Scope): (...values: unknown[]) => unknown {
  const names = node.params.map((p) => (p as { name: string }).name);
  return (...values) => evaluatePlain(node.body, { ...bound(scope), parameters: new Map([...(scope.parameters ?? []), ...names.map((n, i) => [n, values[i]] as const)]) });
}

/** A scope that can be copied: methods of classes are not own members. */
function bound(scope: Scope): Scope {
  return {
    zone: scope.zone,
    field: (name) => scope.field(name),
    record: () => scope.record(),
    eventTime: () => scope.eventTime(),
    watermark: () => scope.watermark(),
  };
}

function call(node: CallExpression, scope: Scope): Value {
  const aggregate = scope.aggregate?.(node);
  if (aggregate) return aggregate.value;
  const callee = bare(node.callee);
  if (callee.type === 'Identifier') {
    const known = FUNCTIONS[callee.name]!;
    const values = node.arguments.flatMap((a) => (known.literals && a.type !== 'SpreadElement' ? [evaluate(a, scope)] : spread(a, scope)));
    return known.call(values, scope);
  }
  const { object, property: name } = callee as MemberExpression;
  const values = node.arguments.flatMap((a) => spread(a, scope));
  return method(object as Expression, (name as { name: string }).name, values, scope);
}

function method(object: Expression, name: string, values: readonly unknown[], scope: Scope): unknown {
  if (object.type === 'Identifier' && object.name === 'Math') return (Math as unknown as Record<string, (...v: unknown[]) => unknown>)[name]!(...values);
  const self = evaluatePlain(object, scope);
  if (self instanceof RegExp) return (typeof values[0] === 'string' || typeof values[0] === 'number') && self.test(String(values[0]));
  const kind = typeof self === 'string' ? 'string' : typeof self === 'number' ? 'number' : Array.isArray(self) ? 'array' : undefined;
  if (!kind || !METHODS[kind].includes(name)) return undefined;
  const target = kind === 'array' ? [...(self as unknown[])] : self;
  try {
    return (target as unknown as Record<string, (...v: unknown[]) => unknown>)[name]!(...values);
  } catch {
    return undefined;
  }
}
