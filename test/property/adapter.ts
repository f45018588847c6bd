// in: a job as words and input
// out: what weir, and what the reference, make of it, in the same form

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runReference } from '../reference/engine.ts';
import type { Case } from './pipelines.ts';

export interface Outcome {
  readonly exit: number | null;
  readonly stdout: string;
  /** files that it wrote, those without content left out */
  readonly files: Readonly<Record<string, string>>;
  readonly message: string;
}

export const INPUT = 'input.ndjson';
export const RIGHT = 'right.ndjson';
const WEIR = resolve('bin/weir.js');

export function wordsOf({ options, stages }: Case): string[] {
  return [...options, ...stages.flatMap((stage, i) => (i === 0 ? stage : ['then', ...stage])), INPUT];
}

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** The files that a job reads. */
export function inputsOf({ lines, right, texts }: Case): Record<string, string> {
  return { ...texts, [INPUT]: textOf(lines), [RIGHT]: textOf(right) };
}

export function runOracle(job: Case): Outcome {
  const { exit, stdout, files, message } = runReference(wordsOf(job), inputsOf(job));
  return { exit, stdout, message, files: withContent(Object.entries(files)) };
}

/** Keys that are in memory; the others are on disk. */
const CACHE = process.env['WEIR_CACHE'];

/** Runs `bin/weir.js` in a folder of its own. With WEIR_CACHE=N, state is on disk. */
export function runWeir(job: Case): Outcome {
  return run(job, CACHE === undefined ? [] : ['--state', 'level']);
}

function run(job: Case, options: readonly string[]): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'weir-property-'));
  try {
    for (const [name, text] of Object.entries(inputsOf(job))) writeFileSync(join(folder, name), text);
    const env = { ...process.env, WEIR_BLOCK_BYTES: String(job.blockBytes), WEIR_BATCH_ROWS: String(job.batchRows), WEIR_STATE_CACHE: CACHE };
    const parallelism = job.parallelism === undefined ? [] : ['-p', job.parallelism];
    const { status, stdout, stderr } = spawnSync(process.execPath, [WEIR, ...parallelism, ...options, ...wordsOf(job)], { cwd: folder, env, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' });
    const names = readdirSync(folder).filter((name) => !(name in inputsOf(job)));
    const files = names.map((name): [string, string] => [name, readFileSync(join(folder, name), 'utf8')]);
    return { exit: status, stdout, message: stderr, files: withContent(files) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function withContent(files: readonly [string, string][]): Record<string, string> {
  return Object.fromEntries(files.filter(([, text]) => text !== '').sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same bytes; of runs that fail only the exit code counts. */
export function same(a: Outcome, b: Outcome): boolean {
  if (a.exit !== b.exit) return false;
  return a.exit !== 0 || (a.stdout === b.stdout && JSON.stringify(a.files) === JSON.stringify(b.files));
}
