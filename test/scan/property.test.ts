// in: random documents and mutated ones
// out: the scanner says what JSON.parse says, whatever it learned before, however the input is cut

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from '../../src/model/token.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { memory } from '../../src/wasm/memory.ts';
import { documentText, mutate } from './documents.ts';
import { property, type Random, type Scanned, scan, scanWith, SEED, type Token, tokenColumns } from './helpers.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 250);

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function typeOf(value: unknown, text: string): number {
  if (typeof value === 'string') return text.includes('\\') ? Type.escaped : Type.string;
  if (typeof value === 'number') return Type.number;
  if (typeof value === 'boolean') return value ? Type.true : Type.false;
  if (value === null) return Type.null;
  return Array.isArray(value) ? Type.array : Type.object;
}

function checkToken(token: Token | undefined, record: Record<string, unknown>, name: string): void {
  assert.equal(token !== undefined, Object.hasOwn(record, name), name);
  if (!token) return;
  assert.equal(token.text.trim(), token.text);
  const value = JSON.parse(Buffer.from(token.text, 'latin1').toString('utf8'));
  assert.deepEqual(value, record[name]);
  assert.equal(token.type, typeOf(value, token.text));
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => !/^[ \t\r]*$/.test(line));
}

function isUtf8(line: string): boolean {
  const bytes = Buffer.from(line, 'latin1');
  return bytes.equals(Buffer.from(bytes.toString('utf8')));
}

/** Names in the text, and one that is not. */
function namesIn(text: string): string[] {
  const names = new Set(['not there']);
  for (const [literal] of text.matchAll(/"(?:[^"\\\n]|\\[^\n])*"/g)) {
    try {
      names.add(JSON.parse(Buffer.from(literal, 'latin1').toString('utf8')));
    } catch {
      // No name, then.
    }
  }
  return [...names].filter((n) => Buffer.from(n).toString() === n);
}

/** Whether each line is a record or refused as `accepts` says, with tokens as JSON.parse has them. */
function checkLines(lines: string[], result: Scanned, names: string[], accepts: (line: string) => boolean): void {
  assert.deepEqual(result.rows.map((r) => r.line), lines.filter(accepts));
  assert.deepEqual(result.errors.map((e) => e.line), lines.filter((l) => !accepts(l)));
  for (const { line, tokens } of result.rows) {
    const record = parsed(line);
    if (record && isUtf8(line)) for (const name of names) checkToken(tokens[name], record, name);
  }
}

/** What a new scanner for each line finds: no layout is known to it. */
function lineByLine(lines: string[], names: string[], whole: boolean): Scanned {
  const results = lines.map((line) => scan(Buffer.from(`${line}\n`, 'latin1'), names, whole));
  return { rows: results.flatMap((r) => r.rows), errors: results.flatMap((r) => r.errors) };
}

function subset(r: Random, names: string[]): string[] {
  return names.filter(() => r.chance(0.5));
}

test('random documents: every record, and the tokens of any fields, as JSON.parse has them', () => {
  for (let i = 0; i < ROUNDS; i++) {
    property(SEED + i, (r) => {
      const text = Buffer.from(documentText(r, r.int(40) + 1)).toString('latin1');
      const names = subset(r, namesIn(text));
      checkLines(linesOf(text), scan(Buffer.from(text, 'latin1'), names, r.chance(0.3)), names, () => true);
    });
  }
});

test('mutated documents: a line is a record iff JSON.parse makes an object of it, when all values are checked', () => {
  for (let i = 0; i < ROUNDS; i++) {
    property(SEED + i, (r) => {
      const text = mutate(r, Buffer.from(documentText(r, r.int(6) + 1))).toString('latin1');
      const lines = linesOf(text);
      const names = namesIn(text);
      const accepts = (line: string) => parsed(line) !== undefined;
      checkLines(lines, scan(Buffer.from(text, 'latin1'), subset(r, names), true), [], accepts);
      // A name with half a character in it cannot be asked for.
      if (isUtf8(text)) checkLines(lines, scan(Buffer.from(text, 'latin1'), names), names, accepts);
    });
  }
});

test('mutated documents: what was learned changes nothing, nor what is refused and why', () => {
  for (let i = 0; i < ROUNDS; i++) {
    property(SEED + i, (r) => {
      const source = documentText(r, r.int(8) + 1);
      const text = (source.endsWith('\n') ? source : `${source}\n`).repeat(2) + mutate(r, Buffer.from(source)).toString();
      const bytes = Buffer.from(text);
      const names = subset(r, namesIn(bytes.toString('latin1')));
      const whole = r.chance(0.3);
      assert.deepEqual(scan(bytes, names, whole), lineByLine(linesOf(bytes.toString('latin1')), names, whole));
    });
  }
});

test('records that JSON.parse takes are taken, whatever is not asked for', () => {
  for (let i = 0; i < ROUNDS; i++) {
    property(SEED + i, (r) => {
      const text = mutate(r, Buffer.from(documentText(r, 3))).toString('latin1');
      const names = subset(r, namesIn(text));
      const taken = new Set(scan(Buffer.from(text, 'latin1'), names).rows.map((row) => row.line));
      for (const line of linesOf(text)) if (parsed(line)) assert.ok(taken.has(line), line);
    });
  }
});

/** Cuts text at newlines into runs of lines of random length. */
function runs(r: Random, bytes: Buffer): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const cut = bytes.indexOf(10, at + r.int(400));
    const end = cut < 0 ? bytes.length : cut + 1;
    out.push(bytes.subarray(at, end));
    at = end;
  }
  return out;
}

test('a document in runs of any length gives what it gives at once', () => {
  for (let i = 0; i < ROUNDS / 4; i++) {
    property(SEED + i, (r) => {
      const bytes = mutate(r, Buffer.from(documentText(r, 60)));
      const names = namesIn(bytes.toString('latin1')).slice(0, 12);
      const fields = tokenColumns(names.length);
      const scanner = new Scanner(memory(), names.map((name, f) => ({ name, column: fields[f]! })));
      const parts = runs(r, bytes).map((run) => scanWith(scanner, run, names, fields));
      scanner.free();
      const all = { rows: parts.flatMap((p) => p.rows), errors: parts.flatMap((p) => p.errors) };
      assert.deepEqual(all, scan(bytes, names));
    });
  }
});
