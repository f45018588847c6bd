// in: nothing
// out: jobs that are killed in tests: what they read, the command, the files that they must leave

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface CrashJob {
  readonly name: string;
  /** a shell line; WEIR stands for weir with its options of snapshots */
  readonly line: string;
  /** what must be as though nothing had happened */
  readonly outputs: readonly string[];
  /** written by `>>`, so it must not be there when a run from the start begins */
  readonly appends?: boolean;
}

export const jobs: readonly CrashJob[] = [
  { name: 'a file to a file', line: `WEIR --time ts --delay 5s -o out filter 'x % 3 > 0' a.ndjson b.ndjson`, outputs: ['out'] },
  { name: 'stdin from a file, appended stdout', line: `WEIR map 'y = x * 2' < a.ndjson >> out`, outputs: ['out'], appends: true },
  { name: 'stdin from a pipe', line: `cat a.ndjson | WEIR -o out filter 'x > 5'`, outputs: ['out'] },
  { name: 'files beside the output, bad lines', line: `WEIR --time ts --on-error dead.ndjson -o out tee all.ndjson then filter 'x > 10' then tee some.ndjson then head 150 bad.ndjson b.ndjson`, outputs: ['out', 'all.ndjson', 'some.ndjson', 'dead.ndjson'] },
  { name: 'gzip to CSV', line: `WEIR --output-format csv -o out select 'x, ts' a.ndjson.gz b.ndjson`, outputs: ['out'] },
  { name: 'CSV with bad rows to a table', line: `WEIR --format csv --on-error dead.ndjson --output-format table -o out filter 'x != 7' a.csv`, outputs: ['out', 'dead.ndjson'] },
  { name: 'windows and sessions', line: `WEIR --time ts --delay 1s -o out session 2s 'n = count(), s = sum(x)' --by k --late-output late.ndjson then tumble 20s 'n = sum(n), all = collect(s)' a.ndjson b.ndjson`, outputs: ['out', 'late.ndjson'] },
  { name: 'ranks and frames by key', line: `WEIR --time ts --delay 4s -o out over 'n = row_number(), m = avg(x), p = lag(x)' --by k then dedup --by 'r = x % 7, k' --keep last then top 3 m --by k a.ndjson.gz b.ndjson`, outputs: ['out'] },
  { name: 'two inputs', line: `WEIR --time ts --delay 4s -o out join 'from b.ndjson then map "y = x"' --within -60s,200s --on k --type left then agg 'n = count(), y = max(y)' --by x a.ndjson`, outputs: ['out'] },
];

const LINES = 200;

/** Writes what the jobs read. */
export function writeInputs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const lines = (from: number) => Array.from({ length: LINES }, (_, i) => `{"x":${from + i},"ts":${(from + i) * 700 - ((i * 7919) % 4000)},"k":"${'abc'[i % 3]}"}\n`);
  const write = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);
  write('a.ndjson', lines(0).join('').slice(0, -1));
  write('a.ndjson.gz', gzipSync(lines(0).join('')));
  write('b.ndjson', lines(LINES).join(''));
  write('bad.ndjson', lines(0).map((line, i) => (i % 11 === 3 ? 'no record\n' : i % 13 === 5 ? '{"x":50}\n' : line)).join(''));
  write('a.csv', 'x,name\n');
  for (let i = 0; i < LINES; i++) appendFileSync(join(folder, 'a.csv'), i % 9 === 4 ? `${i}\n` : i % 20 === 6 ? `${i},"over\nlines"\n` : `${i},n${i}\n`);
}
