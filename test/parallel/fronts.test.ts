// in: jobs with two inputs, or with state on disk, at several parallelisms
// out: the same bytes as in one process; `explain` tells what all processes do and what one does

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Shell } from '../support/command.ts';

const shell = new Shell();
after(() => shell.remove());

const WAYS = ['-p 2', '-p 3'];
const ENV = ['WEIR_BLOCK_BYTES=3000', 'WEIR_BLOCK_BYTES=9000 WEIR_BATCH_ROWS=7 WEIR_LINK_DELAY=1'];

const JOBS: Readonly<Record<string, string>> = {
  'an interval join, both sides filtered': `--time ts filter 'tip > 1' then join 'from fares.ndjson --time ts then filter "tip > 2"' --on rideId --within -2s,2s`,
  'a join whose right side maps and drops': `--time ts filter 'n % 3 == 0' then join 'from fares.ndjson --time ts then map "t = tip * 2" then filter "t > 4"' --on rideId --window tumble:10s --type full`,
  'a table whose rest comes at the end, added up behind it': `filter 'n % 5 == 0' then join 'from fares.ndjson then filter "tip > 3"' --on rideId --lookup --type full then agg 'n = count(), tips = sum(tip)' --by paymentType`,
  'a branch of the stream itself': `--time ts filter 'n % 2 == 0' then join 'input then filter "n % 3 == 0"' --on rideId --within -5s,5s --type left`,
  'a union, in the order of time': `--time ts filter 'n % 2 == 0' then union 'from fares.ndjson --time ts then filter "tip > 3"'`,
  'state on disk': `--state level filter 'n % 2 == 0' then agg 'n = count(), tips = sum(tip)' --by driverId`,
  'a line that is no record, on the left': `filter 'n > 0' then join fares.ndjson --on rideId --lookup`,
};

before(() => {
  shell.run('weir generate fares --events 600 --seed 5 | weir map "n = rideId, ts = startTime" > fares.ndjson');
  shell.run('head -400 fares.ndjson > left.ndjson; echo nope > broken.ndjson');
});

describe('fronts of sources: the same bytes at any parallelism', () => {
  for (const [name, job] of Object.entries(JOBS)) {
    test(name, () => {
      const files = name.startsWith('a line') ? 'left.ndjson broken.ndjson' : 'left.ndjson';
      const expected = shell.run(`weir -p 1 ${job} ${files}`);
      assert.ok(name.startsWith('a line') ? expected.exit === 1 && /broken\.ndjson:1: /.test(expected.stderr) : expected.exit === 0 && expected.stdout !== '', expected.stderr);
      for (const [i, p] of WAYS.entries()) assert.deepEqual(shell.run(`${ENV[i]} weir ${p} ${job} ${files}`), expected, `${ENV[i]} ${p}`);
    });
  }

  test('`explain` tells what all processes do, and where all records meet', () => {
    const { stdout } = shell.run(`weir explain -p 2 filter 'n > 1' then join 'from fares.ndjson then filter "n > 2"' --on rideId --lookup left.ndjson`);
    assert.match(stdout, /task 1 \(2 subtasks\)[\s\S]*filter[\s\S]*task 2 \(1 subtask\)[\s\S]*right \(2 subtasks\)[\s\S]*all records to one subtask, in order/);
  });
});
