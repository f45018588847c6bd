// in: random pipelines over random records, in blocks and batches of random sizes
// out: weir and the naive reference give the same bytes. WEIR_ROUNDS=N more rounds, WEIR_SEED=N starts elsewhere,
//      WEIR_JOINS=1 with two inputs, WEIR_P=1,2,3 weir at one of these parallelisms, WEIR_CACHE=N with state on disk but for N keys

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, RIGHT, runOracle, runWeir, same, wordsOf } from './adapter.ts';
import { type Case, randomCase } from './pipelines.ts';
import { quote } from './quote.ts';
import { Random } from './random.ts';
import { shrink } from './shrink.ts';

const ROUNDS = Number(process.env['WEIR_ROUNDS'] ?? 60);
const SEED = Number(process.env['WEIR_SEED'] ?? 1);
/** Finding one difference after the other in one go is a help while many are known. */
const FAILURES = Number(process.env['WEIR_FAILURES'] ?? 1);

function isWrong(job: Case): boolean {
  return !same(runOracle(job), runWeir(job));
}

function show(name: string, { exit, stdout, files, message }: Outcome): string {
  const others = Object.entries(files).map(([file, text]) => `-- ${name}, ${file}:\n${text}`);
  return [`-- ${name}, exit ${exit}:`, stdout + (exit === 0 ? '' : message), ...others].join('\n');
}

function describe(seed: number, job: Case): string {
  return [
    `seed ${seed}, WEIR_BLOCK_BYTES=${job.blockBytes} WEIR_BATCH_ROWS=${job.batchRows}`,
    `weir ${(job.parallelism === undefined ? [] : ['-p', job.parallelism]).concat(wordsOf(job)).map(quote).join(' ')}`,
    '-- input.ndjson:',
    ...job.lines,
    ...(job.right.length > 0 ? [`-- ${RIGHT}:`, ...job.right] : []),
    ...Object.entries(job.texts).flatMap(([name, text]) => [`-- ${name}:`, text]),
    show('reference', runOracle(job)),
    show('weir', runWeir(job)),
  ].join('\n');
}

test(`${ROUNDS} random pipelines, from seed ${SEED}`, () => {
  const found: string[] = [];
  for (let seed = SEED; seed < SEED + ROUNDS && found.length < FAILURES; seed++) {
    const job = randomCase(new Random(seed));
    if (isWrong(job)) found.push(describe(seed, shrink(job, isWrong)));
  }
  assert.equal(found.length, 0, `\n${found.join('\n\n')}`);
});
