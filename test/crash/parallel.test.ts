// in: jobs on several processes with snapshots, killed as a whole or child by child
// out: the outputs of a job that was never killed, at whatever parallelism it goes on

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { childrenOf } from '../parallel/processes-of.ts';
import { JobFolder } from './folder.ts';
import { jobs } from './jobs.ts';

// Two processes: one does what keyed stages do; three: each has keys of its own.
process.env['WEIR_LEAST_KEYED'] = '3';
const ROUNDS = Math.ceil((Number(process.env['WEIR_SOAK']) || 1) / 10);
const KILLS = 3;
const some = (most: number) => 1 + Math.floor(Math.random() * most);

describe('a job that is killed goes on at another parallelism', () => {
  for (const job of jobs) {
    test(job.name, async (t) => {
      const folder = new JobFolder(job);
      t.after(() => folder.remove());
      await folder.run('-q -p 1');
      const expected = folder.outputs();
      for (let round = 0; round < ROUNDS; round++) {
        folder.clear();
        const runs: string[] = [];
        for (let kill = 0; kill < KILLS; kill++) {
          const [p, ms] = [some(3), 100 + some(600)];
          runs.push(`-p ${p} for ${ms} ms`);
          await folder.run(`--every 1ms -q -p ${p}`, undefined, ms);
        }
        const last = await folder.run(`--every 1ms -q -p ${some(3)}`);
        assert.equal(last.exit, 0, `${runs.join(', ')}: ${last.stderr}`);
        assert.deepEqual(folder.outputs(), expected, runs.join(', '));
      }
    });
  }
});

const folder = mkdtempSync(join(tmpdir(), 'weir-restarts-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a job to its end; kills one of its children `kills` times. Gives what it printed. */
async function run(words: readonly string[], kills: number): Promise<{ exit: number; out: string; stderr: string }> {
  const weir = spawn(process.execPath, [resolve('bin/weir.js'), ...words], { cwd: folder, env: { ...process.env, WEIR_BLOCK_BYTES: '2000', TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, stderr] = ['', ''];
  weir.stdout.on('data', (text) => (out += text));
  weir.stderr.on('data', (text) => (stderr += text));
  const ended = once(weir, 'close');
  const killed = new Set<number>();
  const timer = setInterval(() => {
    const child = childrenOf(weir.pid!).find((pid) => !killed.has(pid));
    // One death is repaired before the next.
    if (child === undefined || out === '' || killed.size === kills || stderr.split('going on').length <= killed.size) return;
    killed.add(child);
    process.kill(child, 'SIGKILL');
  }, 20);
  const [exit] = (await ended) as [number];
  clearInterval(timer);
  return { exit, out, stderr };
}

describe('a child that dies is replaced', { skip: process.platform !== 'linux' }, () => {
  const job = ['--time', 'ts', '--delay', '40ms', 'tumble', '50ms', 'n = count(), s = sum(x)', '--by', 'k', 'in.ndjson'];
  writeFileSync(join(folder, 'in.ndjson'), Array.from({ length: 240_000 }, (_, i) => `{"ts":${i * 2 - ((i * 7919) % 40)},"k":${i % 7},"x":${i}}\n`).join(''));

  test('what went to a pipe is not sent again', async () => {
    const { out: expected } = await run(['-q', '-p', '1', ...job], 0);
    const { exit, out, stderr } = await run(['-q', '-p', '3', '--snapshots', 'a', '--every', '20ms', ...job], 2);
    assert.equal(exit, 0, stderr);
    assert.match(stderr, /child \d of 2 \(pid \d+\) was killed \(SIGKILL\); going on from snapshot \d+/);
    assert.ok(out === expected, 'the output differs');
  });

  /** Kills a child of a job that reads a table from a pipe: before the table has come whole, or behind that. */
  async function runWithPipe(dir: string, isWhole: boolean): Promise<{ exit: number; out: string; stderr: string }> {
    const words = ['-q', '-p', '2', '--snapshots', dir, '--every', '20ms', 'filter', 'x > 0', 'then', 'join', 'from -', '--lookup', '--on', 'k', 'in.ndjson'];
    const weir = spawn(process.execPath, [resolve('bin/weir.js'), ...words], { cwd: folder, env: { ...process.env, WEIR_BLOCK_BYTES: '2000' }, stdio: ['pipe', 'pipe', 'pipe'] });
    let [out, stderr] = ['', ''];
    weir.stdout.on('data', (text) => (out += text));
    weir.stderr.on('data', (text) => (stderr += text));
    const ended = once(weir, 'close');
    weir.stdin.write('{"k":1,"name":"one"}\n');
    if (isWhole) weir.stdin.end();
    const began = () => childrenOf(weir.pid!).length > 0 && (isWhole ? existsSync(join(folder, dir, '00000003')) : existsSync(join(folder, dir, '00000001')));
    while (!began()) await new Promise((done) => setTimeout(done, 5));
    process.kill(childrenOf(weir.pid!)[0]!, 'SIGKILL');
    const [exit] = (await ended) as [number];
    return { exit, out, stderr };
  }

  test('but not where an input is a pipe, of which some is gone', async () => {
    const { exit, stderr } = await runWithPipe('c', false);
    assert.equal(exit, 1);
    assert.match(stderr, /^weir: child 1 of 1 \(pid \d+\) was killed \(SIGKILL\), so the output is not complete/);
  });

  // The parent takes snapshots while the new child has not read its own yet: that one stays.
  test('a pipe that had been read to its end is not needed again', async () => {
    const { out: expected } = await run(['-q', '-p', '1', 'filter', 'x > 0 && k == 1', 'then', 'map', 'name = "one"', 'in.ndjson'], 0);
    const { exit, out, stderr } = await runWithPipe('d', true);
    assert.equal(exit, 0, stderr);
    assert.match(stderr, /was killed \(SIGKILL\); going on from snapshot \d+/);
    assert.ok(out === expected, 'the output differs');
  });

  test('a snapshot is taken while the first block of a second input is under way', async () => {
    // What children say takes its time, and so the block does.
    process.env['WEIR_LINK_DELAY'] = '20';
    writeFileSync(join(folder, 'few.ndjson'), Array.from({ length: 3000 }, (_, i) => `{"k":${i % 7},"x":${i}}\n`).join(''));
    const right = ['then', 'union', 'from few.ndjson then filter "k > 0"'];
    const union = ['filter', 'x > 10', ...Array.from({ length: 9 }, () => right).flat(), 'few.ndjson'];
    const { out: expected } = await run(['-q', '-p', '1', ...union], 0);
    const { exit, out, stderr } = await run(['-q', '-p', '2', '--snapshots', 'e', '--every', '1ms', ...union], 0);
    delete process.env['WEIR_LINK_DELAY'];
    assert.equal(exit, 0, stderr);
    assert.ok(out === expected, 'the output differs');
  });

  test('as often as --restarts says, and no more', async () => {
    const { exit, stderr } = await run(['-q', '-p', '2', '--snapshots', 'b', '--restarts', '0', ...job], 1);
    assert.equal(exit, 1);
    assert.match(stderr, /^weir: child 1 of 1 \(pid \d+\) was killed \(SIGKILL\), so the output is not complete/);
    const { out: expected } = await run(['-q', '-p', '1', ...job], 0);
    const again = await run(['-q', '-p', '3', '--snapshots', 'b', '-o', 'out', ...job], 0);
    assert.equal(again.exit, 0, again.stderr);
    assert.ok(expected.endsWith(readFileSync(join(folder, 'out'), 'utf8')));
  });
});
