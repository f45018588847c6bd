// in: two inputs that are followed, of which one is silent
// out: what a join or union makes of the other one, once --idle is over

import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
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

const record = (ts: number, rest = '') => `{"ts":${ts},"k":1${rest}}\n`;
const write = (file: string, text: string) => writeFileSync(folder.file(file), text);
const append = (file: string, text: string) => appendFileSync(folder.file(file), text);

test('without --idle the silent input holds everything back', async () => {
  write('left', record(1000) + record(5000));
  write('right', record(500));
  start('-F', '--time', 'ts', 'union', 'from right --follow', 'left');
  await command.lines.until(1);
  await pause(400);
  assert.deepEqual(command.lines.all, ['{"ts":500,"k":1}']);
});

test('a union goes on with the other input, and takes up the silent one when it speaks again', async () => {
  write('left', record(1000) + record(5000));
  write('right', record(500));
  start('-F', '--time', 'ts', '--idle', '200ms', 'union', 'from right --follow', 'left');
  await command.lines.until(3);
  append('left', record(6000));
  await command.lines.until(4);
  append('right', record(7000, ',"r":1'));
  await command.lines.until(5);
  append('left', record(8000));
  await command.lines.until(6);
  // Not before: the left input is idle itself by now on a slow machine, and nothing would hold this one back.
  append('right', record(9000, ',"r":2'));
  await command.lines.until(7);
  assert.deepEqual(command.lines.all.map((line) => JSON.parse(line).ts), [500, 1000, 5000, 6000, 7000, 8000, 9000]);
});

test('a join gives up on partners in the silent input, and counts what comes too late', async () => {
  write('left', record(1000, ',"l":1') + record(2000, ',"l":2') + record(60_000, ',"l":3'));
  write('right', record(1500, ',"r":1'));
  start('-F', '--time', 'ts', '--idle', '200ms', 'join', 'from right --follow', '--on', 'k', '--within', '0ms,5s', '--type', 'left', '--late-output', 'late', 'left');
  // The watermark is that of the left input, up to its last record.
  assert.deepEqual(await command.lines.until(2), ['{"ts":1000,"k":1,"l":1,"right_ts":1500,"r":1}', '{"ts":2000,"k":1,"l":2}']);
  append('right', record(2500, ',"r":2') + record(61_000, ',"r":3'));
  assert.equal((await command.lines.until(3))[2], '{"ts":60000,"k":1,"l":3,"right_ts":61000,"r":3}');
  command.kill('SIGTERM');
  await command.exit;
  assert.match(command.stderr, /1 record came too late/);
});

test('where both are silent, neither holds back what the other has', async () => {
  write('left', record(1000));
  write('right', record(30_000));
  start('-F', '--time', 'ts', '--delay', '1h', '--idle', '200ms', 'union', 'from right --follow', 'then', 'tumble', '1s', 'n = count()', 'left');
  assert.equal(JSON.parse((await command.lines.until(1))[0]!).n, 1);
});

test('the left input may be the silent one', async () => {
  write('left', record(1000));
  write('right', record(500));
  start('-F', '--time', 'ts', '--idle', '200ms', 'union', 'from right --follow', 'left');
  await command.lines.until(2);
  for (let i = 0; i < 3; i++) {
    append('right', record(2000 + i));
    await command.lines.until(3 + i);
  }
});
