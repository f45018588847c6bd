// in: kill -9 from outside, at any moment
// out: the outputs of a job that was never killed, however often it was

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobFolder } from './folder.ts';
import { jobs } from './jobs.ts';

/** Jobs that are killed again and again; `npm run soak` takes some hundreds. */
const ROUNDS = Number(process.env['WEIR_SOAK']) || 12;
/** A job is killed so often before it may end. */
const KILLS = 4;

test(`${ROUNDS} jobs, each killed ${KILLS} times`, { concurrency: 2 }, async (t) => {
  for (let round = 0; round < ROUNDS; round++) {
    const job = jobs[round % jobs.length]!;
    const folder = new JobFolder(job);
    t.after(() => folder.remove());
    const began = performance.now();
    await folder.run('-q');
    const longest = performance.now() - began;
    const expected = folder.outputs();
    folder.clear();
    const kills = Array.from({ length: KILLS }, () => Math.ceil(longest * (0.2 + Math.random())));
    for (const ms of kills) await folder.run('--every 1ms -q', undefined, ms);
    const last = await folder.run('--every 1ms -q');
    assert.equal(last.exit, 0, `${job.name}, killed after ${kills.join(', ')} ms: ${last.stderr}`);
    assert.deepEqual(folder.outputs(), expected, `${job.name}, killed after ${kills.join(', ')} ms`);
    folder.remove();
  }
});
