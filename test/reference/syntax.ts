// in: the text of expressions
// out: acorn's syntax tree of them, with the names of the items of a list

import { type ArrayExpression, type CallExpression, type Expression, Parser, tokTypes } from 'acorn';
import { usage } from './failure.ts';

/** An item of a comma list. A spread has no name. */
export interface Item {
  readonly name: string;
  readonly node: Expression;
  readonly spread: boolean;
}

/** Optional chaining means what a dot means: nothing throws. */
export function bare(node: { type: string }): Expression {
  const expression = node as Expression;
  return expression.type === 'ChainExpression' ? bare(expression.expression) : expression;
}

/** Words that mean in an expression what they mean in JavaScript; every other word is a name, such as the aggregate `var`. */
const KEYWORDS: Readonly<Record<string, unknown>> = { true: tokTypes._true, false: tokTypes._false, null: tokTypes._null, typeof: tokTypes._typeof };

/** What acorn calls the methods that it reads words with; its types leave them out. */
interface Words {
  new (options: object, input: string, at?: number): {
    readWord1(): string;
    finishToken(type: unknown, value: unknown): void;
  };
}

const ExpressionParser = Parser.extend((Base) => {
  const Readable = Base as unknown as Words;
  class Names extends Readable {
    readWord(): void {
      const word = this.readWord1();
      this.finishToken(Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : tokTypes.name, word);
    }

    checkUnreserved(): void {}
  }
  return Names as unknown as typeof Parser;
});

function parse(text: string): Expression {
  try {
    const node = ExpressionParser.parseExpressionAt(text, 0, { ecmaVersion: 2022 }) as Expression;
    if (text.slice(node.end).trim() !== '') throw new SyntaxError(`unexpected: ${text.slice(node.end)}`);
    return node;
  } catch (error) {
    if (error instanceof SyntaxError) throw usage(`${text}: ${error.message}`);
    throw error;
  }
}

/** One expression. */
export function parseOne(text: string): Expression {
  const list = parseList(text);
  if (list.length !== 1 || list[0]!.type === 'AssignmentExpression' || list[0]!.type === 'SpreadElement') throw usage(`not one expression: ${text}`);
  return list[0] as Expression;
}

function parseList(text: string): ArrayExpression['elements'][number][] {
  if (text.trim() === '' || text.trim().endsWith(',')) throw usage(`nothing behind the comma: ${text}`);
  const { elements } = parse(`[${text}\n]`) as ArrayExpression;
  if (elements.some((e) => e === null)) throw usage(`nothing between two commas: ${text}`);
  return elements;
}

/** `name = expression, path, call(), ...object` */
export function parseItems(text: string, spreads = false): Item[] {
  return parseList(text).map((element) => {
    if (element!.type === 'SpreadElement') {
      if (!spreads) throw usage('no spread here');
      return { name: '', node: bare(element!.argument), spread: true };
    }
    const node = bare(element!);
    if (node.type !== 'AssignmentExpression') return { name: ownName(node), node, spread: false };
    const path = pathOf(node.left);
    if (node.operator !== '=' || path?.length !== 1) throw usage(`not the name of a field: ${text}`);
    return { name: String(path[0]), node: bare(node.right), spread: false };
  });
}

/** Expressions whose names do not matter. */
export function parseExpressions(text: string): Expression[] {
  return parseList(text).map((element) => {
    if (element!.type === 'SpreadElement' || element!.type === 'AssignmentExpression') throw usage(`not an expression: ${text}`);
    return bare(element!);
  });
}

/** Two paths that are to be equal, such as `a.b` (the same on both sides) or `a.b=c`. */
export interface Pair {
  readonly left: Expression;
  readonly right: Expression;
  /** the top-level field that both are */
  readonly same: string | undefined;
}

/** `--on` of a join. */
export function parsePairs(text: string): Pair[] {
  return parseList(text).map((element) => {
    const node = bare(element!);
    const [left, right] = node.type === 'AssignmentExpression' && node.operator === '=' ? [bare(node.left), bare(node.right)] : [node, node];
    const [one, other] = [pathOf(left), pathOf(right)];
    if (!one?.length || !other?.length) throw usage(`--on takes paths: ${text}`);
    const isSame = one.length === 1 && other.length === 1 && one[0] === other[0];
    return { left, right, same: isSame ? String(one[0]) : undefined };
  });
}

/** Names of top-level fields. */
export function parseNames(text: string): string[] {
  return parseExpressions(text).map((node) => {
    const path = node.type === 'Literal' && typeof node.value === 'string' ? [node.value] : pathOf(node);
    if (path?.length !== 1) throw usage(`not the name of a field: ${text}`);
    return String(path[0]);
  });
}

/** The path of a field that the expression is: `user.id`, `items[0]`, `$["@time"]`; [] is the record. undefined: it is something else. */
export function pathOf(start: { type: string }): (string | number)[] | undefined {
  const node = bare(start);
  if (node.type === 'Identifier') {
    if (['undefined', 'NaN', 'Infinity', 'Math'].includes(node.name)) return undefined;
    return node.name === '$' ? [] : [node.name];
  }
  if (node.type !== 'MemberExpression') return undefined;
  const path = pathOf(node.object);
  const key = bare(node.property as Expression);
  if (!path) return undefined;
  if (!node.computed && key.type === 'Identifier') return [...path, key.name];
  const fixed = node.computed && key.type === 'Literal' && (typeof key.value === 'string' || Number.isInteger(key.value));
  return fixed ? [...path, path.length === 0 ? String(key.value) : (key.value as string | number)] : undefined;
}

/** The name of an item that has none: a field's last member, or a call's function with its arguments. */
function ownName(node: Expression): string {
  const name = pathName(node) ?? callName(node);
  if (name === undefined) throw usage('this needs a name');
  return name;
}

function pathName(node: { type: string }): string | undefined {
  const path = pathOf(node);
  if (!path || path.length === 0) return undefined;
  return path.slice(path.findLastIndex((key) => typeof key === 'string')).join('_');
}

function callName(node: { type: string }): string | undefined {
  if (node.type === 'Literal') return String((node as { value?: unknown }).value);
  const call = node as CallExpression;
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier') return undefined;
  const parts = [call.callee.name, ...call.arguments.map((a) => pathName(a) ?? callName(a))];
  return parts.includes(undefined) ? undefined : parts.join('_').replace(/[^\p{L}\p{N}_]+/gu, '_').replace(/_+$/, '');
}
