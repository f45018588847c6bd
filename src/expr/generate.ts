// in: a checked syntax tree, and where its fields come from
// out: JavaScript code of one expression with the same meaning (DESIGN.md section 4)

import type {
  ArrayExpression,
  BinaryExpression,
  CallExpression,
  Expression,
  Literal,
  MemberExpression,
  ObjectExpression,
  SpreadElement,
  TemplateLiteral,
  UnaryExpression,
} from 'acorn';
import { EQUALITY, ORDERING } from './allowed.ts';
import { type AnyNode, fieldPath, strip } from './ast.ts';
import { generateCall } from './generate-call.ts';
import { equality, ordering } from './generate-compare.ts';
import type { Bound, CallContext, CodeGenerator, Literals } from './generator.ts';
import type { Parameters } from './parameters.ts';
import type { Kind, Piece, Source } from './source.ts';

const any = (code: string): Piece => ({ code, kind: 'any' });
const number = (code: string): Piece => ({ code, kind: 'number' });
const boolean = (code: string): Piece => ({ code, kind: 'boolean' });
const string = (code: string): Piece => ({ code, kind: 'string' });

const NOTHING_BOUND: Bound = new Map();

export class Generator implements CodeGenerator {
  private parameterCount = 0;

  constructor(
    readonly source: Source,
    readonly parameters: Parameters,
    readonly context: CallContext,
  ) {}

  path(node: AnyNode, bound: Bound): ReturnType<typeof fieldPath> {
    return fieldPath(node, bound.size === 0 ? undefined : new Set(bound.keys()));
  }

  /** The value, with no literal left. */
  value(start: AnyNode, bound: Bound = NOTHING_BOUND): Piece {
    const path = this.path(start, bound);
    if (path !== undefined) return this.source.value(path);
    const node = strip(start);
    switch (node.type) {
      case 'Literal':
        return this.literal(node);
      case 'Identifier':
        return bound.has(node.name) ? any(bound.get(node.name)!) : constantName(node.name);
      case 'TemplateLiteral':
        return this.template(node, bound);
      case 'UnaryExpression':
        return this.unary(node, bound);
      case 'BinaryExpression':
        return this.binary(node, bound);
      case 'LogicalExpression': {
        const [left, right] = [this.value(node.left, bound), this.value(node.right, bound)];
        return { code: `(${left.code} ${node.operator} ${right.code})`, kind: common(left.kind, right.kind) };
      }
      case 'ConditionalExpression': {
        const [yes, no] = [this.value(node.consequent, bound), this.value(node.alternate, bound)];
        return { code: `(${this.value(node.test, bound).code} ? ${yes.code} : ${no.code})`, kind: common(yes.kind, no.kind) };
      }
      case 'MemberExpression':
        return this.member(node, bound);
      case 'ArrayExpression':
        return any(this.array(node, bound));
      case 'ObjectExpression':
        return any(this.object(node, bound));
      case 'CallExpression':
        return generateCall(this, node as CallExpression, bound);
      default:
        throw new Error(`a ${node.type} was not checked`);
    }
  }

  /** A number, as JavaScript's operators make it. */
  number(node: AnyNode, bound: Bound): string {
    const path = this.path(node, bound);
    if (path !== undefined) return this.source.number(path, this.parameters.helper('num'));
    const piece = this.value(node, bound);
    return piece.kind === 'number' ? piece.code : `${this.parameters.helper('num')}(${piece.code})`;
  }

  /** The value with its literal, as far as the expression only chooses among fields. */
  json(start: AnyNode, bound: Bound = NOTHING_BOUND, as: Literals = 'json'): string {
    const path = this.path(start, bound);
    if (path !== undefined) return this.source[as](path);
    const node = strip(start);
    if (node.type === 'ConditionalExpression') {
      return `(${this.value(node.test, bound).code} ? ${this.json(node.consequent, bound, as)} : ${this.json(node.alternate, bound, as)})`;
    }
    if (node.type === 'LogicalExpression') return this.chosen(node.operator, node.left, node.right, bound, as);
    if (node.type !== 'CallExpression') return this.value(node, bound).code;
    const result = this.context.result?.(node);
    if (result !== undefined) return result.json;
    const coalesce = node.callee.type === 'Identifier' && node.callee.name === 'coalesce';
    if (!coalesce || node.arguments.some((argument) => argument.type === 'SpreadElement')) return this.value(node, bound).code;
    return `(${node.arguments.map((argument) => this.json(argument, bound, as)).join(' ?? ')} ?? null)`;
  }

  private chosen(operator: string, left: Expression, right: Expression, bound: Bound, as: Literals): string {
    const [a, b] = [this.json(left, bound, as), this.json(right, bound, as)];
    if (operator === '??') return `(${a} ?? ${b})`;
    const test = this.value(left, bound).code;
    return operator === '||' ? `(${test} ? ${a} : ${b})` : `(${test} ? ${b} : ${a})`;
  }

  /** Elements of an array literal, or arguments. */
  list(nodes: readonly (Expression | SpreadElement | null)[], bound: Bound): string {
    return nodes
      .map((node) => {
        if (node === null) return 'undefined';
        if (node.type !== 'SpreadElement') return this.value(node, bound).code;
        return `...${this.parameters.helper('spread')}(${this.value(node.argument, bound).code})`;
      })
      .join(', ');
  }

  /** A name for an arrow function's parameter that is in nobody's way. */
  freshParameter(): string {
    this.parameterCount++;
    return `p${this.parameterCount}`;
  }

  private literal(node: Literal): Piece {
    if (node.regex) return any(this.parameters.constant(new RegExp(node.regex.pattern, node.regex.flags)));
    if (typeof node.value === 'number') return number(Number.isFinite(node.value) ? String(node.value) : '(1 / 0)');
    if (typeof node.value === 'string') return string(JSON.stringify(node.value));
    return typeof node.value === 'boolean' ? boolean(String(node.value)) : any('null');
  }

  private template(node: TemplateLiteral, bound: Bound): Piece {
    const parts = node.quasis.map((quasi) => JSON.stringify(quasi.value.cooked ?? ''));
    const values = node.expressions.map((part) => `${this.parameters.helper('str')}(${this.value(part, bound).code})`);
    return string(`(${parts.flatMap((part, i) => (i < values.length ? [part, values[i]!] : [part])).join(' + ')})`);
  }

  private unary(node: UnaryExpression, bound: Bound): Piece {
    if (node.operator === '!') return boolean(`(!${this.value(node.argument, bound).code})`);
    if (node.operator === 'typeof') return string(`(typeof ${this.value(node.argument, bound).code})`);
    return number(`(${node.operator} ${this.number(node.argument, bound)})`);
  }

  private binary(node: BinaryExpression, bound: Bound): Piece {
    const { operator } = node;
    const [left, right] = [node.left as Expression, node.right];
    if (EQUALITY.has(operator)) return boolean(equality(this, operator.startsWith('='), left, right, bound));
    if (ORDERING.has(operator)) return boolean(ordering(this, operator, left, right, bound));
    if (operator === '+') return this.plus(left, right, bound);
    return number(`(${this.number(left, bound)} ${operator} ${this.number(right, bound)})`);
  }

  private plus(left: Expression, right: Expression, bound: Bound): Piece {
    const [a, b] = [this.value(left, bound), this.value(right, bound)];
    if (a.kind === 'number' && b.kind === 'number') return number(`(${a.code} + ${b.code})`);
    if (a.kind === 'string' && b.kind === 'string') return string(`(${a.code} + ${b.code})`);
    return any(`${this.parameters.helper('add')}(${a.code}, ${b.code})`);
  }

  private member(node: MemberExpression, bound: Bound): Piece {
    const object = strip(node.object);
    if (object.type === 'Identifier' && object.name === 'Math' && !bound.has('Math')) {
      return number(String(Math[(node.property as { name: 'PI' }).name]));
    }
    const key = node.computed ? this.value(node.property, bound).code : JSON.stringify((node.property as { name: string }).name);
    return any(`${this.parameters.helper('get')}(${this.value(object, bound).code}, ${key})`);
  }

  private array(node: ArrayExpression, bound: Bound): string {
    return `[${this.list(node.elements, bound)}]`;
  }

  private object(node: ObjectExpression, bound: Bound): string {
    const parts = node.properties.map((property) => {
      if (property.type === 'SpreadElement') return `...${this.parameters.helper('members')}(${this.value(property.argument, bound).code})`;
      return `[${this.key(property.key, property.computed, bound)}]: ${this.value(property.value, bound).code}`;
    });
    return `({${parts.join(', ')}})`;
  }

  /** A member's name, always in brackets: `{["__proto__"]: x}` makes a plain member. */
  private key(node: AnyNode, computed: boolean, bound: Bound): string {
    if (computed) return `${this.parameters.helper('key')}(${this.value(node, bound).code})`;
    const name = node as { type: string; name?: string; value?: unknown };
    return JSON.stringify(name.type === 'Identifier' ? name.name : String(name.value));
  }
}

function constantName(name: string): Piece {
  if (name === 'undefined') return any('undefined');
  return number(name === 'NaN' ? '(0 / 0)' : '(1 / 0)');
}

function common(a: Kind, b: Kind): Kind {
  return a === b ? a : 'any';
}
