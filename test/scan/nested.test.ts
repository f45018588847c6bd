// in: records with objects and arrays in them
// out: members within members, elements, lists of members: as JSON.parse has them

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Batch } from '../../src/model/batch.ts';
import type { TokenColumn } from '../../src/model/column.ts';
import { Type } from '../../src/model/token.ts';
import { elements } from '../../src/scan/columns.ts';
import { listElements, listMembers, memberTexts } from '../../src/scan/members.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { memory } from '../../src/wasm/memory.ts';
import { objectText, valueText } from './documents.ts';
import { place, property, type Random, SEED, sharedBatch, tokenAt, tokenColumns } from './helpers.ts';

const NAMES = ['a', 'id', 'Grüße', '__proto__', ''];

/** Scans lines for `o`, all rows selected. */
function outer(lines: string[]): { batch: Batch; column: TokenColumn } {
  const batch = sharedBatch();
  const [column] = tokenColumns(1);
  const scanner = new Scanner(memory(), [{ name: 'o', column: column! }]);
  const { from, end } = place(lines.map((l) => `${l}\n`).join(''));
  assert.equal(scanner.lines(from, end, batch).error, undefined);
  scanner.free();
  batch.selectAll();
  return { batch, column: column! };
}

function tokenValue(column: TokenColumn, row: number): unknown {
  const { type, text } = tokenAt(column, row);
  return type === Type.missing ? undefined : JSON.parse(Buffer.from(text, 'latin1').toString());
}

function own(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function record(r: Random): string {
  if (r.chance(0.1)) return '{}';
  return `{"o":${r.chance(0.7) ? objectText(r, Array.from({ length: r.int(6) }, () => r.pick(NAMES)), 2) : valueText(r, 2)}}`;
}

test('members of nested objects, for the selected rows', () => {
  for (let i = 0; i < 100; i++) {
    property(SEED + i, (r) => {
      const lines = Array.from({ length: r.int(60) + 1 }, () => record(r));
      const { batch, column } = outer(lines);
      const fields = tokenColumns(1 + NAMES.length).slice(1);
      const scanner = new Scanner(memory(), NAMES.map((name, f) => ({ name, column: fields[f]! })));
      for (const f of fields) f.type.fill(99);
      scanner.spans(batch, column);
      lines.forEach((line, row) => {
        const value = JSON.parse(line).o;
        NAMES.forEach((name, f) => {
          const expected = Array.isArray(value) ? undefined : own(value, name);
          assert.deepEqual(tokenValue(fields[f]!, row), expected, `${name} in ${line}`);
        });
      });
      scanner.free();
    });
  }
});

test('rows that are not selected stay as they are', () => {
  const { batch, column } = outer(['{"o":{"a":1}}', '{"o":{"a":2}}', '{"o":3}']);
  const inner = tokenColumns(2)[1]!;
  const scanner = new Scanner(memory(), [{ name: 'a', column: inner }]);
  inner.type.fill(99);
  batch.sel[0] = 1;
  batch.count = 1;
  scanner.spans(batch, column);
  assert.deepEqual([...inner.type.subarray(0, 3)], [99, Type.number, 99]);
  assert.equal(tokenAt(inner, 1).text, '2');
});

test('elements by index', () => {
  const lines = ['{"o":[1, "two" ,[3],{"x":[4,5]}]}', '{"o":[]}', '{"o":[ ]}', '{"o":{"0":1}}', '{}', '{"o":"ab"}'];
  const { batch, column } = outer(lines);
  const out = tokenColumns(2)[1]!;
  for (const index of [0, 1, 2, 3, 4, 2 ** 31, -1, 0.5]) {
    elements(batch, column, index, out);
    lines.forEach((line, row) => {
      const value = JSON.parse(line).o;
      assert.deepEqual(tokenValue(out, row), Array.isArray(value) ? value[index] : undefined, `${index} of ${line}`);
    });
  }
});

test('the elements of an array, in runs', () => {
  for (const n of [0, 1, 2047, 2048, 2049, 5000]) {
    const { column } = outer([`{"o":[${Array.from({ length: n }, (_, i) => (i % 2 ? i : `{"i":[${i}]}`)).join(' , ')}]}`]);
    const out = tokenColumns(2)[1]!;
    const found: string[] = [];
    let from = 0;
    do {
      const { count, next } = listElements(column.start[0]!, from, out);
      for (let i = 0; i < count; i++) found.push(tokenAt(out, i).text);
      from = next;
    } while (from);
    assert.deepEqual(found, Array.from({ length: n }, (_, i) => (i % 2 ? `${i}` : `{"i":[${i}]}`)));
  }
});

test('the members of a record, duplicates and all', () => {
  const text = ' { "a" : 1 ,"\\u0062":"\\n","é":[1] , "a":{ } }\r';
  const { from, end } = place(`${text}\n`);
  const bytes = (start: number, stop: number) => memory().memory.utf8Slice(start, stop);
  assert.deepEqual(
    listMembers(from, end - 1).map((m) => [m.name, bytes(m.keyStart, m.keyEnd), bytes(m.valueStart, m.valueEnd), m.type]),
    [
      ['a', '"a"', '1', Type.number],
      ['b', '"\\u0062"', '"\\n"', Type.escaped],
      ['é', '"é"', '[1]', Type.array],
      ['a', '"a"', '{ }', Type.object],
    ],
  );
  const many = Array.from({ length: 5000 }, (_, i) => `"m${i}":${i}`);
  const placed = place(`{${many.join()}}\n`);
  assert.deepEqual(listMembers(placed.from, placed.end - 1).map((m) => m.name), many.map((_, i) => `m${i}`));
  const odd = place('{"a":tru,"b":01,"c":[1 2],"d":"\\x"}\n');
  assert.deepEqual(listMembers(odd.from, odd.end - 1).map((m) => bytes(m.valueStart, m.valueEnd)), ['tru', '01', '[1 2]', '"\\x"']);
});

test('the members of an object that is given as text', () => {
  assert.deepEqual(memberTexts('{}'), []);
  assert.deepEqual(memberTexts('{"a":1.50,"\\u0062":{"c":[]}}'), [['a', '1.50'], ['b', '{"c":[]}']]);
});
