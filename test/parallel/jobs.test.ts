// in: jobs over generated streams, at several parallelisms, sizes of blocks and delays between processes
// out: the same bytes as in one process: output, late records, dead letters, errors, figures

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Shell } from '../support/command.ts';

const shell = new Shell();
after(() => shell.remove());

const FILES = 'a.ndjson b.ndjson';
const WAYS = [
  { p: 2, env: 'WEIR_BLOCK_BYTES=2000' },
  { p: 3, env: 'WEIR_LEAST_KEYED=3 WEIR_ROWS_TO_TELL=1 WEIR_BLOCK_BYTES=9000 WEIR_BATCH_ROWS=7 WEIR_LINK_DELAY=1' },
];
const MANY = { p: 8, env: 'WEIR_BLOCK_BYTES=6000 WEIR_LINK_DELAY=1' };

const JOBS: Readonly<Record<string, string>> = {
  'stages that work on blocks': `filter 'channel != "Apple"' then map 'cents = price * 100'`,
  'a keyed window': `--time dateTime tumble 1s 'n = count(), total = sum(price), best = max(price)' --by auction`,
  'panes, and what comes out early': `--time dateTime --delay 200ms hop 2s --every 500ms 'n = count()' --by channel --early 700ms`,
  'sums of parts: late records, values that are no numbers, numbers of all sizes': `--time dateTime --delay 100ms map 'v = auction % 7 == 0 ? "none" : auction % 5 == 0 ? 12345678901234567890 : price' then tumble 1s 'n = count(), total = sum(v), mean = avg(v), low = min(v), kinds = count_distinct(v), q = quantile(price, 0.9)' --by channel`,
  'sums of parts without keys, behind which windows are added up again': `--time dateTime hop 2s --every 500ms 'n = count_if(price > 100), s = stddev(price)' then tumble 5s 'n = sum(n), s = max(s)'`,
  'sums of parts in windows with gaps between them': `--time dateTime --delay 1s hop 300ms --every 1s 'n = count(), a = approx_quantile(price, 0.5)' --by channel then filter 'watermark() > 0'`,
  'what the order of input decides, of each key': `--time dateTime agg 'f = first(price), l = last(url), c = collect(bidder), b = arg_max(auction, price), n = sum(extra)' --by channel`,
  'sessions': `--time dateTime --delay 500ms session 300ms 'n = count(), who = collect(bidder)' --by auction`,
  'a file beside the output gets all, the output some': `tee late.ndjson then head 20`,
  'late records in a file of their own': `--time dateTime tumble 1s 'n = count()' --by channel --late-output late.ndjson`,
  'two exchanges: keyed stages behind each other': `--time dateTime --delay 500ms tumble 1s 'n = count()' --by auction then tumble 2s 'most = max(n)' --by n`,
  'an exchange whose input is the output of a window': `--time dateTime --delay 1s window hop:2s/1s then per-window 'n = count(), f = first(bidder)' --by channel then top 1 n --per-window`,
  'the last of each key, in the order of input': `dedup --by bidder --keep last then select 'bidder, price'`,
  'the earliest of each key': `--time dateTime --delay 300ms dedup --by auction --keep earliest`,
  'frames': `--time dateTime --delay 300ms over 'n = count(), s = sum(price)' --by channel --rows 3 then filter 'n == 4'`,
  'the best of each key': `top 2 price --by channel`,
  'all records to one subtask': `--time dateTime agg 'n = count(), m = avg(price)'`,
  'one hot key': `map 'k = 1' then agg 'n = count(), s = sum(price)' --by k --emit change then filter 'n % 50 == 0'`,
  'windows by count': `count-window 7 'n = count(), l = last(price)' --by channel`,
  'records that fall into nothing': `filter 'false' then agg 'count()' --by channel`,
  'a stage with subtasks of its own': `agg 'n = count()' --by bidder --subtasks 2 then filter 'n > 1'`,
  'a field set in its place behind an exchange': `map 'list = [1, 2]' then head 9 then unnest list then map 'url = 0, channel = null'`,
  'a field of the record set in its place behind an exchange': `agg 'n = last(url)' --by channel --subtasks 1 then map 'channel = 1'`,
  'csv comes out': `--output-format csv agg 'n = count()' --by channel`,
  'head': `head 17 then map 'x = auction + 1'`,
};

before(() => {
  shell.run('weir generate nexmark --events 900 --seed 3 > all.ndjson');
  const bids = readFileSync(join(shell.folder, 'all.ndjson'), 'utf8').split('\n').filter((line) => line.includes('"bid":{')).map((line) => JSON.stringify((JSON.parse(line) as { bid: unknown }).bid));
  // Somewhat out of order, the last line without its newline.
  const shuffled = bids.map((line, i) => ({ line, at: i + ((i * 7919) % 13) })).sort((a, b) => a.at - b.at).map(({ line }) => line);
  writeFileSync(join(shell.folder, 'a.ndjson'), shuffled.slice(0, 500).join('\n'));
  writeFileSync(join(shell.folder, 'b.ndjson'), `${shuffled.slice(500).join('\n')}\n`);
});

/** What a run gives that must not depend on how it is run. */
function outcome(job: string, p: number, env = ''): unknown {
  shell.run('rm -f late.ndjson dead.ndjson stats.json');
  const { stdout, stderr, exit } = shell.run(`${env} weir -p ${p} --stats stats.json ${job} ${FILES}`);
  const stats = shell.run('cat stats.json 2>/dev/null').stdout;
  const { elapsed_ms, memory, stages, snapshots, ...figures } = (stats ? JSON.parse(stats) : {}) as Record<string, unknown>;
  void [elapsed_ms, memory, stages, snapshots];
  return { stdout, stderr, exit, figures, late: shell.run('cat late.ndjson 2>/dev/null').stdout, dead: shell.run('cat dead.ndjson 2>/dev/null').stdout };
}

describe('output is the same bytes at any parallelism', () => {
  for (const [name, job] of Object.entries(JOBS)) {
    test(name, () => {
      const expected = outcome(job, 1) as { stdout: string; figures: { records?: number } };
      for (const { p, env } of name === 'sessions' || name === 'the best of each key' ? [...WAYS, MANY] : WAYS) {
        const actual = outcome(job, p, env) as typeof expected;
        // `head` stops at the end of a batch, so how much was read is not told.
        if (/\bhead\b/.test(job)) expected.figures = actual.figures = {};
        assert.deepEqual(actual, expected, `-p ${p} ${env}`);
      }
    });
  }

  test('lines that are no records: errors and dead letters name file and line', () => {
    const lines = readFileSync(join(shell.folder, 'b.ndjson'), 'utf8').split('\n');
    writeFileSync(join(shell.folder, 'b.ndjson'), [...lines.slice(0, 30), 'nope', '', '{"dateTime":"soon"}', ...lines.slice(30)].join('\n'));
    for (const job of [`--time dateTime agg 'n = count()' --by channel`, `--on-error dead.ndjson --time dateTime agg 'n = count()' --by channel`, `agg 'n = count()' then map 'x = 1'`]) {
      for (const { p, env } of WAYS) assert.deepEqual(outcome(job, p, env), outcome(job, 1), `${job} -p ${p}`);
    }
    assert.match((outcome(`agg 'n = count()'`, 3) as { stderr: string }).stderr, /^weir: b\.ndjson:31: /);
  });

  test('stdin, through a pipe', () => {
    const job = `--time dateTime --delay 1s tumble 1s 'n = count()' --by auction`;
    for (const { p, env } of WAYS) assert.equal(shell.run(`cat a.ndjson | ${env} weir -p ${p} ${job}`).stdout, shell.run(`cat a.ndjson | weir -p 1 ${job}`).stdout);
  });
});
