// in: all golden cases and many random jobs
// out: operators that are made anew with the state of those before give the same bytes, and so do two subtasks that share the keys

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StateColumns, StateSlice } from '../../src/model/state.ts';
import { stages } from '../../src/operators/table.ts';
import type { Job } from '../../src/plan/job.ts';
import { parseWords } from '../../src/plan/words.ts';
import { slices } from '../../src/state/slices.ts';
import { Random } from '../property/random.ts';
import { planned } from './chain.ts';
import type { Source } from './jobs.ts';
import { testJobs, work } from './portions.ts';
import { captured, type Outcome, restored, sorted, split, straight, type Work } from './runs.ts';

/** The job up to each of its stages whose records are dealt out by key. */
function hashed(job: Job): Job[] {
  const extra = planned(job).stages.length - job.stages.length;
  const jobs = job.stages.map((_, i) => ({ ...job, stages: job.stages.slice(0, i + 1) }));
  return jobs.filter((part, i) => planned(part).stages[extra + i]!.plan.distribution.kind === 'hash');
}

function check({ job, lines }: Source, random: Random): void {
  const all = work(job, lines, random);
  const expected = straight(all);
  checkCaptures(all, expected, random);
  assert.deepEqual(restored(all, random), expected, 'not the same with operators made anew');
  for (const part of hashed(job)) {
    const keyed = work(part, lines, random);
    assert.deepEqual(sorted(split(keyed, random)), sorted(straight(keyed)), `not the same with keys dealt out at ${part.stages.at(-1)!.name}`);
  }
}

/** The numbers of a quantile are sorted in place when somebody looks, which is nothing that anyone can tell. */
function loose(value: unknown): unknown {
  if (!Array.isArray(value)) return value instanceof Uint8Array || typeof value !== 'object' || value === null ? value : Object.fromEntries(Object.entries(value).map(([name, own]) => [name, loose(own)]));
  return value.length > 0 && value.every((one) => typeof one === 'number') ? value.toSorted((a: number, b: number) => a - b) : value.map(loose);
}

/** Keys come in any order, in slices of any size. */
function entries(taken: readonly (readonly StateSlice[])[] | undefined): unknown {
  return taken?.map((slices) => {
    const columns = slices.filter((slice) => !('bytes' in slice)) as StateColumns[];
    const keyed = columns.flatMap(({ name, keys, groups, values }) => keys.map((key, i) => ({ name, key, group: groups[i], value: loose(values[i]) })));
    return [keyed.sort((a, b) => orderOf(a).localeCompare(orderOf(b))), slices.filter((slice) => 'bytes' in slice)];
  });
}

const orderOf = ({ name, key, value }: { name: string; key: string; value: unknown }) => `${name} ${key} ${JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))}`;

/** State that is read while its operators go on is as it was, and neither changes what comes out. */
function checkCaptures(all: Work, expected: Outcome, random: Random): void {
  slices.keys = random.pick([1, 2, 5, 1024]);
  const [now, later] = [captured(all, () => Number.POSITIVE_INFINITY), captured(all, () => random.int(0, 2))];
  assert.deepEqual(now.outcome, expected, 'taking state changes what comes out');
  assert.deepEqual(later.outcome, expected, 'reading state changes what comes out');
  for (const [block, taken] of later.taken) assert.deepEqual(entries(taken), entries(now.taken.get(block)), `state of block ${block} has changed while it was read`);
}

/** More groups than are cut out of memory at a time, one of them with a sum that does not fit there. */
function manyKeys(): Work {
  const lines = Array.from({ length: 50_000 }, (_, i) => `{"k":"${'key'.repeat(i % 5)}${(i * 7919) % 40_000}","x":${i === 7 ? '12345678901234567890123' : `${i}.5`}}\n`);
  const blocks = Array.from({ length: 10 }, (_, i) => lines.slice(i * 5000, (i + 1) * 5000).join(''));
  return { job: parseWords(['agg', 'n = count(), s = sum(x), l = last(x)', '--by', 'k', 'input.ndjson'], stages), blocks, batchRows: 2048 };
}

testJobs(__filename, check, () => {
  test('many keys', () => {
    const expected = straight(manyKeys());
    assert.ok(expected.texts['']!.split('\n').length > 40_000);
    assert.deepEqual(restored(manyKeys(), new Random(1)), expected);
    checkCaptures(manyKeys(), expected, new Random(3));
    assert.deepEqual(sorted(split(manyKeys(), new Random(2))), sorted(expected));
  });
});
