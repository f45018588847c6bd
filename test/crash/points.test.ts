// in: every point at which a death could do harm (src/model/fault.ts)
// out: a job that dies there, once or at each of its first runs, ends with the outputs of a job that was never stopped

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultPoints } from '../../src/model/fault.ts';
import { JobFolder } from './folder.ts';
import { jobs } from './jobs.ts';

const OPTIONS = '--every 1ms -q';
/** Which times at a point are tried. */
const TIMES = [1, 3];
const isLong = process.env['WEIR_SOAK'] !== undefined;
/** Starting processes takes long, so each job is killed at every fourth point, at one of the times there; `npm run soak` kills each at all of them. */
const STEP = isLong ? 1 : 4;
const timesAt = (turn: number) => (isLong ? TIMES : [TIMES[turn % TIMES.length]!]);
/** Come to only behind a snapshot that is there already, so never in a first run. */
const LATER = ['restore.inputs', 'restore.states'];

describe('a death at any point', { concurrency: 2 }, () => {
  const reached = new Set<string>(LATER);
  for (const [number, job] of jobs.entries()) {
    test(job.name, async (t) => {
      const folder = new JobFolder(job);
      t.after(() => folder.remove());
      const straight = await folder.run('-q');
      assert.equal(straight.exit, 0, straight.stderr);
      const expected = folder.outputs();
      for (const [turn, point] of faultPoints.filter((_, i) => i % STEP === number % STEP).entries()) {
        for (const times of timesAt(turn + Math.floor(number / STEP))) {
          folder.clear();
          const first = await folder.run(OPTIONS, `${point}:${times}`);
          if (first.exit === 137) reached.add(point);
          else assert.equal(first.exit, 0, `${point}:${times}: ${first.stderr}`);
          // Dead again on the way back, at the same point.
          if ((await folder.run(OPTIONS, point)).exit === 137) reached.add(point);
          const last = await folder.run(OPTIONS);
          assert.equal(last.exit, 0, `after ${point}:${times}: ${last.stderr}`);
          assert.deepEqual(folder.outputs(), expected, `after ${point}:${times}`);
        }
      }
    });
  }

  test('all points have been come to', () => assert.deepEqual(faultPoints.filter((point) => !reached.has(point)), []));
});
