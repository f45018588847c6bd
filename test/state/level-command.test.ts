// in: commands with --state level, ends of all kinds
// out: nothing is left of the database, refusals name the stage, and joins give the same bytes

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

const WEIR = resolve('bin/weir.js');
const folder = mkdtempSync(join(tmpdir(), 'weir-level-'));
const temporary = join(folder, 'tmp');
const env = { ...process.env, TMPDIR: temporary, WEIR_STATE_CACHE: '4' };
mkdirSync(temporary);
after(() => rmSync(folder, { recursive: true, force: true }));

const lines = (n: number, line: (i: number) => object) => Array.from({ length: n }, (_, i) => `${JSON.stringify(line(i))}\n`).join('');
writeFileSync(join(folder, 'left.ndjson'), lines(60, (i) => ({ ts: i * 100, k: i % 13 === 0 ? null : i % 23, l: i })));
writeFileSync(join(folder, 'right.ndjson'), lines(60, (i) => ({ ts: i * 90, k: (i * 7) % 23, r: i })));
writeFileSync(join(folder, 'lone.ndjson'), lines(90, (i) => ({ ts: i * 70 + (i % 4) * 400, k: i % 9 === 0 ? null : (i * 5) % 41, r: i })));
const MODULE = `export default {
  onRecord(record, ctx) {
    const n = ctx.state.value('n');
    n.set((n.get() ?? 0) + 1);
    ctx.timers.at(ctx.time + 950);
    if (record.l % 5 === 0) ctx.timers.delete(ctx.time + 450);
  },
  onTimer(time, ctx) {
    const n = ctx.state.value('n').get();
    ctx.emit({ key: ctx.key, time, n, watermark: ctx.watermark });
    if (n % 2 === 1 && time < 9000) ctx.timers.at(time + 700);
  },
};`;
writeFileSync(join(folder, 'module.mjs'), MODULE);
const BROADCAST = `export default {
  onBroadcast(rule, ctx) {
    ctx.broadcast.map('rules').set(rule.k, rule.r);
  },
  onRecord(record, ctx) {
    const n = ctx.state.value('n');
    n.set((n.get() ?? 0) + 1);
    ctx.emit({ key: ctx.key, n: n.get(), rule: ctx.broadcast.map('rules').get(record.k) });
    if (Number.isNaN(ctx.time ?? NaN)) return;
    ctx.timers.at(ctx.time + 950);
    if (record.l % 3 === 0) ctx.timers.at(ctx.time - 400);
  },
  onTimer(time, ctx) {
    const n = ctx.state.value('n').get();
    ctx.emit({ key: ctx.key, time, n, watermark: ctx.watermark, rules: ctx.broadcast.map('rules').size });
    if (n % 2 === 1 && time < 9000) ctx.timers.at(time + 700);
  },
};`;
writeFileSync(join(folder, 'broadcast.mjs'), BROADCAST);

const run = (words: readonly string[], more: NodeJS.ProcessEnv = {}) => spawnSync(process.execPath, [WEIR, ...words], { cwd: folder, env: { ...env, ...more }, encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' });

const TIMED = ['--time', 'ts', '--delay', '1s'];
const SAME: readonly (readonly string[])[] = [
  [...TIMED, 'process', 'module.mjs', '--by', 'k'],
  [...TIMED, 'process', 'broadcast.mjs', '--by', 'k', '--broadcast', 'from right.ndjson'],
  ['process', 'broadcast.mjs', '--by', 'k', '--broadcast', 'from right.ndjson'],
  [...TIMED, 'process', 'broadcast.mjs', '--by', 'k', '--broadcast', "input then filter 'l % 4 == 0 && k != null' then map 'k = k, r = l'"],
  ['join', 'from right.ndjson', '--on', 'k'],
  ['join', 'from right.ndjson', '--on', 'k', '--type', 'semi'],
  [...TIMED, 'join', 'from right.ndjson', '--on', 'k', '--ttl', '700ms', '--type', 'left'],
  ...['inner', 'left', 'right', 'semi', 'anti'].map((type) => [...TIMED, 'join', 'from right.ndjson', '--on', 'k', '--within', '-300ms,500ms', '--type', type]),
  [...TIMED, 'join', "input then filter 'l % 2 == 0'", '--on', 'k', '--within', '-300ms,500ms', '--type', 'left'],
  [...TIMED, 'join', "input then unnest k", '--on', 'k', '--within', '0s,3s'],
  ...['left', 'right', 'full', 'anti'].map((type) => ['join', 'from lone.ndjson', '--on', 'k', '--type', type]),
  [...TIMED, 'join', 'from lone.ndjson', '--on', 'k', '--within', '-300ms,900ms', '--type', 'full'],
  [...TIMED, 'join', 'from lone.ndjson', '--on', 'k', '--ttl', '700ms', '--type', 'full'],
  ...['inner', 'left', 'full', 'semi', 'anti'].map((type) => [...TIMED, 'join', 'from lone.ndjson', '--on', 'k', '--window', 'hop:1s/500ms', '--type', type]),
  ...['inner', 'left'].map((type) => [...TIMED, 'join', 'from lone.ndjson', '--on', 'k', '--as-of', '--type', type]),
  ...['inner', 'left', 'right', 'full', 'semi', 'anti'].map((type) => ['join', 'from lone.ndjson', '--on', 'k', '--lookup', '--type', type]),
  ['join', "input then filter 'l % 2 == 0'", '--on', 'k', '--lookup', '--type', 'full', '--where', 'l != right_l'],
  [...TIMED, 'tumble', '1s', 'n = count()', '--by', 'k', 'then', 'agg', 'n = sum(n)', '--by', 'k'],
];

for (const words of SAME) {
  test(`the same bytes: ${words.join(' ')}`, () => {
    const [heap, level] = [[], ['--state', 'level']].map((state) => run([...state, ...words, 'left.ndjson']));
    assert.equal(heap!.status, 0, heap!.stderr);
    assert.deepEqual([level!.status, level!.stdout], [0, heap!.stdout], level!.stderr);
  });
}

test('timers of processing time call keys that are on disk, also behind a snapshot', () => {
  const CLOCK = `export default {
    onRecord(record, ctx) {
      if (record.k % 3 !== 0) ctx.timers.atProcessingTime(ctx.processingTime + 50 - ((ctx.processingTime + 50) % 50) + 50 * (record.k % 4));
      ctx.state.value('n').set((ctx.state.value('n').get() ?? 0) + 1);
    },
    onTimer(time, ctx) {
      ctx.emit({ k: ctx.key, n: ctx.state.value('n').get(), domain: ctx.timeDomain });
      ctx.timers.deleteProcessingTime(time + 50);
    },
  };`;
  writeFileSync(join(folder, 'clock.mjs'), CLOCK);
  const feed = `seq 0 19 | sed 's/.*/{"k":&}/'`;
  const shell = (line: string) => spawnSync('sh', ['-c', line.replaceAll('WEIR', `${process.execPath} ${WEIR}`)], { cwd: folder, env, encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' });
  const expected = Array.from({ length: 20 }, (_, k) => ({ k, n: 1, domain: 'processing' })).filter(({ k }) => k % 3 !== 0);
  const inOrder = (text: string) => text.trim().split('\n').map((line) => JSON.parse(line) as (typeof expected)[0]).sort((a, b) => a.k - b.k);
  const called = shell(`(${feed}; sleep 1.5) | WEIR --state level process clock.mjs --by k`);
  assert.deepEqual(inOrder(called.stdout), expected, called.stderr);
  const job = '--state level --snapshots clocked --eof keep -o called.ndjson process clock.mjs --by k';
  assert.equal(shell(`${feed} | WEIR -q ${job}`).stderr, '');
  assert.equal(shell(`(${feed}; sleep 1) | WEIR -q ${job}`).stderr, '');
  assert.deepEqual(inOrder(readFileSync(join(folder, 'called.ndjson'), 'utf8')), expected);
});

test('what comes behind a snapshot comes behind what is on disk', () => {
  const numbers = (name: string, from: number, to: number) => writeFileSync(join(folder, name), lines(to - from, (i) => ({ k: from + i })));
  numbers('first.ndjson', 0, 30);
  numbers('second.ndjson', 30, 60);
  numbers('third.ndjson', 60, 70);
  const job = ['--state', 'level', '--snapshots', 'ordered', '-o', 'ordered.ndjson', '-q', 'union', 'third.ndjson', 'then', 'dedup', '--by', 'k', '--keep', 'last', 'first.ndjson'];
  assert.equal(run(['--eof', 'keep', ...job]).status, 0);
  assert.equal(run([...job, 'second.ndjson']).status, 0);
  const came = readFileSync(join(folder, 'ordered.ndjson'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { k: number }).k);
  assert.deepEqual(came, [[0, 30], [60, 70], [30, 60]].flatMap(([from, to]) => Array.from({ length: to! - from! }, (_, i) => from! + i)));
});

test('explain says where state is', () => {
  assert.match(run(['explain', '--state', 'level', '-p', '2', 'agg', 'n = count()', '--by', 'k']).stdout, /1 subtask[^]*a group per key, on disk/);
});

const BUSY = ['--state', 'level', 'dedup', '--by', 'k'];
const databases = () => readdirSync(temporary).filter((name) => name.startsWith('weir-state-'));

/** Runs the job until its database is there, and then ends it. */
async function ended(signal: NodeJS.Signals): Promise<number | null> {
  const child = spawn(process.execPath, [WEIR, ...BUSY], { cwd: folder, env, stdio: ['pipe', 'ignore', 'ignore'] });
  const exit = new Promise<number | null>((done) => child.on('exit', done));
  child.stdin.on('error', () => {});
  child.stdin.write(lines(100, (k) => ({ k })));
  while (databases().length === 0) await new Promise((done) => setTimeout(done, 20));
  child.kill(signal);
  return exit;
}

test('nothing is left at the end, nor where a signal ends the job; what a death has left goes when the next job starts', { timeout: 60_000 }, async () => {
  assert.equal(run([...BUSY, 'left.ndjson']).status, 0);
  assert.deepEqual(databases(), []);
  for (const [signal, exit] of [['SIGTERM', 143], ['SIGINT', 130]] as const) {
    assert.equal(await ended(signal), exit);
    assert.deepEqual(databases(), []);
  }
  await ended('SIGKILL');
  assert.equal(databases().length, 1);
  assert.equal(run([...BUSY, 'left.ndjson']).status, 0);
  assert.deepEqual(databases(), []);
});

test('what a death has left beside snapshots goes when a job next uses them, wherever that keeps its state', () => {
  const left = join(folder, 'used', 'weir-state-4194305-dead');
  mkdirSync(left, { recursive: true });
  assert.equal(run(['--snapshots', 'used', 'agg', 'n = count()', '--by', 'k', 'left.ndjson']).status, 0);
  assert.ok(!existsSync(left));
});

test('--stats counts keys on disk', () => {
  const [heap, level] = [[], ['--state', 'level']].map((state) => {
    run([...state, '--snapshots', `stats-${state.length}`, '--eof', 'keep', '--stats', 'stats.json', 'agg', 'n = count()', '--by', 'k', 'left.ndjson']);
    return (JSON.parse(readFileSync(join(folder, 'stats.json'), 'utf8')) as { stages: { keys: number }[] }).stages[0]!.keys;
  });
  assert.deepEqual([heap, level], [24, 24]);
});

test('no room for the database is an error that says so', () => {
  const { status, stderr } = run([...BUSY, 'left.ndjson'], { TMPDIR: join(folder, 'left.ndjson') });
  assert.equal(status, 1);
  assert.match(stderr, /no room for state in [^]*TMPDIR/);
});

test('a snapshot holds what is on disk, and the database stands beside the snapshots', () => {
  const expected = run(['agg', 'n = count()', '--by', 'k', 'left.ndjson', 'right.ndjson']).stdout;
  const saved = ['--snapshots', 'snapshots', '-o', 'sum.ndjson', '--state', 'level'];
  assert.equal(run([...saved, '--eof', 'keep', 'agg', 'n = count()', '--by', 'k', 'left.ndjson']).status, 0);
  assert.equal(run([...saved, 'agg', 'n = count()', '--by', 'k', 'right.ndjson']).status, 0);
  assert.equal(readFileSync(join(folder, 'sum.ndjson'), 'utf8'), expected);
  assert.ok(!readdirSync(join(folder, 'snapshots')).some((name) => name.startsWith('weir-state-')) && existsSync(join(folder, 'snapshots')));
});
