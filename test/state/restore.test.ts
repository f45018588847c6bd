// in: all golden cases and many random jobs
// out: operators that are made anew with the state of those before give the same bytes, and so do two subtasks that share the keys.
//      WEIR_ROUNDS=N random jobs, and so many of the chosen ones; WEIR_SEED=N starts elsewhere

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { WeirError } from '../../src/model/errors.ts';
import { stages } from '../../src/operators/table.ts';
import type { Job } from '../../src/plan/job.ts';
import { parseWords } from '../../src/plan/words.ts';
import { Random } from '../property/random.ts';
import { planned } from './chain.ts';
import { goldenJobs, randomJob, RICH, richJob, type Source } from './jobs.ts';
import { captured, type Outcome, restored, sorted, split, straight, type Work } from './runs.ts';

const ROUNDS = Number(process.env['WEIR_ROUNDS'] ?? 2 * RICH.length);
const SEED = Number(process.env['WEIR_SEED'] ?? 1);
/** Jobs whose operators fit into one thread's kernel memory, which nothing is given back to. */
const PORTION = 40;

/** The lines in blocks of a few. */
function work(job: Job, lines: readonly string[], random: Random): Work {
  const [blocks, most] = [[] as string[], random.pick([1, 3, 12])];
  for (let at = 0; at < lines.length; ) {
    const n = random.int(1, most);
    blocks.push(lines.slice(at, at + n).map((line) => `${line}\n`).join(''));
    at += n;
  }
  return { job, blocks, batchRows: random.pick([1, 2, 7, 2048]) };
}

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

/** State that is read while its operators go on is as it was, and neither changes what comes out. */
function checkCaptures(all: Work, expected: Outcome, random: Random): void {
  const [now, later] = [captured(all, () => Number.POSITIVE_INFINITY), captured(all, () => random.int(0, 2))];
  assert.deepEqual(now.outcome, expected, 'taking state changes what comes out');
  assert.deepEqual(later.outcome, expected, 'reading state changes what comes out');
  for (const [block, taken] of later.taken) assert.deepEqual(loose(taken), loose(now.taken.get(block)), `state of block ${block} has changed while it was read`);
}

/** Jobs that fail on their records have no output to compare. */
function isUsable(source: Source): boolean {
  try {
    straight(work(source.job, source.lines, new Random(1)));
    return true;
  } catch (error) {
    if (error instanceof WeirError && !error.message.includes('kernel')) return false;
    throw error;
  }
}

interface Portion {
  readonly kind: 'golden' | 'chosen' | 'random';
  readonly from: number;
  readonly to: number;
}

function failures({ kind, from, to }: Portion): string[] {
  const golden = kind === 'golden' ? goldenJobs() : [];
  const found: string[] = [];
  for (let seed = from; seed < to; seed++) {
    const random = new Random(seed);
    const source = golden[seed] ?? (kind === 'chosen' ? richJob(seed, random) : randomJob(random));
    try {
      if (isUsable(source)) check(source, random);
    } catch (error) {
      found.push([`seed ${seed}: ${source.title}`, ...source.lines, (error as Error).stack].join('\n'));
    }
  }
  return found;
}

function inThread(portion: Portion): Promise<string[]> {
  return new Promise((done, fail) => {
    const worker = new Worker(__filename, { workerData: portion });
    worker.once('message', done);
    worker.once('error', fail);
  });
}

async function allOf(kind: Portion['kind'], from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += PORTION) {
    const found = await inThread({ kind, from: at, to: Math.min(at + PORTION, to) });
    assert.equal(found.length, 0, `\n${found[0]}`);
  }
}

/** More groups than are cut out of memory at a time, one of them with a sum that does not fit there. */
function manyKeys(): Work {
  const lines = Array.from({ length: 50_000 }, (_, i) => `{"k":"${'key'.repeat(i % 5)}${(i * 7919) % 40_000}","x":${i === 7 ? '12345678901234567890123' : `${i}.5`}}\n`);
  const blocks = Array.from({ length: 10 }, (_, i) => lines.slice(i * 5000, (i + 1) * 5000).join(''));
  return { job: parseWords(['agg', 'n = count(), s = sum(x), l = last(x)', '--by', 'k', 'input.ndjson'], stages), blocks, batchRows: 2048 };
}

if (!isMainThread) parentPort!.postMessage(failures(workerData as Portion));
else {
  test('many keys', () => {
    const expected = straight(manyKeys());
    assert.ok(expected.texts['']!.split('\n').length > 40_000);
    assert.deepEqual(restored(manyKeys(), new Random(1)), expected);
    checkCaptures(manyKeys(), expected, new Random(3));
    assert.deepEqual(sorted(split(manyKeys(), new Random(2))), sorted(expected));
  });
  test('golden cases', () => allOf('golden', 0, goldenJobs().length));
  test(`${ROUNDS} jobs with much state, from seed ${SEED}`, () => allOf('chosen', SEED, SEED + ROUNDS));
  test(`${ROUNDS} random jobs, from seed ${SEED}`, () => allOf('random', SEED, SEED + ROUNDS));
}
