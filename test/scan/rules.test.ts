// in: lines, good and bad
// out: each rule of what a record is, and of how its members are found, one by one

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBytes, Type } from '../../src/model/token.ts';
import { scan, type Token } from './helpers.ts';

/** The token of `name` in a line that must be a record; `missing` where there is none. */
function token(line: string, name: string): Token {
  const { rows, errors } = scan(line, [name]);
  assert.deepEqual(errors, []);
  assert.equal(rows.length, 1);
  return rows[0]!.tokens[name] ?? { type: Type.missing, text: '' };
}

/** Why a line is refused when `names` are asked for; '' if it is not. */
function refusal(line: string, names: string[] = [], whole = false): string {
  const { rows, errors } = scan(`{"before":1}\n${line}\n{"behind":1}\n`, names, whole);
  const bytes = encodeBytes(line);
  assert.deepEqual(rows.map((r) => r.line).filter((l) => l !== bytes), ['{"before":1}', '{"behind":1}']);
  for (const e of errors) assert.equal(e.line, bytes);
  return errors.map((e) => e.reason).join();
}

test('tokens have their type and exactly their bytes', () => {
  const line = ' { "s" : "x y" ,\t"e":"\\n", "n":-1.50e+2 ,"t":true,"f": false,"z":null,"o":{"a":[1]} , "l":[ ] }\r\n';
  const types: [string, number, string][] = [
    ['s', Type.string, '"x y"'],
    ['e', Type.escaped, '"\\n"'],
    ['n', Type.number, '-1.50e+2'],
    ['t', Type.true, 'true'],
    ['f', Type.false, 'false'],
    ['z', Type.null, 'null'],
    ['o', Type.object, '{"a":[1]}'],
    ['l', Type.array, '[ ]'],
    ['not there', Type.missing, ''],
  ];
  for (const [name, type, text] of types) assert.deepEqual(token(line, name), { type, text }, name);
});

test('a record is its line without the newline: white space and \\r stay', () => {
  assert.deepEqual(scan(' {"a":1} \r\n{}\n', []).rows.map((r) => r.line), [' {"a":1} \r', '{}']);
});

test('the last line needs no newline', () => {
  assert.deepEqual(scan('{"a":1}\n{"a":2}', ['a']).rows.map((r) => r.tokens['a']!.text), ['1', '2']);
  assert.deepEqual(scan('{"a":', ['a']).errors, [{ line: '{"a":', reason: 'a value expected' }]);
});

test('lines of white space are no records', () => {
  assert.equal(scan('\n \n\t\r\n{}\n\n', []).rows.length, 1);
  assert.equal(scan('   ', []).rows.length, 0);
  assert.equal(scan('', []).rows.length, 0);
});

test('of duplicate names the last one counts, whatever it is', () => {
  assert.equal(token('{"a":1,"b":2,"a":"x"}', 'a').text, '"x"');
  assert.deepEqual(token('{"a":1,"\\u0061":null}', 'a'), { type: Type.null, text: 'null' });
});

test('a name is the same however it is written', () => {
  for (const line of ['{"\\u0061b":1}', '{"a\\u0062":1}', '{"\\u0061\\u0062":1}']) assert.equal(token(line, 'ab').text, '1');
  assert.equal(token('{"\\ud83d\\ude00":1}', '😀').text, '1');
  assert.equal(token('{"\\/\\"\\\\\\b\\f\\n\\r\\t":1}', '/"\\\b\f\n\r\t').text, '1');
  assert.equal(token('{"\\u00e9\\u65e5":1}', 'é日').text, '1');
  assert.equal(token('{"":1}', '').text, '1');
  assert.equal(token('{"\\u0061":1}', 'ab').type, Type.missing);
  assert.equal(token('{"\\u0061bc":1}', 'ab').type, Type.missing);
});

test('only members of the first level are found', () => {
  assert.equal(token('{"o":{"a":1},"l":[{"a":2}],"s":"\\"a\\":3"}', 'a').type, Type.missing);
});

test('what is no object is refused', () => {
  for (const line of ['1', '"x"', '[{}]', 'null', 'x', '}', '\u0000', '\ufeff{}']) assert.equal(refusal(line), 'this is not a JSON object', line);
});

test('strings are closed, without control characters, wherever they are', () => {
  for (const names of [[], ['a']]) {
    assert.equal(refusal('{"a":"x', names), 'a string is not closed');
    assert.equal(refusal('{"a":"x\\', names), 'a string is not closed');
    assert.equal(refusal('{"a":"x\\"}', names), 'a string is not closed');
    assert.equal(refusal('{"a', names), 'a string is not closed');
    assert.equal(refusal('{"a":{"b":"x}}', names), 'a string is not closed');
    assert.equal(refusal('{"a":"x\ty"}', names), 'a control character stands in a string');
    assert.equal(refusal('{"a":"x\\\ty"}', names), 'a control character stands in a string');
    assert.equal(refusal('{"a":["\u001f"]}', names), 'a control character stands in a string');
    assert.equal(refusal('{"\u0000":1}', names), 'a control character stands in a string');
    assert.equal(refusal('{"a":"\u007f\u0080"}', names), '');
  }
});

test('brackets are balanced, each closed by its own kind, wherever they are', () => {
  for (const names of [[], ['a']]) {
    assert.equal(refusal('{"a":{"b":1]}', names), "'}' expected");
    assert.equal(refusal('{"a":[1}}', names), "']' expected");
    assert.equal(refusal('{"a":[[1]', names), "']' expected");
    assert.equal(refusal('{"a":{"b":[1]', names), "'}' expected");
    assert.equal(refusal('{"a":1', names), 'the object is not closed');
    assert.equal(refusal('{"a":1]', names), "',' or '}' expected");
    assert.equal(refusal('{"a":1}}', names), 'something stands behind the object');
  }
});

test('separators of the first level are right', () => {
  assert.equal(refusal('{"a" 1}'), "':' expected");
  assert.equal(refusal('{"a":1 "b":2}'), "',' or '}' expected");
  assert.equal(refusal('{"a":1"b":2}'), "',' or '}' expected");
  assert.equal(refusal('{"a":"x""b":2}'), "',' or '}' expected");
  assert.equal(refusal('{"a":1,}'), 'the name of a member, in quotes, expected');
  assert.equal(refusal('{,"a":1}'), 'the name of a member, in quotes, expected');
  assert.equal(refusal('{a:1}'), 'the name of a member, in quotes, expected');
  assert.equal(refusal('{"a":}'), 'a value expected');
  assert.equal(refusal('{"a":,"b":1}'), 'a value expected');
  assert.equal(refusal('{"a"::1}'), 'a value expected');
  assert.equal(refusal('{'), 'the object is not closed');
  assert.equal(refusal('{"a":1,'), 'the object is not closed');
});

test('nothing stands behind the object', () => {
  for (const line of ['{} x', '{}{}', '{},', '{"a":1}1']) assert.equal(refusal(line), 'something stands behind the object');
});

test('two lines torn into one are caught', () => {
  assert.notEqual(refusal('{"a":12{"a":13}'), '');
  assert.notEqual(refusal('{"a":tru{"a":13}'), '');
  assert.notEqual(refusal('{"a":"x{"a":"y"}'), '');
  assert.notEqual(refusal('{"a":[1,2{"a":[1]}'), '');
});

test('tokens that are asked for are checked whole', () => {
  const numbers = ['01', '-', '1.', '.5', '+1', '1e', '1e+', '0x1', '1.e5', '--1', '-01', '00', 'NaN', 'Infinity', '1_000'];
  for (const n of numbers) assert.notEqual(refusal(`{"a":${n}}`, ['a']), '', n);
  assert.equal(refusal('{"a":1.}', ['a']), 'a number is malformed');
  assert.equal(refusal('{"a":tru}', ['a']), 'a value is malformed: neither true nor false nor null');
  assert.equal(refusal('{"a":truex}', ['a']), "',' or '}' expected");
  for (const s of ['\\x', '\\u12', '\\u12g4', "\\'", '\\u 123']) assert.equal(refusal(`{"a":"${s}"}`, ['a']), 'a string has an escape that JSON does not know', s);
  const nested = ['{1}', '{"x"}', '{"x":1,2}', '[1:2]', '[1}', '{]', '[1 2]', '[1,]', '[,1]', '[01]', '{"x" 1}', '{"x":}', '{"x":1,}', '{1:1}', '[tru]', '["\\x"]', '{"\\x":1}', '[{"x":[}]', '{"x":1 "y":2}'];
  for (const v of nested) assert.notEqual(refusal(`{"a":${v}}`, ['a']), '', v);
});

test('of the others, words and what is inside of brackets may be anything', () => {
  for (const v of ['tru', '01', '1.e+5', '[1 2 ,, x]', '{"x" "y":}', '"\\x"', '[{}{}]']) {
    assert.equal(refusal(`{"a":${v}}`), '', v);
    assert.notEqual(refusal(`{"a":${v}}`, [], true), '', v);
  }
});

test('names are checked whole, always', () => {
  assert.equal(refusal('{"\\x":1}'), 'a string has an escape that JSON does not know');
});

test('brackets may be nested 10000 deep, and no deeper', () => {
  const deep = (n: number) => `{"a":${'['.repeat(n)}${']'.repeat(n)}}`;
  for (const names of [[], ['a']]) {
    assert.equal(refusal(deep(10000), names), '');
    assert.equal(refusal(deep(10001), names), 'brackets are nested more than 10000 deep');
    assert.equal(refusal(`{"a":${'['.repeat(100000)}`, names), 'brackets are nested more than 10000 deep');
    assert.equal(refusal(`{"a":${'{"x":'.repeat(9999)}{}${'}'.repeat(9999)}}`, names), '');
  }
});

test('lines, names and values of a megabyte, and thousands of members', () => {
  const long = 'x'.repeat(1 << 20);
  assert.equal(token(`{"a":"${long}","b":1}`, 'b').text, '1');
  assert.equal(token(`{"a":"${long}","b":1}`, 'a').text.length, long.length + 2);
  assert.equal(token(`{"${long}":1,"b":2}`, 'b').text, '2');
  assert.equal(token(`{"${long}":1,"b":2}`, long).text, '1');
  assert.equal(token(`{${' '.repeat(1 << 20)}"b"${' '.repeat(1 << 20)}:2}`, 'b').text, '2');
  const many = Array.from({ length: 20000 }, (_, i) => `"m${i}":${i}`).join();
  const lines = `{${many}}\n`.repeat(3);
  assert.deepEqual(scan(lines, ['m17', 'm19999', 'm20000']).rows.map((r) => Object.values(r.tokens).map((t) => t.text)), Array(3).fill(['17', '19999']));
});

test('a batch holds 2048 rows, the scan goes on behind them', () => {
  const { rows } = scan(Array.from({ length: 5000 }, (_, i) => `{"i":${i}}\n`).join(''), ['i']);
  assert.deepEqual(rows.map((r) => Number(r.tokens['i']!.text)), Array.from({ length: 5000 }, (_, i) => i));
});

test('many fields', () => {
  const names = Array.from({ length: 300 }, (_, i) => `field${i}`);
  const line = `{${names.map((n, i) => `"${n}":${i}`).reverse().join(', ')}}\n`;
  const { rows } = scan(line.repeat(3), names);
  for (const row of rows) assert.deepEqual(names.map((n) => Number(row.tokens[n]!.text)), names.map((_, i) => i));
});

test('fields that some records lack are missing there, also once layouts are known', () => {
  const lines = ['{"a":1,"b":2}', '{"a":3}', '{"b":4}', '{}', '{"b":5,"a":6}', '{"a":7,"c":0,"b":8}'];
  const text = `${Array.from({ length: 200 }, (_, i) => lines[(i * i) % 6]).join('\n')}\n`;
  scan(text, ['a', 'b']).rows.forEach((row, i) => {
    const record = JSON.parse(lines[(i * i) % 6]!);
    assert.deepEqual(Object.keys(row.tokens), ['a', 'b'].filter((n) => n in record));
    for (const [name, t] of Object.entries(row.tokens)) assert.equal(t.text, String(record[name]));
  });
});
