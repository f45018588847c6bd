// in: random pipelines, each killed some times at random points, at random parallelism, with state in memory or on disk, while its file grows
// out: the outputs of the same job that was never stopped. WEIR_SOAK=N: N jobs, WEIR_SEED=N starts elsewhere

import './with-joins.ts';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { faultPoints } from '../../src/model/fault.ts';
import { INPUT, inputsOf, wordsOf } from '../property/adapter.ts';
import { type Case, randomCase } from '../property/pipelines.ts';
import { quote } from '../property/quote.ts';
import { Random } from '../property/random.ts';

const WEIR = resolve('bin/weir.js');
const ROOT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const ROUNDS = Number(process.env['WEIR_SOAK'] ?? 15);
const SEED = Number(process.env['WEIR_SEED'] ?? 1);
const RESTARTS = ['--restarts', '9'];

interface Run {
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A way to run a job, and perhaps to kill it. */
function randomRun(random: Random, dies: boolean): Run {
  const level = random.chance(0.3) ? ['--state', 'level'] : [];
  return {
    options: ['-p', random.pick(['1', '2', '3']), ...level],
    env: {
      WEIR_LEAST_KEYED: random.pick(['2', '4']),
      WEIR_STATE_CACHE: random.pick(['1', '3', '1000']),
      ...(dies && { WEIR_FAULT: `${random.pick(faultPoints)}:${random.pick([1, 1, 2, 3, 5, 9, 20])}` }),
    },
  };
}

class Folder {
  readonly path = mkdtempSync(join(ROOT, 'weir-pipelines-'));

  constructor(readonly job: Case) {
    for (const [name, text] of Object.entries(inputsOf(job))) writeFileSync(join(this.path, name), text);
  }

  run(words: readonly string[], { options, env }: Run): { exit: number | null; stderr: string } {
    const all = { ...process.env, WEIR_BLOCK_BYTES: String(this.job.blockBytes), WEIR_BATCH_ROWS: String(this.job.batchRows), ...env };
    const { status, signal, stderr } = spawnSync(process.execPath, [WEIR, '-q', '-o', 'out', ...options, ...words, ...wordsOf(this.job)], { cwd: this.path, env: all, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' });
    return { exit: signal ? 137 : status, stderr };
  }

  /** The input has so many lines by now. Other inputs are whole: they must not come in another order than they would. */
  grow(count: number): void {
    const { lines } = this.job;
    writeFileSync(join(this.path, INPUT), lines.slice(0, count).map((line) => `${line}\n`).join(''));
  }

  /** What it has written, and forgets that. */
  take(): string {
    const inputs = Object.keys(inputsOf(this.job));
    const names = readdirSync(this.path).filter((name) => !inputs.includes(name)).sort();
    const files = names.filter((name) => statSync(join(this.path, name)).size > 0 && name !== 'state');
    const text = files.map((name) => `-- ${name}:\n${readFileSync(join(this.path, name), 'latin1')}`).join('');
    for (const name of names) rmSync(join(this.path, name), { recursive: true });
    return text;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Nothing but one file is read, and once. */
function isAlone(job: Case): boolean {
  return !job.stages.some(([stage]) => stage === 'join' || stage === 'union');
}

/** What is wrong; undefined: nothing. */
function problemOf(seed: number): string | undefined {
  const random = new Random(seed);
  const folder = new Folder(randomCase(random));
  try {
    if (folder.run([], { options: ['-p', '1'], env: {} }).exit !== 0) return undefined;
    const expected = folder.take();
    const { lines } = folder.job;
    let count = isAlone(folder.job) ? 0 : lines.length;
    const runs = Array.from({ length: random.int(1, 4) }, () => randomRun(random, true)).concat(randomRun(random, false));
    const tried = runs.map((run, i) => {
      count = i === runs.length - 1 ? lines.length : random.int(count, lines.length);
      folder.grow(count);
      const eof = count === lines.length ? 'drain' : 'keep';
      return { run: { ...run, count, eof }, ...folder.run(['--snapshots', 'state', '--every', '1ms', '--eof', eof, ...RESTARTS], run) };
    });
    const last = tried.at(-1)!;
    const bad = tried.find(({ exit }) => exit !== 0 && exit !== 137) ?? (last.exit === 0 ? undefined : last);
    if (!bad && folder.take() === expected) return undefined;
    return [`seed ${seed}, weir ${wordsOf(folder.job).map(quote).join(' ')}`, ...tried.map(({ run, exit, stderr }) => `${JSON.stringify(run)}: ${exit} ${stderr}`), '-- expected:', expected].join('\n');
  } finally {
    folder.remove();
  }
}

test(`${ROUNDS} random pipelines that are killed, from seed ${SEED}`, () => {
  for (let seed = SEED; seed < SEED + ROUNDS; seed++) assert.equal(problemOf(seed), undefined);
});
