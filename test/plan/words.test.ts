// in: command lines and .weir texts
// out: the jobs that they say, or what is wrong with them

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TextError, UsageError } from '../../src/model/errors.ts';
import { stages } from '../../src/operators/table.ts';
import { firstOperand, parsePipelineText, parseRun, parseWords } from '../../src/plan/words.ts';

const words = (line: string) => (line === '' ? [] : line.split(' '));
const job = (line: string) => parseWords(words(line), stages, ['explain']);
const chain = (line: string) => job(line).stages.map(({ name, args, options }) => ({ name, args, ...options }));

/** What is said about a wrong command line. */
function complaint(of: () => unknown): string {
  try {
    of();
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return `${error.message} | ${error.help ?? ''}`;
  }
  return assert.fail('nothing was wrong');
}

describe('a chain of stages', () => {
  test('options of the job stand anywhere, files at the end', () => {
    const { options, stages: calls, files } = job('--time ts filter x -p 1 then tumble --by path 1m n=count() --delay 5s a.ndjson b.ndjson -o out');
    assert.deepEqual(calls, [
      { name: 'filter', args: ['x'], options: {} },
      { name: 'tumble', args: ['1m', 'n=count()'], options: { by: 'path' } },
    ]);
    assert.deepEqual([options.time, options.delay, options.parallelism, options.output, files], ['ts', 5000, 1, 'out', ['a.ndjson', 'b.ndjson']]);
  });

  test("a stage's own option wins over the job's", () => {
    assert.equal(job('--every 5s hop 10s --every 2s n=count()').options.every, 5000);
    assert.deepEqual(chain('hop 10s --every 2s n=count()'), [{ name: 'hop', args: ['10s', 'n=count()'], every: '2s' }]);
    assert.deepEqual(chain('--keep 3 dedup --by id --keep last'), [{ name: 'dedup', args: [], by: 'id', keep: 'last' }]);
  });

  test('words that start with a dash', () => {
    assert.deepEqual(chain('top 3 -price'), [{ name: 'top', args: ['3', '-price'] }]);
    assert.deepEqual(chain('top 3 -price -q f').at(0)!.args, ['3', '-price']);
    assert.deepEqual(chain('top 3 -- -q').at(0)!.args, ['3', '-q']);
    assert.deepEqual(chain('top -p4 3 -order').at(0)!.args, ['3', '-order']);
    assert.deepEqual(chain('tumble 1d n=count() --offset -8h').at(0), { name: 'tumble', args: ['1d', 'n=count()'], offset: '-8h' });
    assert.deepEqual(job('filter x -').files, ['-']);
    assert.deepEqual(job('filter x -- --odd-name').files, ['--odd-name']);
  });

  test('short options', () => {
    const { options } = job('head 1 -qvo out f');
    assert.deepEqual([options.quiet, options.verbose, options.output], [true, true, 'out']);
    assert.equal(job('head 1 -oout f').options.output, 'out');
    assert.equal(job('-p auto head 1').options.parallelism, 'auto');
  });

  test('colour may come without a word', () => {
    assert.equal(job('--color head 1').options.color, 'always');
    assert.equal(job('--color never head 1').options.color, 'never');
    assert.equal(job('--color=never head 1').options.color, 'never');
  });

  test('from takes all words', () => {
    assert.deepEqual(chain('from a b --format csv then head 1'), [{ name: 'from', args: ['a', 'b'], format: 'csv' }, { name: 'head', args: ['1'] }]);
  });

  test('the first operand', () => {
    assert.equal(firstOperand(words('--time ts -p 2 --color explain head 1')), 5);
    assert.equal(firstOperand(words('--time ts')), -1);
  });
});

describe('what is wrong with a command line', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /^no stage given/],
    ['tmble 1m', /^unknown stage 'tmble' \| did you mean 'tumble'\?/],
    ['explian head 1', /did you mean 'explain'\?/],
    ['--tme ts head 1', /^unknown option '--tme' \| did you mean '--time'\?/],
    ['tumble 1m n --bye k', /^tumble: unknown option '--bye' \| did you mean '--by'\?/],
    ['tumble 1m', /^tumble: AGGS is missing: .* \| usage: weir tumble SIZE AGGS \[--by KEYS\]/],
    ['filter x extra then head 1', /^filter: 'extra' is one word too many/],
    ['filter x head then head 1', /did you mean `then head`\?/],
    ['filter x head', /^'head' stands where a FILE is expected \| .*\.\/head/],
    ['filter x then', /^no stage behind a `then`/],
    ['then head 1', /^no stage before the first `then`/],
    ['head 1 --time', /^head: --time needs a value/],
    ['agg n --by --emit end', /^agg: --by needs a value .*--by=--emit/],
    ['head 1 --quiet=yes', /^head: --quiet takes no value/],
    ['dedup --by x --keep lst', /^dedup: --keep does not know 'lst' \| did you mean 'last'\?/],
    ['head 1 --format jsn', /^unknown format 'jsn' \| did you mean 'json'\?/],
    ['head 1 -p 0', /^--parallelism takes a whole number from 1 on, or auto, not '0'/],
    ['head 1 --tz Europe/Brelin', /^--tz: unknown time zone .* \| did you mean 'Europe\/Berlin'\?/],
    ['head 1 -z', /^head: unknown option '-z'/],
    ['head 1 --delay 5', /a duration needs a unit/],
    ['head 1 then from a', /^`from` can only be the first stage/],
  ];
  for (const [line, said] of cases) test(line || '(nothing)', () => assert.match(complaint(() => job(line)), said));

  test('from and files', () => assert.match(complaint(() => job('from a then head 1 b')), /no FILE 'b'/));
});

describe('.weir files', () => {
  const text = `#!/usr/bin/env -S weir run
# errors per minute
set time ts
set --delay 5s
filter 'status >= 500' # only these
then tumble 1m "n = count()" \\
  --by path
| head 3
`;

  test('a stage a line, options on set lines', () => {
    const { options, stages: calls } = parsePipelineText(text, stages);
    assert.deepEqual([options.time, options.delay], ['ts', 5000]);
    assert.deepEqual(calls, [
      { name: 'filter', args: ['status >= 500'], options: {} },
      { name: 'tumble', args: ['1m', 'n = count()'], options: { by: 'path' } },
      { name: 'head', args: ['3'], options: {} },
    ]);
  });

  test('options and files of the command line win', () => {
    const { options, files } = parseRun(`${text}`, words('--delay 1m in.ndjson'), stages);
    assert.deepEqual([options.time, options.delay, files], ['ts', 60_000, ['in.ndjson']]);
  });

  test('quoting', () => {
    const args = (line: string) => parsePipelineText(line, stages).stages[0]!.args[0];
    assert.equal(args(`filter 'a b'"c 'd'"e\\ f`), "a bc 'd'e f");
    assert.equal(args('filter "a \\"b\\" \\$c \\n"'), 'a "b" $c \\n');
    assert.equal(args("filter 'x\n y'"), 'x\n y');
    assert.equal(args("filter 'then'"), 'then');
  });

  test('errors have their place', () => {
    const place = (source: string) => {
      try {
        parsePipelineText(source, stages);
      } catch (error) {
        if (error instanceof TextError) return error.text.slice(error.start, error.end);
        throw error;
      }
      return undefined;
    };
    assert.equal(place('filter x\ntmble 1m n'), 'tmble');
    assert.equal(place("head 1\nfilter 'x"), "'");
    assert.equal(place('set tme ts\nhead 1'), 'tme');
    assert.equal(place('head 1 --bye x'), '--bye');
  });
});
