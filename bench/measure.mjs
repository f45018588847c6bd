// in: a command as words
// out: what one run of it took (wall, CPU and peak memory of it and its children), and medians over runs in turn
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';

/** GNU time, which asks wait4 for the figures; without it there is wall time only. */
const TIME = (process.platform === 'linux' ? ['/usr/bin/time'] : ['/usr/local/bin/gtime', '/opt/homebrew/bin/gtime']).find(existsSync);
export const hasFigures = TIME !== undefined;
const LIMIT_MS = 300_000;

/** Runs a command to its end: seconds, CPU seconds, megabytes. A failure or a run beyond the limit throws. */
export async function run(words, { out = '/dev/null', figures } = {}) {
  const timed = TIME && figures ? [TIME, '-q', '-f', '%U %S %M', '-o', figures, ...words] : words;
  const from = process.hrtime.bigint();
  await finish(timed, out);
  const wall = Number(process.hrtime.bigint() - from) / 1e9;
  return { wall, ...(TIME && figures ? readFigures(figures) : { cpu: Number.NaN, memory: Number.NaN }) };
}

function readFigures(file) {
  const [user, system, kilobytes] = readFileSync(file, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
  return { cpu: user + system, memory: kilobytes / 1024 };
}

/** The command leads a process group of its own, so that what hangs is ended with its children. */
function finish(words, out) {
  const file = openSync(out, 'w');
  return new Promise((resolve, reject) => {
    const errors = [];
    const child = spawn(words[0], words.slice(1), { stdio: ['ignore', file, 'pipe'], detached: true });
    closeSync(file);
    const limit = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), LIMIT_MS);
    child.stderr.on('data', (data) => errors.push(data));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      if (code === 0) resolve();
      else reject(new Error(`${words.join(' ').slice(0, 300)}\nended with ${signal ?? code}: ${Buffer.concat(errors).toString().trim()}`));
    });
  });
}

/** Both sides in turn, once to warm up, then `runs` times. The ratios are medians over the pairs. */
export async function pair(left, right, { runs, figures, scale = 1 }) {
  const pairs = [];
  for (let i = 0; i <= runs; i++) {
    const a = await run(left, { figures });
    const b = scaled(await run(right, { figures }), scale);
    if (i > 0) pairs.push([a, b]);
  }
  return {
    left: medians(pairs.map(([a]) => a)),
    right: medians(pairs.map(([, b]) => b)),
    wall: median(pairs.map(([a, b]) => a.wall / b.wall)),
    cpu: median(pairs.map(([a, b]) => a.cpu / b.cpu)),
  };
}

/** What a run on a part of the events would have taken on all of them; memory is not scaled. */
function scaled(figures, scale) {
  return { wall: figures.wall * scale, cpu: figures.cpu * scale, memory: figures.memory };
}

export function medians(all) {
  return { wall: median(all.map((f) => f.wall)), cpu: median(all.map((f) => f.cpu)), memory: median(all.map((f) => f.memory)) };
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
