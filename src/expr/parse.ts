// in: the text of an expression, or of a comma list of `name = expression`
// out: checked expressions with their names; TextError for what cannot be one

import type { Expression } from 'acorn';
import type { Path } from '../model/column.ts';
import { TextError } from '../model/errors.ts';
import { type Expr, fieldPath, type NamedExpr, strip } from './ast.ts';
import { check } from './check.ts';
import { ownName } from './names.ts';
import { parseOne, unexpected } from './parser.ts';

export interface ListOptions {
  /** `...object` may be an item */
  readonly spread?: boolean;
  /** aggregate functions may be called */
  readonly aggregates?: boolean;
  /** the functions of `over` may be called, too: `lag`, `row_number` */
  readonly over?: boolean;
}

/** One item of a list, before it is checked. `name` is what stands before its `=`. */
interface Item {
  readonly node: Expression;
  readonly name: string | undefined;
  readonly spread: boolean;
}

/** The text as one expression, such as `filter` takes. Throws TextError. */
export function parseExpression(text: string): Expr {
  const { node, next } = parseOne(text, 0);
  if (next < text.length) {
    const error = unexpected(text, next);
    throw text[next] === ',' ? new TextError(error.message, text, next, next + 1, 'one expression is expected here, not a list') : error;
  }
  check(text, node, {});
  return { text, node };
}

/** A comma list whose items have names: ASSIGNS, AGGS and KEYS. Throws TextError. */
export function parseNamed(text: string, options: ListOptions = {}): NamedExpr[] {
  return items(text, options.spread === true).map(({ node, name, spread }) => {
    check(text, node, options);
    return { text, node, spread, name: spread ? '' : (name ?? ownName(text, node)) };
  });
}

/** `map` and `select`: a list that may hold `...object`. */
export const parseAssignments = (text: string): NamedExpr[] => parseNamed(text, { spread: true });

/** `--by`. */
export const parseKeys = (text: string): NamedExpr[] => parseNamed(text);

/** A comma list of expressions whose names do not matter, such as `top` takes. Throws TextError. */
export function parseExpressions(text: string): Expr[] {
  return items(text, false).map(({ node, name }) => {
    if (name !== undefined) throw new TextError('no name is set here', text, node.start, node.end, "leave out 'name ='");
    check(text, node, {});
    return { text, node };
  });
}

/** A comma list of fields, each as its path, such as `drop` takes; a name that is no word may be quoted. Throws TextError. */
export function parseFields(text: string): Path[] {
  return items(text, false).map(({ node, name }) => {
    if (name !== undefined) throw new TextError('only names of fields belong here', text, node.start, node.end, "leave out 'name ='");
    return pathOf(text, node);
  });
}

/** A comma list of `left = right`, both paths of fields; one alone stands for both sides: `--on`, `rename`. Throws TextError. */
export function parsePairs(text: string): { left: Path; right: Path }[] {
  return list(text, (start) => {
    const quoted = leadingName(text, start);
    const { node, next } = parseOne(text, quoted?.end ?? start);
    if (quoted !== undefined) return { value: { left: [quoted.name], right: pathOf(text, node) }, next };
    const bare = strip(node);
    if (bare.type !== 'AssignmentExpression') return { value: { left: pathOf(text, node), right: pathOf(text, node) }, next };
    return { value: { left: pathOf(text, bare.left as Expression), right: pathOf(text, bare.right) }, next };
  });
}

function pathOf(text: string, node: Expression): Path {
  const quoted = strip(node);
  const path = quoted.type === 'Literal' && typeof quoted.value === 'string' ? [quoted.value] : fieldPath(node);
  if (path === undefined || path.length === 0) throw new TextError('this is not the name of a field', text, node.start, node.end);
  return path;
}

function items(text: string, spread: boolean): Item[] {
  return list(text, (start) => item(text, start, spread));
}

/** Reads items that are separated by commas, at least one. */
function list<T>(text: string, read: (start: number) => { value: T; next: number }): T[] {
  const found: T[] = [];
  for (let at = 0; ; at++) {
    if (found.length > 0 && text.slice(at).trim() === '') throw new TextError('nothing follows the last comma', text, at - 1, at);
    const { value, next } = read(at);
    found.push(value);
    if (next >= text.length) return found;
    if (text[next] !== ',') throw unexpected(text, next);
    at = next;
  }
}

function item(text: string, start: number, spread: boolean): { value: Item; next: number } {
  const dots = /\s*\.\.\./y;
  dots.lastIndex = start;
  if (spread && dots.test(text)) {
    const { node, next } = parseOne(text, dots.lastIndex);
    return { value: { node, name: undefined, spread: true }, next };
  }
  const named = leadingName(text, start);
  const { node, next } = parseOne(text, named?.end ?? start);
  if (named !== undefined) return { value: { node, name: named.name, spread: false }, next };
  return { value: recordMember(text, node) ?? { node, name: undefined, spread: false }, next };
}

/** `name =` or `"any name" =` at `start`, but not `name ==` or `name =>`. */
function leadingName(text: string, start: number): { name: string; end: number } | undefined {
  const pattern = /\s*(?:([\p{ID_Start}_][\p{ID_Continue}$]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))\s*=(?![=>])/uy;
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, word, quoted] = match;
  return { name: word ?? quotedName(text, start, quoted!), end: pattern.lastIndex };
}

function quotedName(text: string, start: number, quoted: string): string {
  const node = parseOne(quoted, 0).node;
  const name = node.type === 'Literal' ? String(node.value) : '';
  const at = text.indexOf(quoted, start);
  if (name === '') throw new TextError('a field cannot have an empty name', text, at, at + quoted.length);
  return name;
}

/** `$["name"] = expression` and `$.name = expression`. */
function recordMember(text: string, node: Expression): Item | undefined {
  if (node.type !== 'AssignmentExpression' || node.operator !== '=') return undefined;
  const path = fieldPath(node.left as Expression);
  if (path === undefined) return undefined;
  if (path.length === 1) return { node: node.right, name: String(path[0]), spread: false };
  const name = path.length === 0 ? '$' : String(path[0]);
  throw new TextError(
    'only a field of the record itself can be set',
    text,
    node.left.start,
    node.left.end,
    name === '$' ? "spread an object instead: '...object'" : `set the whole of it: '${name} = {...${name}, ${path.at(-1)}: …}'`,
  );
}
