// in: the command, and input that comes while it runs
// out: lines at once; silence that lets windows go; an end at once when it is stopped

import assert from 'node:assert/strict';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { Command, Folder, pause } from './support.ts';

let folder: Folder;
let command: Command;
const start = (...args: string[]) => (command = new Command(args, folder.path));
beforeEach(() => void (folder = new Folder()));
afterEach(() => {
  command.kill('SIGKILL');
  folder.remove();
});

/** ms until a further line comes of what is done */
async function latency(act: () => void): Promise<number> {
  const began = performance.now();
  act();
  await command.lines.until(command.lines.all.length + 1);
  return performance.now() - began;
}

async function median(times: number, act: (i: number) => void): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    all.push(await latency(() => act(i)));
    await pause(20);
  }
  return all.sort((a, b) => a - b)[times >> 1]!;
}

const second = (i: number) => `{"ts":${i * 1000}}\n`;

test('-F: a window comes within 50 ms of the line that fires it', async () => {
  writeFileSync(folder.file('log'), second(0) + second(1));
  start('-F', '--time', 'ts', 'tumble', '1s', 'n = count()', 'log');
  await command.lines.until(1);
  assert.ok((await median(15, (i) => appendFileSync(folder.file('log'), second(i + 2)))) < 50);
});

test('stdin: a window comes within 50 ms of the line that fires it, as a table, too', async () => {
  for (const format of ['json', 'table']) {
    start('--time', 'ts', '--output-format', format, 'tumble', '1s', 'n = count()');
    command.send(second(0) + second(1));
    await command.lines.until(format === 'table' ? 3 : 1);
    assert.ok((await median(15, (i) => command.send(second(i + 2)))) < 50, format);
    command.kill('SIGKILL');
  }
});

test('SIGINT and SIGTERM end a wait at once, without a drain', async () => {
  for (const [signal, exit] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    writeFileSync(folder.file('log'), second(0) + second(1) + '{"ts":2');
    start('-F', '--time', 'ts', 'tumble', '1s', 'n = count()', 'log', 'not-there');
    await command.lines.until(1);
    const began = performance.now();
    command.kill(signal);
    assert.equal(await command.exit, exit);
    assert.ok(performance.now() - began < 500);
    assert.equal(command.lines.all.length, 1);
    assert.equal(command.stderr, '');
  }
});

test('what happened to a file is said with -v alone', async () => {
  for (const [flag, expected] of [['-v', /log: replaced; reading goes on in the new file\n.*log: emptied/], ['--color=never', /^$/]] as const) {
    writeFileSync(folder.file('log'), '{"a":1}\n');
    start(flag, 'from', 'log', '--follow', 'then', 'filter', 'true');
    await command.lines.until(1);
    renameSync(folder.file('log'), folder.file('log.1'));
    writeFileSync(folder.file('log'), '{"a":2}\n');
    await command.lines.until(2);
    writeFileSync(folder.file('log'), '');
    await pause(50);
    appendFileSync(folder.file('log'), '{"a":3}\n');
    await command.lines.until(3);
    assert.match(command.stderr, expected);
    command.kill('SIGKILL');
  }
});

test('a bad line is named with its file and line, in files that take turns', async () => {
  for (const name of ['a', 'b']) writeFileSync(folder.file(name), '{"a":1}\n{"a":2}\n');
  start('-F', '--on-error', 'bad', 'filter', 'true', 'a', 'b');
  await command.lines.until(4);
  for (const [name, line] of [['a', 'x'], ['b', '{}'], ['a', '{}'], ['b', 'y']] as const) {
    appendFileSync(folder.file(name), `${line}\n`);
    await pause(60);
  }
  command.kill('SIGINT');
  await command.exit;
  const { readFileSync } = await import('node:fs');
  const bad = readFileSync(folder.file('bad'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { source: string; line: number; record: string });
  assert.deepEqual(bad.map(({ source, line, record }) => `${source}:${line} ${record}`), ['a:3 x', 'b:4 y']);
});

test('head ends a job that would go on for ever', async () => {
  writeFileSync(folder.file('log'), '{"a":1}\n{"a":2}\n{"a":3}\n');
  start('-F', 'head', '2', 'log');
  assert.equal(await command.exit, 0);
  assert.deepEqual(command.lines.all, ['{"a":1}', '{"a":2}']);
});

test('stdin cannot be followed beside files; what cannot be read is said at once', async () => {
  start('-F', 'filter', 'true', '-', 'log');
  assert.equal(await command.exit, 2);
  assert.match(command.stderr, /stdin cannot be followed/);
  start('-F', 'filter', 'true', '.');
  assert.equal(await command.exit, 1);
  assert.match(command.stderr, /is a directory/);
});

test('--idle: after silence windows that only wait for the delay come, and the watermark never goes back', async () => {
  start('--time', 'ts', '--delay', '1m', '--idle', '150ms', 'map', 'w = watermark()', 'then', 'tumble', '1s', 'n = count(), w = max(w)');
  command.send(second(0) + second(1) + '{"ts":1999}\n');
  await pause(50);
  assert.deepEqual(command.lines.all, []);
  await command.lines.until(2);
  // Late by now, though not by the delay; the watermark is still that of 1999.
  command.send('{"ts":1500}\n{"ts":2500}\n');
  await pause(50);
  command.endInput();
  assert.equal(await command.exit, 0);
  assert.deepEqual(command.lines.all.map((line) => JSON.parse(line).n), [1, 2, 1]);
  assert.match(command.lines.all[2]!, /"w":1999\}/);
});
