// in: expressions that are wrong
// out: the message, the words under the caret, and the remedy

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAggregates } from '../../src/expr/aggregates/plan.ts';
import { compileValue } from '../../src/expr/compile.ts';
import { parseAssignments, parseExpression, parseFields, parseKeys, parsePairs } from '../../src/expr/parse.ts';
import { TextError } from '../../src/model/errors.ts';
import { TestScope } from './support.ts';

/** `message | words under the caret | help` of what goes wrong. */
function wrong(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const help = error.help === undefined ? '' : ` | ${error.help}`;
    return `${error.message} | ${error.text.slice(error.start, error.end)}${help}`;
  }
  return 'nothing is wrong';
}

const compile = (text: string) => compileValue(parseExpression(text), new TestScope());

const EXPRESSIONS: readonly [string, string][] = [
  ['', 'the expression ends too early | '],
  ['a >', 'the expression ends too early | '],
  ['a > > b', "unexpected '>' | >"],
  ['a b', "unexpected 'b' | b"],
  ['a and b', "unexpected 'and' | and | write '&&'"],
  ['a, b', "unexpected ',' | , | one expression is expected here, not a list"],
  ['@ts > 5', `unexpected '@' | @ | write a field whose name is no word as '$["@name"]'`],
  ['"a', 'a string is not closed | "a'],
  ['status = 500', "nothing can be assigned inside an expression | = | to compare, write '=='"],
  ['a == (b = 2)', "nothing can be assigned inside an expression | = | to compare, write '=='"],
  ['a += 1', "nothing can be assigned inside an expression | += | to compare, write '=='"],
  ['a++', "nothing can be changed inside an expression | a++ | write 'x + 1'"],
  ['lowr(a)', "there is no function 'lowr' | lowr | did you mean 'lower'?"],
  ['startsWith(a, "x")', "there is no function 'startsWith' | startsWith | did you mean 'starts_with'?"],
  ['length(a)', "there is no function 'length' | length | did you mean 'len'?"],
  ['round(a, 1, 2)', "'round' takes 1 to 2 arguments, not 3 | round(a, 1, 2) | write 'round(x, digits?)'"],
  ['sum(a)', "'sum' is an aggregate | sum | aggregates belong to stages such as 'agg' and 'tumble'"],
  ['a.includs("x")', "there is no method 'includs' | includs | did you mean 'includes'?"],
  ['a.length()', "there is no method 'length' | length | it is no method: 'x.length', or 'len(x)'"],
  ['Math.flor(a)', "'Math' has no function 'flor' | flor | did you mean 'floor'?"],
  ['Math.random()', "'Math.random' would make another output at every run | random | use 'hash(x)' of a field to sample"],
  ['matches(a, "(")', 'this is no regular expression: /(/: Unterminated group | "("'],
  ['format_time(t, "%Q")', `'%Q' is no part of a time format; write '%%' for a percent sign | "%Q"`],
  ['hour(t, "Europe/Atlantis")', `'Europe/Atlantis' is no time zone | "Europe/Atlantis"`],
  ['floor_time(t, "1q")', `'q' is not a unit of time | "1q"`],
  ['x => x', "a function can only be the argument of a method | x => x | such as 'items.map(x => x.sku)'"],
  ['a.map(x => { x })', "a function is one expression here | { x } | write 'x => expression', without braces"],
  ['a in b', "unexpected 'in' | in | 'in' is no operator here; expressions are the record's fields, operators and the listed functions"],
  ['5n > a', "numbers end without an n here | 5n | leave out the 'n'"],
  ['/a/', "a regular expression can only be an argument, or be tested: '/…/.test(x)' | /a/"],
];

for (const [text, expected] of EXPRESSIONS) {
  test(`expression: ${text}`, () => assert.equal(wrong(() => compile(text)), expected));
}

const LISTS: readonly [() => unknown, string][] = [
  [() => parseAssignments('a + 1'), "this needs a name | a + 1 | write 'name = a + 1'"],
  [() => parseAssignments('a = 1,'), 'nothing follows the last comma | ,'],
  [() => parseAssignments('a = 1 b = 2'), "unexpected 'b' | b"],
  [() => parseAssignments('user.id = 1'), "only a field of the record itself can be set | user.id | set the whole of it: 'user = {...user, id: …}'"],
  [() => parseAssignments('"" = 1'), 'a field cannot have an empty name | ""'],
  [() => parseKeys('...a'), "unexpected '...' | ..."],
  [() => parseFields('a, b + c'), 'this is not the name of a field | b + c'],
  [() => parsePairs('a = b + 1'), 'this is not the name of a field | b + 1'],
];

for (const [run, expected] of LISTS) test(`list: ${run}`, () => assert.equal(wrong(run), expected));

const AGGREGATES: readonly [string, string][] = [
  [
    'n = count(), p = path',
    "'path' is a field of each record, and this is about a group of them | path | take one of them, such as 'first(path)', or group '--by' it",
  ],
  ['n = count(), r = nn / 2', "'nn' is a field of each record, and this is about a group of them | nn | did you mean 'n'? Otherwise take one of them, such as 'first(nn)', or group '--by' it"],
  ['x = sum(max(a))', "an aggregate cannot stand inside 'sum' | max | aggregate the rows of one stage in the next: 'then agg …', 'then per-window …'"],
  ['x = quantile(a, 99)', "the second argument is a number from 0 to 1, such as 0.99 | 99 | write 'quantile(x, q)'"],
  ['x = quantile(a, b)', "the second argument is a number from 0 to 1, such as 0.99 | b | write 'quantile(x, q)'"],
  ['count(), count()', "two outputs are called 'count' | count() | give this one another name: 'name = …'"],
  ['key = count()', "a key or a bound of the window is called 'key' | count() | give this one another name: 'name = …'"],
  ['sum(a).where(a > 1)', "this needs a name | sum(a).where(a > 1) | write 'name = sum(a).where(a > 1)'"],
  ['x = a.where(b)', "'.where' belongs to an aggregate | a | such as 'sum(x).where(x > 0)'"],
  ['x = avg(a), y = avrg(a)', "there is no function 'avrg' | avrg | did you mean 'avg'?"],
  ['x = lag(a)', "'lag' belongs to the stage 'over' | lag"],
  ['x = collect(a).map(v => sum(v))', 'an aggregate cannot stand inside a function | sum'],
  ['x = event_time()', "'event_time()' is of a record, and this is of a group | event_time() | wrap it: 'max(event_time())'"],
];

for (const [text, expected] of AGGREGATES) {
  test(`aggregates: ${text}`, () => assert.equal(wrong(() => compileAggregates(text, new TestScope(), { keys: { names: ['key'], times: [] } })), expected));
}
