// in: all golden cases and many random jobs
// out: the same bytes with keyed state on disk and a few keys of it in memory, also where it is saved and goes on elsewhere

import assert from 'node:assert/strict';
import { sizes } from '../../src/runtime/sizes.ts';
import type { Random } from '../property/random.ts';
import type { Source } from './jobs.ts';
import { testJobs, work } from './portions.ts';
import { onDisk, straight } from './runs.ts';

async function check({ job, lines }: Source, random: Random): Promise<void> {
  const all = work(job, lines, random);
  sizes.stateCache = random.pick([1, 2, 4, 9]);
  assert.deepEqual(await onDisk(all, random), straight(all), `not the same with ${sizes.stateCache} keys in memory`);
}

testJobs(__filename, check);
