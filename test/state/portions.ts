// in: a check of one job
// out: tests of all golden cases, of jobs with much state and of random ones; each portion of them in a thread of its own.
//      WEIR_ROUNDS=N random jobs, and so many of the chosen ones; WEIR_SEED=N starts elsewhere

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { WeirError } from '../../src/model/errors.ts';
import type { Job } from '../../src/plan/job.ts';
import { Random } from '../property/random.ts';
import { goldenJobs, randomJob, RICH, richJob, type Source } from './jobs.ts';
import { straight, type Work } from './runs.ts';

type Check = (source: Source, random: Random) => void | Promise<void>;

const ROUNDS = Number(process.env['WEIR_ROUNDS'] ?? 2 * RICH.length);
const SEED = Number(process.env['WEIR_SEED'] ?? 1);
/** Jobs whose operators fit into one thread's kernel memory, which nothing is given back to. */
const PORTION = 40;

/** The lines in blocks of a few. */
export function work(job: Job, lines: readonly string[], random: Random): Work {
  const [blocks, most] = [[] as string[], random.pick([1, 3, 12])];
  for (let at = 0; at < lines.length; ) {
    const n = random.int(1, most);
    blocks.push(lines.slice(at, at + n).map((line) => `${line}\n`).join(''));
    at += n;
  }
  return { job, blocks, batchRows: random.pick([1, 2, 7, 2048]) };
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

async function failures({ kind, from, to }: Portion, check: Check): Promise<string[]> {
  const golden = kind === 'golden' ? goldenJobs() : [];
  const found: string[] = [];
  for (let seed = from; seed < to; seed++) {
    const random = new Random(seed);
    const source = golden[seed] ?? (kind === 'chosen' ? richJob(seed, random) : randomJob(random));
    try {
      if (isUsable(source)) await check(source, random);
    } catch (error) {
      found.push([`seed ${seed}: ${source.title}`, ...source.lines, (error as Error).stack].join('\n'));
    }
  }
  return found;
}

function inThread(file: string, portion: Portion): Promise<string[]> {
  return new Promise((done, fail) => {
    const worker = new Worker(file, { workerData: portion });
    worker.once('message', done);
    worker.once('error', fail);
  });
}

async function allOf(file: string, kind: Portion['kind'], from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += PORTION) {
    const found = await inThread(file, { kind, from: at, to: Math.min(at + PORTION, to) });
    assert.equal(found.length, 0, `\n${found[0]}`);
  }
}

/** @param file the test's own; @param others its other tests, of the main thread */
export function testJobs(file: string, check: Check, others: () => void = () => {}): void {
  if (!isMainThread) {
    void failures(workerData as Portion, check).then((found) => parentPort!.postMessage(found));
    return;
  }
  others();
  test('golden cases', () => allOf(file, 'golden', 0, goldenJobs().length));
  test(`${ROUNDS} jobs with much state, from seed ${SEED}`, () => allOf(file, 'chosen', SEED, SEED + ROUNDS));
  test(`${ROUNDS} random jobs, from seed ${SEED}`, () => allOf(file, 'random', SEED, SEED + ROUNDS));
}
