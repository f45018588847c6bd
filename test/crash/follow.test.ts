// in: a file that is followed, rotated while weir is dead
// out: each line once

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobFolder } from './folder.ts';

test('kill -9 while following; growth and rotation meanwhile', async (t) => {
  const folder = new JobFolder({ name: '', line: `WEIR -F -o out map 'y = x' log`, outputs: ['out'] });
  t.after(() => folder.remove());
  const at = (name: string) => join(folder.path, name);
  const line = (x: number) => `{"x":${x}}\n`;
  const written = async (n: number) => {
    for (let i = 0; i < 400; i++) {
      try {
        if (readFileSync(at('out'), 'utf8').split('\n').length > n) return;
      } catch {
        // Not there yet.
      }
      await sleep(20);
    }
    assert.fail(`no ${n} lines: ${readFileSync(at('out'), 'utf8')}`);
  };
  writeFileSync(at('log'), line(1) + line(2));
  let next = 3;
  for (let round = 0; round < 4; round++) {
    if (round % 2 === 1) {
      const run = folder.run('--every 20ms -q', 'snapshot.published:3');
      appendFileSync(at('log'), line(next++));
      const feed = setInterval(() => appendFileSync(at('log'), line(next++)), 15);
      assert.equal((await run).exit, 137);
      clearInterval(feed);
    } else {
      const grown = async () => {
        await written(next - 1);
        appendFileSync(at('log'), line(next++));
        await written(next - 1);
      };
      const read = grown();
      assert.equal((await folder.run('--every 20ms -q', undefined, read)).exit, 137);
      await read;
    }
    appendFileSync(at('log'), line(next++));
    if (round === 1) renameSync(at('log'), at('log.1'));
    appendFileSync(at('log'), line(next++));
  }
  const last = folder.shell(`(node=${process.execPath}; $node ${process.cwd()}/bin/weir.js --snapshots state -q -F -o out map 'y = x' log & job=$!; until [ $(wc -l < out) -ge ${next - 1} ]; do sleep 0.05; done; kill -INT $job; wait $job)`, {});
  const { exit, stderr } = await last;
  assert.equal(exit, 130, stderr);
  assert.equal(readFileSync(at('out'), 'utf8'), Array.from({ length: next - 1 }, (_, i) => `{"x":${i + 1},"y":${i + 1}}\n`).join(''));
});

test('kill -9 while CSV with bad rows is followed: each is told once, with its line', async (t) => {
  const job = `--format csv --on-error dead -o out map 'y = x' log`;
  const folder = new JobFolder({ name: '', line: `WEIR -F ${job}`, outputs: ['out', 'dead'] });
  t.after(() => folder.remove());
  const at = (name: string) => join(folder.path, name);
  const rows = (from: number) => Array.from({ length: 25 }, (_, i) => (i % 6 === 5 ? `bad ${from + i}\n` : `${from + i},${'long '.repeat(i)}\n`)).join('');
  writeFileSync(at('log'), `x,name\n${rows(0)}`);
  for (let round = 1; round <= 6; round++) {
    const feed = setInterval(() => appendFileSync(at('log'), rows(round * 1000)), 25);
    const point = ['snapshot.published:3', 'output.written:4', 'input.block:7'][round % 3];
    assert.equal((await folder.run('--every 5ms -q', point)).exit, 137);
    clearInterval(feed);
  }
  appendFileSync(at('log'), '7,end\n');
  await folder.shell(`(node=${process.execPath}; $node ${process.cwd()}/bin/weir.js --snapshots state -q -F ${job} & job=$!; until grep -q '"end"' out; do sleep 0.05; done; kill -INT $job; wait $job)`, {});
  const followed = folder.outputs();
  const { exit, stderr } = await folder.shell(`${process.execPath} ${process.cwd()}/bin/weir.js -q ${job}`, {});
  assert.equal(exit, 0, stderr);
  assert.deepEqual(followed, folder.outputs());
  assert.ok(followed[1]!.split('\n').length > 20);
});
