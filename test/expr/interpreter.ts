// in: a syntax tree and a record
// out: the expression's value as DESIGN.md section 4 says it, found by walking the tree: slow, and nothing shared with src/expr

/** acorn's nodes, loosely. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- loosely is the point
type Node = any;
type Names = Record<string, unknown>;

/** Whether two objects are the same one depends on how often they were read. */
export class Unspecified extends Error {}

const missing = (value: unknown) => value === null || value === undefined;

function own(value: unknown, key: unknown): unknown {
  if (missing(value) || missing(key)) return undefined;
  const name = typeof key === 'object' ? String(key) : (key as string);
  if (typeof value === 'string') return name === 'length' ? value.length : typeof name === 'number' ? value[name] : undefined;
  if (typeof value !== 'object') return undefined;
  return Object.hasOwn(value, name) ? (value as Names)[name] : undefined;
}

function compare(operator: string, a: unknown, b: unknown): boolean {
  if (missing(a) || missing(b)) return false;
  if (/[=!]=/.test(operator) && typeof a === 'object' && typeof b === 'object') throw new Unspecified();
  const [x, y] = [a, b] as [number, number];
  switch (operator) {
    case '==':
    case '===':
      return x === y;
    case '!=':
    case '!==':
      return x !== y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    default:
      return x >= y;
  }
}

const isNullLiteral = (node: Node) => (node.type === 'Literal' && node.raw === 'null') || (node.type === 'Identifier' && node.name === 'undefined');

function arithmetic(operator: string, a: unknown, b: unknown): unknown {
  const [x, y] = [a, b] as [number, number];
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
    case '**':
      return x ** y;
    case '&':
      return x & y;
    case '|':
      return x | y;
    case '^':
      return x ^ y;
    case '<<':
      return x << y;
    case '>>':
      return x >> y;
    default:
      return x >>> y;
  }
}

function binary(node: Node, names: Names, record: unknown): unknown {
  const comparison = /^[=!<>]/.test(node.operator) && !/^(<<|>>)/.test(node.operator);
  if (comparison && /^[=!]/.test(node.operator)) {
    const other = isNullLiteral(node.right) ? node.left : isNullLiteral(node.left) ? node.right : undefined;
    if (other !== undefined) return missing(interpret(other, names, record)) === (node.operator[0] === '=');
  }
  const [a, b] = [interpret(node.left, names, record), interpret(node.right, names, record)];
  return comparison ? compare(node.operator, a, b) : arithmetic(node.operator, a, b);
}

function call(node: Node, names: Names, record: unknown): unknown {
  const { object, property } = node.callee;
  const args = node.arguments.map((argument: Node) => {
    if (argument.type !== 'ArrowFunctionExpression') return interpret(argument, names, record);
    return (...values: unknown[]) =>
      interpret(argument.body, { ...names, ...Object.fromEntries(argument.params.map((p: Node, i: number) => [p.name, values[i]])) }, record);
  });
  if (object.type === 'Identifier' && object.name === 'Math') return (Math as unknown as Record<string, (...x: unknown[]) => unknown>)[property.name]!(...args);
  const self = interpret(object, names, record) as Record<string, (...x: unknown[]) => unknown>;
  if (missing(self) || (typeof self === 'object' && !Array.isArray(self))) return undefined;
  const method = Object.getPrototypeOf(Object(self))[property.name];
  try {
    return typeof method === 'function' ? method.apply(self, args) : undefined;
  } catch (error) {
    if (error instanceof Unspecified) throw error;
    return undefined;
  }
}

/** The value of an expression in which `names` are bound, on a record. */
export function interpret(node: Node, names: Names, record: unknown): unknown {
  const go = (inner: Node) => interpret(inner, names, record);
  switch (node.type) {
    case 'ChainExpression':
      return go(node.expression);
    case 'Literal':
      return node.value;
    case 'Identifier':
      if (Object.hasOwn(names, node.name)) return names[node.name];
      if (node.name === 'undefined') return undefined;
      return node.name === '$' ? record : own(record, node.name);
    case 'TemplateLiteral':
      return node.quasis.map((q: Node, i: number) => q.value.cooked + (i < node.expressions.length ? `${go(node.expressions[i])}` : '')).join('');
    case 'UnaryExpression': {
      const value = go(node.argument) as number;
      return node.operator === '!' ? !value : node.operator === '-' ? -value : node.operator === '+' ? +value : node.operator === '~' ? ~value : typeof value;
    }
    case 'BinaryExpression':
      return binary(node, names, record);
    case 'LogicalExpression': {
      const left = go(node.left);
      if (node.operator === '??') return left ?? go(node.right);
      return node.operator === '&&' ? left && go(node.right) : left || go(node.right);
    }
    case 'ConditionalExpression':
      return go(node.test) ? go(node.consequent) : go(node.alternate);
    case 'MemberExpression':
      return own(go(node.object), node.computed ? go(node.property) : node.property.name);
    case 'ArrayExpression':
      return node.elements.map(go);
    case 'ObjectExpression':
      return Object.fromEntries(node.properties.map((p: Node) => [p.key.name ?? p.key.value, go(p.value)]));
    case 'CallExpression':
      return call(node, names, record);
    default:
      throw new Error(node.type);
  }
}
