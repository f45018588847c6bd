// in: how far files were read by a process that is gone
// out: what was not read yet, under whatever name it stands, and a warning where lines may be missing

import assert from 'node:assert/strict';
import { appendFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { FollowInput, type FollowPositions } from '../../src/sources/follow/input.ts';
import { Folder, pause, Reading } from './support.ts';

let folder: Folder;
let log: string;
const readings: Reading[] = [];
beforeEach(() => {
  folder = new Folder();
  log = folder.file('app.log');
});
afterEach(async () => {
  for (const reading of readings.splice(0)) await reading.input.close();
  folder.remove();
});

/** Reads `lines` lines; gives how far that is, as it is after it was written down and read again. */
async function readSome(lines: number, options: { format?: string; size?: number } = {}): Promise<FollowPositions> {
  const reading = new Reading([log], options);
  await reading.lines.until(lines);
  return JSON.parse(JSON.stringify(await reading.stop())) as FollowPositions;
}

async function readRest(from: FollowPositions, count: number, format = 'json'): Promise<Reading> {
  const reading = new Reading([log], { from, format });
  readings.push(reading);
  await reading.lines.until(count);
  await pause(30);
  assert.equal(reading.lines.all.length, count);
  return reading;
}

test('a position says which file, how far, and what it began with', async () => {
  writeFileSync(log, '1\n2\n3');
  const { [log]: position } = await readSome(2);
  assert.equal(position!.offset, 4);
  assert.equal(position!.fingerprint.bytes, 4);
  assert.match(`${position!.dev} ${position!.ino} ${position!.fingerprint.hash}`, /^\d+ \d+ [0-9a-f]{32}$/);
});

test('the same file, grown', async () => {
  writeFileSync(log, '1\n2\n3');
  const at = await readSome(2);
  appendFileSync(log, '4\n5\n');
  const { lines, told } = await readRest(at, 2);
  assert.deepEqual([lines.all, told], [['34', '5'], []]);
});

test('rotated meanwhile, several times: the rest of it, those between, the new one', async () => {
  writeFileSync(log, '1\n2\n');
  const at = await readSome(2);
  appendFileSync(log, '3\n');
  for (const name of ['.2', '-20260101', '.1']) {
    renameSync(log, log + name);
    await pause(12);
    writeFileSync(log, `after ${name}\n`);
  }
  const { lines, told } = await readRest(at, 4);
  assert.deepEqual(lines.all, ['3', 'after .2', 'after -20260101', 'after .1']);
  assert.equal(told.filter((text) => text.startsWith('warning')).length, 0);
});

test('rotated to any name, and no new one yet', async () => {
  writeFileSync(log, '1\n');
  const at = await readSome(1);
  renameSync(log, folder.file('kept'));
  appendFileSync(folder.file('kept'), '2\n');
  await readRest(at, 1);
});

test('deleted, emptied, or its inode given to another: a warning, and the file that is there from its start', async () => {
  writeFileSync(log, '1\n2\n');
  const at = await readSome(2);
  const changes: (() => void)[] = [
    () => writeFileSync(log, '5\n'),
    () => writeFileSync(log, '5\n6\n7\n8\n'),
    () => {
      unlinkSync(log);
      writeFileSync(folder.file('other'), '');
      writeFileSync(log, '5\n');
    },
  ];
  for (const change of changes) {
    change();
    const { lines, told } = await readRest(at, change === changes[1] ? 4 : 1);
    assert.equal(lines.all[0], '5');
    assert.match(told[0]!, /^warning: .*app\.log: what was read before is gone.*may be missing/);
  }
});

test('csv goes on in mid-file, and in the middle of a record that is still being written', async () => {
  writeFileSync(log, 'a,b\n1,2\n"x\ny');
  const at = await readSome(1, { format: 'csv' });
  assert.equal(at[log]!.offset, 8);
  appendFileSync(log, '",4\n5,6\n');
  const { lines } = await readRest(at, 2, 'csv');
  assert.deepEqual(lines.all, ['{"a":"x\\ny","b":4}', '{"a":5,"b":6}']);
});

test('csv: wherever reading stops, every record comes once', async () => {
  const rows = Array.from({ length: 50 }, (_, i) => `${i},"a ${i}\nb"`);
  writeFileSync(log, `n,text\n${rows.join('\n')}\n`);
  const whole = (await readRest({}, 50, 'csv')).lines.all;
  for (const size of [40, 100, 333]) {
    let from: FollowPositions = {};
    const texts: string[] = [];
    // A new process for each read.
    while (texts.join('').split('\n').length <= 50) {
      const one = new FollowInput([log], { format: { kind: 'csv' } }, from);
      const into = Buffer.alloc(size);
      texts.push(into.toString('utf8', 0, await one.read(into, 0, size)));
      from = one.position();
      await one.close();
    }
    assert.deepEqual(texts.join('').trimEnd().split('\n'), whole);
  }
});

test('several files, each from its own place', async () => {
  const other = folder.file('other.log');
  writeFileSync(log, '1\n');
  writeFileSync(other, '2\n');
  const first = new Reading([log, other]);
  await first.lines.until(2);
  const at = await first.stop();
  appendFileSync(log, '3\n');
  renameSync(other, `${other}.1`);
  appendFileSync(`${other}.1`, '4\n');
  const second = new Reading([log, other], { from: at });
  readings.push(second);
  assert.deepEqual([...(await second.lines.until(2))].sort(), ['3', '4']);
});
