// in: a checked call of a function, a method or a member of Math
// out: its code

import type { ArrowFunctionExpression, CallExpression, Expression, MemberExpression, SpreadElement } from 'acorn';
import { TextError } from '../model/errors.ts';
import { constantOf, strip } from './ast.ts';
import { ArgumentError, type FunctionDefinition } from './functions/definition.ts';
import { FUNCTIONS } from './functions/table.ts';
import type { Bound, CodeGenerator } from './generator.ts';
import type { Piece } from './source.ts';

export function generateCall(generator: CodeGenerator, node: CallExpression, bound: Bound): Piece {
  const done = generator.context.result?.(node);
  if (done !== undefined) return { code: done.value, kind: 'any' };
  const callee = strip(node.callee);
  if (callee.type === 'Identifier') return functionCall(generator, node, FUNCTIONS.get(callee.name)!, bound);
  const member = callee as MemberExpression;
  const object = strip(member.object);
  const name = (member.property as { name: string }).name;
  if (object.type === 'Identifier' && object.name === 'Math' && !bound.has('Math')) return mathCall(generator, node, name, bound);
  const args = node.arguments.map((argument) => methodArgument(generator, argument, bound));
  const self = generator.value(object, bound).code;
  if (object.type === 'Literal' && object.regex) return { code: `${generator.parameters.helper('regexTest')}(${self}, ${args[0] ?? 'undefined'})`, kind: 'boolean' };
  return { code: `${generator.parameters.method(name)}(${[self, ...args].join(', ')})`, kind: 'any' };
}

function mathCall(generator: CodeGenerator, node: CallExpression, name: string, bound: Bound): Piece {
  const helper = () => generator.parameters.helper('num');
  const args = node.arguments.map((argument) =>
    argument.type === 'SpreadElement'
      ? `...${generator.list([argument], bound).slice(3)}.map(${helper()})`
      : generator.number(argument, bound),
  );
  return { code: `Math.${name}(${args.join(', ')})`, kind: 'number' };
}

function methodArgument(generator: CodeGenerator, argument: Expression | SpreadElement, bound: Bound): string {
  const node = strip(argument);
  return node.type === 'ArrowFunctionExpression' ? arrow(generator, node, bound) : generator.list([argument], bound);
}

function arrow(generator: CodeGenerator, node: ArrowFunctionExpression, outer: Bound): string {
  const bound = new Map(outer);
  const names = node.params.map((parameter) => {
    const name = generator.freshParameter();
    bound.set((parameter as { name: string }).name, name);
    return name;
  });
  return `((${names.join(', ')}) => ${generator.value(node.body, bound).code})`;
}

function functionCall(generator: CodeGenerator, node: CallExpression, definition: FunctionDefinition, bound: Bound): Piece {
  if (definition.name === 'event_time' || definition.name === 'watermark') return timeCall(generator, node, definition.name);
  const quick = definition.name === 'starts_with' ? startsWith(generator, node, bound) : undefined;
  if (quick !== undefined) return quick;
  const constants = node.arguments.map((argument) => constantOrRegex(argument));
  let made: (...args: unknown[]) => unknown;
  try {
    made = definition.create({ zone: generator.context.zone, constants });
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const at = node.arguments[error.index] ?? node;
    throw new TextError(error.message, generator.context.text, at.start, at.end);
  }
  const exact = (argument: Expression | SpreadElement) =>
    definition.literals && argument.type !== 'SpreadElement' ? generator.json(argument, bound) : generator.list([argument], bound);
  const code = `${generator.parameters.constant(made)}(${node.arguments.map(exact).join(', ')})`;
  return { code, kind: definition.kind ?? 'any' };
}

/** A field against a constant: its bytes are compared. */
function startsWith(generator: CodeGenerator, node: CallExpression, bound: Bound): Piece | undefined {
  const path = generator.path(node.arguments[0]!, bound);
  const constant = constantOf(node.arguments[1]!);
  const code = path !== undefined && typeof constant === 'string' ? generator.source.startsWith(path, constant) : undefined;
  return code === undefined ? undefined : { code, kind: 'boolean' };
}

/** An argument that is the same for every row, for functions that prepare for it. */
function constantOrRegex(argument: Expression | SpreadElement): unknown {
  const node = strip(argument);
  if (node.type === 'Literal' && node.regex) return new RegExp(node.regex.pattern, node.regex.flags);
  return constantOf(node);
}

function timeCall(generator: CodeGenerator, node: CallExpression, name: 'event_time' | 'watermark'): Piece {
  const code = name === 'event_time' ? generator.source.eventTime() : generator.source.watermark();
  if (code !== undefined) return { code, kind: 'number' };
  throw new TextError(`'${name}()' is of a record, and this is of a group`, generator.context.text, node.start, node.end, `wrap it: 'max(${name}())'`);
}
