// in: jobs on several processes, some of which are killed or interrupted
// out: an error that says which and why, never a hang or a short output with exit 0; no process, socket or folder is left behind

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { childrenOf } from './processes-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-processes-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly process: ChildProcess;
  readonly ended: Promise<{ exit: number | null; signal: string | null; stderr: string }>;
}

/** A job on endless input, which the test feeds. */
function start(words: readonly string[]): Run {
  const child = spawn(process.execPath, [resolve('bin/weir.js'), ...words], { env: { ...process.env, TMPDIR: folder }, stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr!.on('data', (chunk) => (stderr += chunk));
  child.stdin!.on('error', () => {});
  const ended = once(child, 'close').then(([exit, signal]) => ({ exit: exit as number | null, signal: signal as string | null, stderr }));
  return { process: child, ended };
}

/** Feeds the job until it prints something. */
async function warmUp({ process: child }: Run): Promise<void> {
  let n = 0;
  const timer = setInterval(() => child.stdin!.write(Array.from({ length: 200 }, () => `{"ts":${n++},"k":${n % 7}}\n`).join('')), 5);
  try {
    await once(child.stdout!, 'data');
  } finally {
    clearInterval(timer);
  }
  child.stdout!.resume();
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// Each process has keys of its own.
process.env['WEIR_LEAST_KEYED'] = '3';
const JOB = ['-p', '3', '--time', 'ts', 'tumble', '50ms', 'n = count()', '--by', 'k'];
const hasProc = process.platform === 'linux';

describe('processes of a job', { skip: !hasProc }, () => {
  test('a child that is killed is an error', async () => {
    const run = start(JOB);
    await warmUp(run);
    const children = childrenOf(run.process.pid!);
    assert.equal(children.length, 2);
    process.kill(children[1]!, 'SIGKILL');
    const { exit, stderr } = await run.ended;
    assert.equal(exit, 1);
    assert.match(stderr, /^weir: child \d of 2 \(pid \d+\) was killed \(SIGKILL\)/);
    assert.ok(children.every((pid) => !isThere(pid)), 'a child is left');
    assert.deepEqual(readdirSync(folder), []);
  });

  test('when the coordinator is killed, the children go', async () => {
    const run = start(JOB);
    await warmUp(run);
    const children = childrenOf(run.process.pid!);
    run.process.kill('SIGKILL');
    await run.ended;
    for (let tries = 0; tries < 200 && children.some(isThere); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(children.every((pid) => !isThere(pid)), 'a child is left');
  });

  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    test(`${signal} ends all of them`, async () => {
      const run = start(JOB);
      await warmUp(run);
      const children = childrenOf(run.process.pid!);
      run.process.kill(signal);
      assert.equal((await run.ended).exit, code);
      assert.ok(children.every((pid) => !isThere(pid)), 'a child is left');
      assert.deepEqual(readdirSync(folder), []);
    });
  }

  test('a reader that has enough ends all of them, quietly', async () => {
    const run = start(JOB);
    await warmUp(run);
    const children = childrenOf(run.process.pid!);
    run.process.stdout!.destroy();
    const timer = setInterval(() => run.process.stdin!.write('{"ts":1,"k":1}\n'.repeat(50) + `{"ts":${Date.now()},"k":2}\n`), 5);
    const { exit, stderr } = await run.ended;
    clearInterval(timer);
    assert.deepEqual([exit, stderr], [0, '']);
    assert.ok(children.every((pid) => !isThere(pid)), 'a child is left');
  });
});
