// in: a syntax tree
// out: nothing if it holds only what is listed; otherwise a TextError under the part that is not

import type { ArrowFunctionExpression, CallExpression, Identifier, Literal, MemberExpression, Property } from 'acorn';
import { TextError } from '../model/errors.ts';
import { checkFunctionCall } from './check-call.ts';
import type { CheckOptions, NodeChecker, Place } from './checker.ts';
import { BINARY, CALLBACK_METHODS, MATH_CONSTANTS, MATH_FUNCTIONS, METHODS, REGEX_METHODS, UNARY } from './allowed.ts';
import { type AnyNode, strip } from './ast.ts';
import { didYouMean } from '../model/suggest.ts';

/** Refuses everything that is not listed, so that an expression reaches nothing but the record, the functions and the methods. */
export function check(text: string, node: AnyNode, options: CheckOptions): void {
  new Checker(text).visit(node, { ...options, bound: new Set() });
}

class Checker implements NodeChecker {
  constructor(readonly text: string) {}

  fail(node: { start: number; end: number }, message: string, help?: string): never {
    throw new TextError(message, this.text, node.start, node.end, help);
  }

  visitAll(nodes: readonly (AnyNode | null)[], place: Place): void {
    for (const node of nodes) {
      if (node === null) continue;
      this.visit(node.type === 'SpreadElement' ? (node as { argument: AnyNode } & AnyNode).argument : node, place);
    }
  }

  visit(start: AnyNode, place: Place): void {
    const node = strip(start);
    switch (node.type) {
      case 'Identifier':
        this.identifier(node, place);
        break;
      case 'Literal':
        this.literal(node);
        break;
      case 'TemplateLiteral':
        this.visitAll(node.expressions, place);
        break;
      case 'UnaryExpression':
        if (!UNARY.has(node.operator)) this.fail(node, `'${node.operator}' is not allowed`);
        this.visit(node.argument, place);
        break;
      case 'BinaryExpression':
        if (!BINARY.has(node.operator)) this.fail(node, `'${node.operator}' is not allowed`);
        this.visitAll([node.left, node.right], place);
        break;
      case 'LogicalExpression':
        this.visitAll([node.left, node.right], place);
        break;
      case 'ConditionalExpression':
        this.visitAll([node.test, node.consequent, node.alternate], place);
        break;
      case 'MemberExpression':
        this.member(node, place);
        break;
      case 'ArrayExpression':
        this.visitAll(node.elements, place);
        break;
      case 'ObjectExpression':
        for (const p of node.properties) {
          if (p.type === 'SpreadElement') this.visit(p.argument, place);
          else this.property(p, place);
        }
        break;
      case 'CallExpression':
        this.call(node, place);
        break;
      default:
        this.refuse(node);
    }
  }

  private literal(node: Literal): void {
    if (node.bigint) this.fail(node, 'numbers end without an n here', "leave out the 'n'");
    if (node.regex) this.fail(node, "a regular expression can only be an argument, or be tested: '/…/.test(x)'");
  }

  private identifier(node: Identifier, place: Place): void {
    if (node.name === 'Math' && !place.bound.has('Math')) this.fail(node, "'Math' alone is no value", "call one of its functions: 'Math.floor(x)'");
  }

  /** A regular expression where one may stand. */
  regex(node: Literal): void {
    // sticky expressions remember where the last record's match ended
    if (node.regex!.flags.includes('y')) this.fail(node, "the flag 'y' has no meaning here", 'leave it out');
  }

  private property(property: Property, place: Place): void {
    if (property.kind !== 'init' || property.method) this.fail(property, "an object here has plain members only: '{name: value}'");
    if (property.computed) this.visit(property.key, place);
    this.visit(property.value, place);
  }

  private member(node: MemberExpression, place: Place): void {
    if (node.property.type === 'PrivateIdentifier') this.fail(node.property, 'private names are not allowed');
    if (this.isMath(node.object, place)) {
      const name = node.property.type === 'Identifier' && !node.computed ? node.property.name : undefined;
      if (name !== undefined && MATH_CONSTANTS.has(name)) return;
      const functions = name !== undefined && MATH_FUNCTIONS.has(name);
      this.fail(node, functions ? `'Math.${name}' is a function` : "there is no such member of 'Math'", functions ? `call it: 'Math.${name}(x)'` : undefined);
    }
    this.visit(node.object, place);
    if (node.computed) this.visit(node.property, place);
  }

  isMath(node: AnyNode, place: Place): boolean {
    const object = strip(node);
    return object.type === 'Identifier' && object.name === 'Math' && !place.bound.has('Math');
  }

  private call(node: CallExpression, place: Place): void {
    const callee = strip(node.callee);
    if (callee.type === 'Identifier') checkFunctionCall(this, node, callee, place);
    else if (callee.type !== 'MemberExpression') this.fail(callee, 'only the listed functions and methods can be called');
    else this.memberCall(node, callee, place);
  }

  private memberCall(node: CallExpression, callee: MemberExpression, place: Place): void {
    const name = callee.property;
    if (callee.computed || name.type !== 'Identifier') this.fail(name, "a method is called by its name: 'x.name()'");
    else if (this.isMath(callee.object, place)) this.mathCall(node, name, place);
    else if (name.name === 'where' && place.aggregates) this.where(node, callee, place);
    else this.method(node, callee, name, place);
  }

  private mathCall(node: CallExpression, name: Identifier, place: Place): void {
    if (name.name === 'random') this.fail(name, "'Math.random' would make another output at every run", "use 'hash(x)' of a field to sample");
    if (!MATH_FUNCTIONS.has(name.name)) {
      this.fail(name, `'Math' has no function '${name.name}'`, didYouMean(name.name, MATH_FUNCTIONS));
    }
    this.visitAll(node.arguments, place);
  }

  private method(node: CallExpression, callee: MemberExpression, name: Identifier, place: Place): void {
    if (!METHODS.has(name.name)) this.fail(name, `there is no method '${name.name}'`, this.methodHelp(node, name.name));
    const object = strip(callee.object);
    const regex = object.type === 'Literal' && object.regex !== undefined;
    if (REGEX_METHODS.has(name.name) !== regex) {
      this.fail(name, regex ? `a regular expression has no '${name.name}' here` : `'${name.name}' is a method of a regular expression: '/…/.test(x)'`);
    }
    if (regex) this.regex(object);
    else this.visit(object, place);
    for (const argument of node.arguments) this.argument(argument, name.name, place);
  }

  private methodHelp(node: CallExpression, name: string): string | undefined {
    if (name === 'length') return "it is no method: 'x.length', or 'len(x)'";
    if (name === 'where') return "'.where(…)' belongs to an aggregate: 'sum(x).where(x > 0)'";
    return didYouMean(name, METHODS) ?? (node.arguments.length > 0 ? "'weir help expressions' lists functions and methods" : undefined);
  }

  /** An argument of a method: also a regular expression or an arrow function. */
  private argument(argument: AnyNode, method: string, place: Place): void {
    const node = strip(argument.type === 'SpreadElement' ? (argument as { argument: AnyNode } & AnyNode).argument : argument);
    if (node.type === 'Literal' && node.regex) this.regex(node);
    else if (node.type !== 'ArrowFunctionExpression') this.visit(node, place);
    else if (CALLBACK_METHODS.has(method)) this.arrow(node, place);
    else this.fail(node, `'${method}' takes no function`);
  }

  private arrow(node: ArrowFunctionExpression, place: Place): void {
    if (node.async) this.fail(node, 'a function cannot be async here');
    if (node.body.type === 'BlockStatement') this.fail(node.body, 'a function is one expression here', "write 'x => expression', without braces");
    const bound = new Set(place.bound);
    for (const parameter of node.params) {
      if (parameter.type !== 'Identifier') this.fail(parameter, 'a parameter is a plain name here');
      bound.add(parameter.name);
    }
    this.visit(node.body, { ...place, bound });
  }

  /** `aggregate(…).where(condition)`. */
  private where(node: CallExpression, callee: MemberExpression, place: Place): void {
    const call = strip(callee.object);
    const name = call.type === 'CallExpression' && call.callee.type === 'Identifier' ? call.callee.name : undefined;
    if (name === undefined) this.fail(callee.object, "'.where' belongs to an aggregate", "such as 'sum(x).where(x > 0)'");
    this.visit(call, place);
    if (node.arguments.length !== 1) this.fail(node, "'.where' takes one condition");
    this.visit(node.arguments[0]!, { bound: place.bound, inside: name });
  }

  private refuse(node: AnyNode): never {
    const [message, help] = REFUSED[node.type] ?? [`this (${node.type}) is not part of the expressions here`, undefined];
    const at = node.type === 'AssignmentExpression' ? this.operator(node as { left: AnyNode; right: AnyNode } & AnyNode) : node;
    return this.fail(at, message, help);
  }

  /** Where the operator of an assignment stands. */
  private operator(node: { left: AnyNode; right: AnyNode }): { start: number; end: number } {
    const between = this.text.slice(node.left.end, node.right.start);
    const operator = /[-+*/%&|^<>?=]+/.exec(between);
    const start = node.left.end + (operator?.index ?? 0);
    return { start, end: start + (operator?.[0].length ?? 1) };
  }
}

const REFUSED: Readonly<Record<string, readonly [string, string?]>> = {
  AssignmentExpression: ['nothing can be assigned inside an expression', "to compare, write '=='"],
  ArrowFunctionExpression: ['a function can only be the argument of a method', "such as 'items.map(x => x.sku)'"],
  SequenceExpression: ['one expression is expected here, not a list'],
  UpdateExpression: ['nothing can be changed inside an expression', "write 'x + 1'"],
  TaggedTemplateExpression: ['a template cannot be tagged here'],
  ImportExpression: ['nothing can be imported here'],
};
