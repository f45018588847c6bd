// in: NDJSON lines
// out: what each output format makes of them, and what is said when they cannot be written

import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UsageError, WeirError } from '../../src/model/errors.ts';
import type { OutputFormat } from '../../src/model/format.ts';
import { ByteSink } from '../../src/sinks/byte-sink.ts';
import { outputError } from '../../src/sinks/failure.ts';
import { openSink } from '../../src/sinks/open.ts';
import { ClosedPipe } from '../../src/sinks/sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-sink-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function written(format: OutputFormat, ...chunks: string[]): string {
  const file = join(folder, 'out');
  const sink = openSink(file, format, []);
  for (const chunk of chunks) sink.write(Buffer.from(chunk));
  sink.close();
  return readFileSync(file, 'utf8');
}

test('json goes through as it is', () => assert.equal(written('json', '{"a": 1}\n', '{"b":2}\n'), '{"a": 1}\n{"b":2}\n'));

test('csv keeps literals and quotes what must be', () => {
  const lines = '{"a":1.10,"b":"x, \\"y\\""}\n{ "b" : null , "a" : 12345678901234567890 }\n{"a":{"c":[1,"}"]},"b":"l\\nm"}\n{"a":true}\n';
  assert.equal(written('csv', lines), 'a,b\n1.10,"x, ""y"""\n12345678901234567890,\n"{""c"":[1,""}""]}","l\nm"\ntrue,\n');
  assert.throws(() => written('csv', '{"a":1}\n{"z":1}\n'), /a field 'z' that the first one did not have \(a\)/);
});

test('tsv', () => assert.equal(written('tsv', '{"a":"x\\ty","b":"\\\\"}\n'), 'a\tb\nx\\ty\t\\\\\n'));

test('tables align, numbers to the right, over rows that come within a short time', () => {
  assert.equal(
    written('table', '{"path":"/a","n":2}\n{"path":"/long","n":10}\n', '{"path":"/b","n":1,"x":"日本"}\n'),
    ['path    n  x', '─────  ──  ────', '/a      2', '/long  10', '/b      1  日本', ''].join('\n'),
  );
});

test('a table that has been printed gets a new head for a new column', () => {
  const lines = written('table', '{"n":1}\n'.repeat(1000), '{"n":1,"x":"日本"}\n').split('\n');
  assert.deepEqual(lines.slice(0, 3), ['n', '─', '1']);
  assert.deepEqual(lines.slice(1002), ['n  x', '─  ────', '1  日本', '']);
});

test('the input is not written over', () => {
  const file = join(folder, 'same');
  writeFileSync(file, '{}\n');
  assert.throws(() => openSink(file, 'json', [file]), UsageError);
  assert.equal(readFileSync(file, 'utf8'), '{}\n');
});

test('what cannot be opened or written is named', () => {
  assert.throws(() => ByteSink.open(join(folder, 'no', 'where')), /where: its directory does not exist/);
  assert.throws(() => ByteSink.open(folder), /is a directory/);
  if (!existsSync('/dev/full')) return;
  const fd = openSync('/dev/full', 'w');
  assert.throws(() => new ByteSink(fd, 'full').write(Buffer.from('x')), (error) => error instanceof WeirError && /full: the disk is full/.test(error.message));
  closeSync(fd);
});

test('a reader that hangs up, with or without bytes unread, is no error', () => {
  for (const code of ['EPIPE', 'ECONNRESET']) assert.ok(outputError(Object.assign(new Error(code), { code }), 'stdout') instanceof ClosedPipe, code);
  assert.ok(!(outputError(Object.assign(new Error('EIO'), { code: 'EIO' }), 'stdout') instanceof ClosedPipe));
});
