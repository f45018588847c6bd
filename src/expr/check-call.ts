// in: a call by name, such as `round(x, 2)` or `sum(price)`
// out: nothing if the function exists, may stand there and takes that many arguments; otherwise a TextError

import type { CallExpression, Identifier } from 'acorn';
import { AGGREGATES } from './aggregates/table.ts';
import { OTHER_NAMES } from './allowed.ts';
import { type AnyNode, strip } from './ast.ts';
import type { NodeChecker, Place } from './checker.ts';
import { FUNCTIONS } from './functions/table.ts';
import { didYouMean } from '../model/suggest.ts';

interface Signature {
  readonly name: string;
  readonly usage: string;
  readonly min: number;
  readonly max: number;
}

/** A function of the row, or an aggregate where one may stand. */
export function checkFunctionCall(checker: NodeChecker, node: CallExpression, callee: Identifier, place: Place): void {
  const aggregate = AGGREGATES.get(callee.name);
  const known: Signature | undefined = FUNCTIONS.get(callee.name) ?? aggregate;
  if (known === undefined) unknown(checker, callee, place);
  checkArity(checker, node, known);
  if (aggregate === undefined) checkArguments(checker, node, known, place);
  else checkAggregate(checker, node, callee, aggregate.over === true, place);
}

function checkAggregate(checker: NodeChecker, node: CallExpression, callee: Identifier, over: boolean, place: Place): void {
  checkAggregatePlace(checker, callee, over, place);
  for (const argument of node.arguments) {
    if (argument.type === 'SpreadElement') checker.fail(argument, 'an aggregate takes no spread');
    checker.visit(argument, { bound: place.bound, inside: callee.name });
  }
}

function unknown(checker: NodeChecker, callee: Identifier, place: Place): never {
  if (place.bound.has(callee.name)) checker.fail(callee, `'${callee.name}' is a value, not a function`);
  const names = [...FUNCTIONS.keys(), ...AGGREGATES.keys()];
  const other = Object.hasOwn(OTHER_NAMES, callee.name) ? `did you mean '${OTHER_NAMES[callee.name]}'?` : undefined;
  checker.fail(callee, `there is no function '${callee.name}'`, other ?? didYouMean(callee.name, names) ?? "'weir help functions' lists them");
}

function checkAggregatePlace(checker: NodeChecker, callee: Identifier, over: boolean, place: Place): void {
  const { name } = callee;
  if (place.inside !== undefined) {
    checker.fail(callee, `an aggregate cannot stand inside '${place.inside}'`, "aggregate the rows of one stage in the next: 'then agg …', 'then per-window …'");
  }
  if (over && !place.over) checker.fail(callee, `'${name}' belongs to the stage 'over'`);
  if (!place.aggregates) checker.fail(callee, `'${name}' is an aggregate`, "aggregates belong to stages such as 'agg' and 'tumble'");
  if (place.bound.size > 0) checker.fail(callee, 'an aggregate cannot stand inside a function');
}

function checkArity(checker: NodeChecker, node: CallExpression, known: Signature): void {
  const spread = node.arguments.some((argument) => argument.type === 'SpreadElement');
  const count = node.arguments.length;
  if (spread ? known.max === Number.POSITIVE_INFINITY : count >= known.min && count <= known.max) return;
  checker.fail(node, `'${known.name}' takes ${amount(known)}${spread ? ', and no spread' : `, not ${count}`}`, `write '${known.usage}'`);
}

function amount({ min, max }: Signature): string {
  const plural = (n: number) => `${n === 0 ? 'no' : n} argument${n === 1 ? '' : 's'}`;
  if (min === max) return plural(min);
  return max === Number.POSITIVE_INFINITY ? `at least ${plural(min)}` : `${min} to ${plural(max)}`;
}

/** Arguments of a function of the row: values, and a regular expression where a pattern is taken. */
function checkArguments(checker: NodeChecker, node: CallExpression, known: Signature, place: Place): void {
  const pattern = FUNCTIONS.get(known.name)!.pattern;
  node.arguments.forEach((argument, i) => {
    const value = strip(argument.type === 'SpreadElement' ? (argument.argument as AnyNode) : argument);
    if (value.type === 'Literal' && value.regex && i === pattern) checker.regex(value);
    else checker.visit(value, place);
  });
}
