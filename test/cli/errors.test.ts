// in: what was thrown
// out: what the person reads

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import { describe, underline } from '../../src/cli/errors.ts';
import { exactDuration, findings } from '../../src/cli/report.ts';
import { RecordError, TextError, UsageError } from '../../src/model/errors.ts';

const plain = new Chalk({ level: 0 });

test('a text is shown with a caret', () => {
  const error = new TextError("unknown function 'cuont'", 'n = cuont()', 4, 9, "did you mean 'count'?");
  error.stage = 'tumble';
  assert.equal(describe(error, plain, false), "weir: tumble: unknown function 'cuont'\n  n = cuont()\n      ^^^^^\nhelp: did you mean 'count'?\n");
});

test('a text of several lines shows the one that is wrong, a long one the part', () => {
  assert.equal(underline('head 1\ntmble x\n', 7, 12, plain), '  2: tmble x\n     ^^^^^\n');
  const long = underline(`${'a'.repeat(300)}?${'b'.repeat(300)}`, 300, 301, plain).split('\n');
  assert.equal(long[0]![long[1]!.indexOf('^')], '?');
  assert.ok(long[0]!.length < 110);
  assert.equal(underline('x', 1, 1, plain), '  x\n   ^\n');
});

test('usage, records, bugs', () => {
  assert.equal(describe(new UsageError('x', 'usage: weir head N'), plain, false), 'weir: x\nusage: weir head N\n');
  assert.match(describe(new RecordError('a string is not closed', 'f', 12, '{"a":"\x1b[2J'), plain, false), /^weir: f:12: a string is not closed\n {2}{"a":" \[2J\nhelp: --on-error skip/);
  assert.match(describe(new TypeError('no'), plain, false), /^weir: this is a bug in weir: TypeError: no\nhelp: .*-v/);
  assert.match(describe(new TypeError('no'), plain, true), /errors\.test/);
});

test('what is said when a job is done', () => {
  const summary = { records: 1234, bytes: 5_600_000, written: 1, late: 0, delay: 0, rejected: 0, isCut: false };
  assert.deepEqual(findings(summary, false, 10), []);
  assert.deepEqual(findings({ ...summary, late: 2, delay: 90_000 }, false, 10), ['2 records came too late for their windows; --delay 90s would have lost none']);
  assert.deepEqual(findings({ ...summary, rejected: 1 }, true, 1230), ['1 line was no usable record', '1,234 records (5.6 MB) in, 1 record out, 1.23 s']);
  const kept = { stage: 'agg count() --by k', keys: 2, bytes: 0, peak_keys: 3000, peak_bytes: 4100 };
  assert.equal(findings({ ...summary, stages: [kept] }, true, 1)[0], 'agg count() --by k: 2 keys at the end of input, 3,000 at most (4.1 kB)');
  assert.deepEqual([7_200_000, 60_000, 1500].map(exactDuration), ['2h', '1m', '1500ms']);
});
