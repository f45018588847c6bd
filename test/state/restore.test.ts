// in: all golden cases and many random jobs
// out: operators that are made anew with the state of those before give the same bytes, and so do two subtasks that share the keys

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stages } from '../../src/operators/table.ts';
import type { Job } from '../../src/plan/job.ts';
import { parseWords } from '../../src/plan/words.ts';
import { Random } from '../property/random.ts';
import { planned } from './chain.ts';
import type { Source } from './jobs.ts';
import { testJobs, work } from './portions.ts';
import { restored, sorted, split, straight, type Work } from './runs.ts';

/** The job up to each of its stages whose records are dealt out by key. */
function hashed(job: Job): Job[] {
  const extra = planned(job).stages.length - job.stages.length;
  const jobs = job.stages.map((_, i) => ({ ...job, stages: job.stages.slice(0, i + 1) }));
  return jobs.filter((part, i) => planned(part).stages[extra + i]!.plan.distribution.kind === 'hash');
}

function check({ job, lines }: Source, random: Random): void {
  const all = work(job, lines, random);
  const expected = straight(all, false);
  assert.deepEqual(straight(all, true), expected, 'taking state changes what comes out');
  assert.deepEqual(restored(all, random), expected, 'not the same with operators made anew');
  for (const part of hashed(job)) {
    const keyed = work(part, lines, random);
    assert.deepEqual(sorted(split(keyed, random)), sorted(straight(keyed, false)), `not the same with keys dealt out at ${part.stages.at(-1)!.name}`);
  }
}

/** More groups than are cut out of memory at a time, one of them with a sum that does not fit there. */
function manyKeys(): Work {
  const lines = Array.from({ length: 50_000 }, (_, i) => `{"k":"${'key'.repeat(i % 5)}${(i * 7919) % 40_000}","x":${i === 7 ? '12345678901234567890123' : `${i}.5`}}\n`);
  const blocks = Array.from({ length: 10 }, (_, i) => lines.slice(i * 5000, (i + 1) * 5000).join(''));
  return { job: parseWords(['agg', 'n = count(), s = sum(x), l = last(x)', '--by', 'k', 'input.ndjson'], stages), blocks, batchRows: 2048 };
}

testJobs(__filename, check, () => {
  test('many keys', () => {
    const expected = straight(manyKeys(), false);
    assert.ok(expected.texts['']!.split('\n').length > 40_000);
    assert.deepEqual(restored(manyKeys(), new Random(1)), expected);
    assert.deepEqual(sorted(split(manyKeys(), new Random(2))), sorted(expected));
  });
});
