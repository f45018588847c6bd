// in: files, pipes, gzip data
// out: their bytes as inputs give them

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { WeirError } from '../../src/model/errors.ts';
import { openInputs } from '../../src/sources/input.ts';
import { PipeReader } from '../../src/sources/pipe.ts';
import { readAll } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-input-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function contents(files: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const input of openInputs(files, { format: { kind: 'json' } })) texts.push(await readAll(input));
  return texts;
}

test('each file ends with a newline, an empty one has none, a byte order mark is skipped', async () => {
  const files = [file('a', '{"a":1}'), file('b', ''), file('c', '\ufeff{"c":1}\n'), file('d', '\ufeff')];
  assert.deepEqual(await contents(files), ['{"a":1}\n', '', '{"c":1}\n', '']);
});

test('gzip, of several members, whatever the name', async () => {
  const path = file('z', Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"a":2}')]));
  const large = file('large', gzipSync(Buffer.alloc(3_000_000, '{"a":1}\n')));
  assert.deepEqual(await contents([path]), ['{"a":1}\n{"a":2}\n']);
  assert.equal((await contents([large]))[0]!.length, 3_000_000);
});

test('torn gzip data is named', async () => {
  const whole = gzipSync(Buffer.alloc(100_000, 'abcdefg\n'));
  await assert.rejects(contents([file('torn', whole.subarray(0, whole.length - 20))]), /torn: the gzip data ends before it is complete/);
  appendFileSync(file('bad', whole.subarray(0, 60)), Buffer.alloc(200, 7));
  await assert.rejects(contents([join(folder, 'bad')]), /bad: the gzip data/);
});

test('what cannot be read is said at once, by name', () => {
  const open = (name: string) => () => openInputs([file('ok', '{}'), join(folder, name)], { format: { kind: 'json' } });
  assert.throws(open('missing'), (error) => error instanceof WeirError && error.exit === 1 && /missing: no such file/.test(error.message));
  assert.throws(open('.'), /is a directory/);
});

test('a named pipe, while it is being written', async () => {
  const path = join(folder, 'fifo');
  execFileSync('mkfifo', [path]);
  // Read and write, so that opening does not wait for the other end.
  const fd = openSync(path, 'r+');
  const reader = new PipeReader(fd, false, 'fifo');
  const into = Buffer.alloc(100);
  appendFileSync(path, '{"a":1}\n');
  assert.equal(into.toString('utf8', 0, await reader.read(into, 0, 100)), '{"a":1}\n');
  const second = reader.read(into, 0, 3);
  appendFileSync(path, 'abcdef');
  assert.equal(into.toString('utf8', 0, await second), 'abc');
  assert.equal(into.toString('utf8', 0, await reader.read(into, 0, 100)), 'def');
  const last = reader.read(into, 0, 100);
  await reader.close();
  assert.equal(await last, 0);
});
