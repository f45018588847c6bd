// in: files that grow, are renamed, emptied, deleted, and come again
// out: each of their lines once, in order

import assert from 'node:assert/strict';
import { appendFileSync, closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, symlinkSync, truncateSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { Folder, pause, Reading } from './support.ts';

let folder: Folder;
let log: string;
let reading: Reading;
beforeEach(() => {
  folder = new Folder();
  log = folder.file('app.log');
});
afterEach(async () => {
  await reading.input.close();
  folder.remove();
});

test('growth: what is there, and what is written to it, in whole lines', async () => {
  writeFileSync(log, '1\n2\n');
  reading = new Reading([log]);
  await reading.lines.until(2);
  appendFileSync(log, '3\n4');
  await reading.lines.until(3);
  await pause(60);
  assert.deepEqual(reading.reads, ['1\n2\n', '3\n']);
  appendFileSync(log, '4\n');
  await reading.lines.until(4);
  await reading.stop();
  assert.deepEqual(reading.lines.all, ['1', '2', '3', '44']);
  assert.deepEqual(reading.told, []);
});

test('a file, or its directory, that is not there yet is waited for', async () => {
  const later = folder.file('sub/app.log');
  reading = new Reading([later]);
  await pause(50);
  mkdirSync(folder.file('sub'));
  await pause(20);
  writeFileSync(later, '1\n');
  assert.deepEqual(await reading.lines.until(1), ['1']);
});

test('renamed: the old file is read to its end, and what is written to it before the new one has lines', async () => {
  writeFileSync(log, '1\n');
  reading = new Reading([log]);
  await reading.lines.until(1);
  renameSync(log, `${log}.1`);
  appendFileSync(`${log}.1`, '2\n');
  writeFileSync(log, '');
  await pause(100);
  appendFileSync(`${log}.1`, '3\n');
  await reading.lines.until(3);
  appendFileSync(log, '5\n');
  appendFileSync(`${log}.1`, '4\n');
  assert.deepEqual(await reading.lines.until(5), ['1', '2', '3', '4', '5']);
  assert.equal(reading.told.length, 1);
  assert.match(reading.told[0]!, /app\.log: replaced/);
});

test('the last line of a file that was replaced is one without its newline, too', async () => {
  writeFileSync(log, '1\n2');
  reading = new Reading([log]);
  await reading.lines.until(1);
  renameSync(log, `${log}.1`);
  writeFileSync(log, '3\n');
  assert.deepEqual(await reading.lines.until(3), ['1', '2', '3']);
});

test('copied and emptied, by a writer that appends', async () => {
  writeFileSync(log, '1\n2\n');
  reading = new Reading([log]);
  await reading.lines.until(2);
  truncateSync(log);
  await pause(50);
  appendFileSync(log, '3\n');
  await reading.lines.until(3);
  assert.match(reading.told[0]!, /emptied/);
  // As long again as it was, before anybody has looked.
  writeFileSync(log, '4\n5\n6\n');
  assert.deepEqual(await reading.lines.until(6), ['1', '2', '3', '4', '5', '6']);
});

test('emptied under a writer that goes on at its old place', async () => {
  const fd = openSync(log, 'w');
  writeSync(fd, '1\n2\n');
  reading = new Reading([log]);
  await reading.lines.until(2);
  ftruncateSync(fd);
  writeSync(fd, '3\n');
  assert.equal(readFileSync(log)[0], 0);
  await reading.lines.until(3);
  writeSync(fd, '4\n');
  assert.deepEqual(await reading.lines.until(4), ['1', '2', '3', '4']);
  closeSync(fd);
});

test('deleted, and there again', async () => {
  writeFileSync(log, '1\n');
  reading = new Reading([log]);
  await reading.lines.until(1);
  const fd = openSync(log, 'a');
  unlinkSync(log);
  writeSync(fd, '2\n');
  closeSync(fd);
  await reading.lines.until(2);
  await pause(100);
  writeFileSync(log, '3\n');
  assert.deepEqual(await reading.lines.until(3), ['1', '2', '3']);
});

test('a link that is set to another file', async () => {
  writeFileSync(folder.file('a'), '1\n');
  writeFileSync(folder.file('b'), '2\n');
  symlinkSync('a', log);
  reading = new Reading([log]);
  await reading.lines.until(1);
  symlinkSync('b', folder.file('new'));
  renameSync(folder.file('new'), log);
  await reading.lines.until(2);
  appendFileSync(folder.file('b'), '3\n');
  assert.deepEqual(await reading.lines.until(3), ['1', '2', '3']);
});

test('rotations that nobody saw are found by their names, in the order of their times', async () => {
  writeFileSync(log, '1\n');
  writeFileSync(`${log}.old`, 'never\n');
  reading = new Reading([log], { size: 100 });
  await reading.lines.until(1);
  // Nothing else runs between these, so that only the last state can be seen.
  for (let i = 2; i <= 4; i++) {
    renameSync(log, `${log}.${9 - i}`);
    writeFileSync(log, `${i}\n`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  writeFileSync(`${log}.idx`, 'never\n');
  assert.deepEqual(await reading.lines.until(4), ['1', '2', '3', '4']);
});

test('lines longer than a read stay whole, whoever else writes', async () => {
  const other = folder.file('other.log');
  writeFileSync(log, '');
  writeFileSync(other, '');
  reading = new Reading([log, other], { size: 1000 });
  const long = 'a'.repeat(700_000);
  appendFileSync(log, long);
  appendFileSync(other, '1\n');
  await reading.lines.until(1);
  appendFileSync(log, `${long}\nx\n`);
  appendFileSync(other, '2\n');
  const lines = await reading.lines.until(4);
  assert.deepEqual([...lines].sort(), ['1', '2', `${long}${long}`, 'x']);
});

test('a byte order mark is left out, gzip is refused', async () => {
  writeFileSync(log, '\ufeff1\n');
  reading = new Reading([log]);
  assert.deepEqual(await reading.lines.until(1), ['1']);
  await reading.stop();
  writeFileSync(log, Buffer.from([0x1f, 0x8b, 8, 0, 10]));
  reading = new Reading([log]);
  await pause(100);
  await assert.rejects(reading.stop(), /app\.log: is gzip data, which cannot be followed/);
});

test('csv: a new file has its own header; one that was emptied may have it again, or not', async () => {
  writeFileSync(log, 'a,b\n1,2\n');
  reading = new Reading([log], { format: 'csv' });
  await reading.lines.until(1);
  renameSync(log, `${log}.1`);
  writeFileSync(log, 'b,c\n3,4\n');
  await reading.lines.until(2);
  writeFileSync(log, 'b,c\n5,6\n');
  await reading.lines.until(3);
  writeFileSync(log, '7,8\n');
  assert.deepEqual(await reading.lines.until(4), ['{"a":1,"b":2}', '{"b":3,"c":4}', '{"b":5,"c":6}', '{"b":7,"c":8}']);
});

test('rotated a hundred times under load, no line is lost or comes twice', async () => {
  const others = [folder.file('b.log'), folder.file('c.log')];
  for (const file of [log, ...others]) writeFileSync(file, '');
  reading = new Reading([log, ...others], { size: 5000 });
  const counts = new Map([log, ...others].map((file) => [file, 0]));
  for (let round = 0; round < 100; round++) {
    for (const [file, from] of counts) {
      const lines = 20 + ((round * 7) % 50);
      const fd = openSync(file, 'a');
      for (let i = from; i < from + lines; i++) writeSync(fd, `${file.at(-5)} ${i}\n`);
      if (round % 3 === 0) await pause(round % 7);
      renameSync(file, `${file}.${round}`);
      writeSync(fd, `${file.at(-5)} ${from + lines}\n`);
      closeSync(fd);
      counts.set(file, from + lines + 1);
    }
    await pause(8);
  }
  const total = [...counts.values()].reduce((a, b) => a + b);
  for (const file of counts.keys()) appendFileSync(file, `${file.at(-5)} ${counts.get(file)}\n`);
  const lines = await reading.lines.until(total + counts.size, 15_000);
  await reading.stop();
  for (const [file, count] of counts) {
    const own = lines.filter((line) => line[0] === file.at(-5)).map((line) => Number(line.slice(2)));
    assert.deepEqual(own, Array.from({ length: count + 1 }, (_, i) => i));
  }
});
