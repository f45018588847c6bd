// in: the golden cases of stages with two inputs and of user code; jobs with all of these
// out: the same bytes from jobs that died between blocks, or were killed (-9) at any moment, and went on from their newest snapshot

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { stages } from '../../src/operators/table.ts';
import { parseWords } from '../../src/plan/words.ts';
import { runJob } from '../../src/runtime/run.ts';
import { sizes } from '../../src/runtime/sizes.ts';
import { JobFolder } from './folder.ts';
import type { CrashJob } from './jobs.ts';

const HOME = resolve('.');
const CASES = resolve('test/cases');
const STAGES = ['join', 'union', 'process', 'apply'];
/** Deaths of a case before it may end. */
const DEATHS = 6;
/** ms that a snapshot of a small job takes at most, mostly */
const WRITTEN_MS = 5;

const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'weir-two-'));
after(() => rmSync(root, { recursive: true, force: true }));

class Death extends Error {}

/** Cases that are one plain command over files, and end well: its words. */
function wordsOf(folder: string): string[] | undefined {
  const line = readFileSync(join(folder, 'cmd'), 'utf8');
  if (existsSync(join(folder, 'exit')) || !line.startsWith('weir ') || /[|;&<>$]/.test(line.replace(/'[^']*'|"[^"]*"/g, ''))) return undefined;
  return execFileSync('/bin/sh', ['-c', `weir() { printf '%s\\0' "$@"; }\n${line}`], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

/** Runs a job until it ends, or until so many blocks have been taken, each with a snapshot behind it. */
async function run(words: readonly string[], blocks: number): Promise<boolean> {
  const job = parseWords(['--snapshots', 'state', '--every', '1ms', '-o', 'out', ...words], stages);
  let taken = 0;
  const ready = async () => {
    await new Promise((done) => setTimeout(done, WRITTEN_MS));
    if (++taken >= blocks) throw new Death();
  };
  try {
    await runJob(job, stages, { ready });
    return true;
  } catch (error) {
    if (error instanceof Death) return false;
    throw error;
  }
}

async function check(folder: string, words: readonly string[]): Promise<void> {
  const copy = mkdtempSync(join(root, 'case-'));
  cpSync(folder, copy, { recursive: true });
  process.chdir(copy);
  for (let death = 0; death < DEATHS && !(await run(words, 1 + (death % 3))); death++);
  if (!existsSync('out') || !(await run(words, Number.POSITIVE_INFINITY))) assert.fail('it did not end');
  assert.equal(readFileSync('out', 'latin1'), readFileSync(join(folder, 'expected.ndjson'), 'latin1'));
  for (const name of readdirSync(folder)) {
    if (name.startsWith('expected-')) assert.equal(readFileSync(name.slice('expected-'.length), 'latin1'), readFileSync(join(folder, name), 'latin1'), name);
  }
}

describe('golden cases that die between blocks', () => {
  sizes.blockBytes = 60;
  after(() => process.chdir(HOME));
  const folders = STAGES.flatMap((stage) => readdirSync(join(CASES, stage)).map((name) => join(CASES, stage, name)));
  for (const folder of folders) {
    const words = wordsOf(folder);
    if (words) test(folder.slice(CASES.length + 1), () => check(folder, words));
  }
});

const MODULE = `
export default {
  onRecord(record, ctx) {
    const n = ctx.state.value('n');
    const seen = ctx.state.map('seen', { ttl: '20s' });
    n.set((n.get() ?? 0) + 1);
    seen.set(record.x % 5, record.x);
    ctx.timers.at(ctx.time + 7000);
    ctx.emit({ k: ctx.key, n: n.get(), seen: [...seen.values()], rule: ctx.broadcast.value('rule').get() });
  },
  onTimer(time, ctx) {
    ctx.emit({ k: ctx.key, time, rule: ctx.broadcast.value('rule').get() });
    ctx.side('fired', { time });
  },
  onBroadcast(record, ctx) {
    ctx.broadcast.value('rule').set(record.x);
  },
};`;
const write = (module: string, name: string) => `cat > ${name} <<'END'\n${module}\nEND\n`;

const jobs: readonly CrashJob[] = [
  { name: 'process with a broadcast', line: `${write(MODULE, 'm.mjs')} WEIR --time ts --delay 4s -o out process m.mjs --by k --side fired=fired --broadcast "from b.ndjson --time ts-140000" then tumble 10s 'n = count()' a.ndjson`, outputs: ['out', 'fired'] },
  { name: 'process with a branch', line: `${write(MODULE, 'm.mjs')} cat a.ndjson | WEIR --time ts --delay 4s -o out process m.mjs --by k --side fired=fired --broadcast "input then filter 'x % 9 == 0'"`, outputs: ['out', 'fired'] },
  { name: 'apply, joins and a union', line: `${write('export default (record) => (record.x % 7 ? [record, { ...record, x: -record.x }] : []);', 'm.mjs')} WEIR --time ts --delay 4s -o out apply m.mjs then join "from b.ndjson --time ts-140000" --as-of --on k --type left --as b then union "from a.ndjson.gz then select 'x, ts'" then join 'input then unnest b' --window tumble:5s --type anti b.ndjson a.ndjson`, outputs: ['out'] },
  { name: 'joins of everything', line: `WEIR -o out join b.ndjson --on k --type full --where 'x < 20 && right_x > 380' then join a.ndjson --lookup --on x --type left --as again a.ndjson`, outputs: ['out'] },
  { name: 'joins whose state is on disk', line: `WEIR_STATE_CACHE=5 WEIR --state level -o out join b.ndjson --on k --type full --where 'x < 20 && right_x > 380' then join a.ndjson --lookup --on x --type full --as again a.ndjson`, outputs: ['out'] },
  { name: 'joins in time whose state is on disk', line: `WEIR_STATE_CACHE=5 WEIR --state level --time ts --delay 4s -o out join "from b.ndjson --time ts-140000" --as-of --on k --type left --as b then join "from a.ndjson.gz then select 'k, x, ts'" --on k --within -2s,1s --type full then join 'input then filter "x % 3 == 0"' --window tumble:5s --on x --type left --as c a.ndjson`, outputs: ['out'] },
];
/** Jobs that are killed again and again; `npm run soak` takes some hundreds. */
const ROUNDS = Number(process.env['WEIR_SOAK']) || jobs.length;
const KILLS = 3;

test(`${ROUNDS} jobs, each killed ${KILLS} times`, async (t) => {
  for (let round = 0; round < ROUNDS; round++) {
    const job = jobs[round % jobs.length]!;
    const folder = new JobFolder(job);
    t.after(() => folder.remove());
    const began = performance.now();
    const straight = await folder.run('-q');
    const longest = performance.now() - began;
    assert.equal(straight.exit, 0, `${job.name}: ${straight.stderr}`);
    const expected = folder.outputs();
    assert.ok(expected.every((text) => text.length > 100), `${job.name}: ${expected.join('\n')}`);
    folder.clear();
    const kills = Array.from({ length: KILLS }, () => Math.ceil(longest * (0.2 + Math.random())));
    for (const ms of kills) await folder.run('--every 1ms -q', undefined, ms);
    const last = await folder.run('--every 1ms -q');
    assert.equal(last.exit, 0, `${job.name}, killed after ${kills.join(', ')} ms: ${last.stderr}`);
    assert.deepEqual(folder.outputs(), expected, `${job.name}, killed after ${kills.join(', ')} ms`);
    folder.remove();
  }
});
