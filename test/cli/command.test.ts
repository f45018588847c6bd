// in: command lines, run for real
// out: exit codes, help, generated streams, completion, manual pages


import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { manPage } from '../../src/cli/man.ts';
import { stages } from '../../src/operators/table.ts';
import { Shell } from '../support/command.ts';

const shell = new Shell();
after(() => shell.remove());

describe('help', () => {
  test('goes to stdout, or to stderr where a stage was forgotten', () => {
    assert.match(shell.run('weir --help').stdout, /^weir: .*\n\nExamples\n/);
    const forgotten = shell.run('weir');
    assert.deepEqual([forgotten.exit, forgotten.stdout], [2, '']);
    assert.match(forgotten.stderr, /\nStages\n/);
  });

  test('of a stage, wherever --help stands', () => {
    const page = shell.run('weir help tumble').stdout;
    assert.match(page, /--allowed-lateness DUR/);
    assert.equal(shell.run("weir --time ts filter x then tumble 1m 'n' --help").stdout, page);
    assert.equal(shell.run('weir tumble -h').stdout, page);
  });

  test('of topics and commands; did you mean', () => {
    assert.match(shell.run('weir help functions').stdout, /quantile\(x, q\)/);
    assert.match(shell.run('weir help time').stdout, /weir time: assigns[^]*\n {2}The watermark says how far time has come/);
    assert.match(shell.run('weir generate --help').stdout, /--events/);
    assert.match(shell.run('weir help tmble').stderr, /did you mean 'tumble'/);
  });

  test('for programs', () => {
    const all = JSON.parse(shell.run('weir help --json').stdout);
    assert.deepEqual(all.stages.map((s: { name: string }) => s.name), stages.map((s) => s.name));
    assert.ok(all.options.some((o: { name: string }) => o.name === 'allowed-lateness' || o.name === 'time'));
  });

  test('a reader that stops early is no error', () => assert.equal(shell.run('weir help | head -1; exit ${PIPESTATUS[0]}').exit, 0));
});

describe('exit codes and errors', () => {
  const said = (command: string, input?: string) => {
    const { exit, stderr, stdout } = shell.run(command, input);
    return { exit, stderr, stdout };
  };

  test('usage', () => assert.deepEqual(said('weir tmble 1m'), { exit: 2, stdout: '', stderr: "weir: unknown stage 'tmble'\nhelp: did you mean 'tumble'?\n" }));
  test('a missing file', () => assert.equal(said('weir head 1 nope').stderr, 'weir: nope: no such file\nhelp: check the name; FILEs come behind the arguments of the last stage\n'));
  test('what is not built yet', () => assert.equal(said('weir match x').exit, 2));
  test('snapshots that are not there', () => assert.deepEqual(['ls', 'show', 'verify', 'save', 'rm'].map((what) => said(`weir snapshot ${what} nowhere`).exit), [1, 1, 1, 3, 1]));
  test('a caret, with colour only where it is wanted', () => {
    assert.equal(said("weir filter 'a ++'", '').stderr.includes('\x1b['), false);
    assert.equal(said("weir --color filter 'a ++'", '').stderr.includes('\x1b['), true);
    assert.match(said("weir filter 'lowr(a)'", '').stderr, /^weir: filter: .*\n {2}lowr\(a\)\n {2}\^+\n/);
  });
  test('an option of the job behind a command that has none', () => assert.match(said('weir --time ts generate access').stderr, /'--time' means nothing to/));
  test('stdin is a terminal', () => {
    const { stdout } = shell.run("script -qec 'weir head 1' /dev/null < /dev/null");
    assert.match(stdout, /no input: stdin is a terminal/);
  });
});

describe('run', () => {
  test('a file with a shebang, options and files of the command line', () => {
    shell.run('printf "#!/usr/bin/env -S weir run\\n# a comment\\nset timestamps ms\\nfilter \'x > 1\'\\n| head 2\\n" > p.weir; chmod +x p.weir');
    shell.run('printf \'{"x":1}\\n{"x":2}\\n{"x":3}\\n{"x":4}\\n\' > in.ndjson');
    assert.equal(shell.run('./p.weir in.ndjson').stdout, '{"x":2}\n{"x":3}\n');
    assert.equal(shell.run('weir run p.weir < in.ndjson').stdout, '{"x":2}\n{"x":3}\n');
    assert.equal(shell.run('weir run -o out p.weir in.ndjson; wc -l < out').stdout.trim(), '2');
  });

  test('errors show the line', () => {
    assert.match(shell.run("printf 'head 1\\ntmble x\\n' > bad.weir; weir run bad.weir").stderr, /unknown stage 'tmble'\n {2}2: tmble x\n {5}\^{5}\n/);
    assert.match(shell.run('weir run nope.weir').stderr, /nope\.weir: no such file/);
  });
});

test('what a snapshot holds is said in words', () => {
  shell.run('printf \'{"k":"a","x":1.5}\\n{"k":"b","x":2}\\n{"k":"a","x":3,"y":7}\\n\' > kept.ndjson; rm -rf kept');
  shell.run("weir --snapshots kept --eof keep agg 'count(), t = sum(x), m = avg(x), y = max(y), l = last(x)' --by k kept.ndjson");
  const rows = shell.run('weir snapshot show kept').stdout.trim().split('\n').map((line) => JSON.parse(line) as { state?: string; key: string[]; value: unknown });
  const groups = rows.filter(({ state }) => state === 'groups').sort((a, b) => (a.key[0]! < b.key[0]! ? -1 : 1));
  assert.deepEqual(groups.map(({ key, value }) => [key, value]), [
    [['a'], { 'count()': 2, 'sum(x)': 4.5, 'avg(x)': { sum: 4.5, n: 2 }, 'max(y)': 7 }],
    [['b'], { 'count()': 1, 'sum(x)': 2, 'avg(x)': { sum: 2, n: 1 }, 'max(y)': null }],
  ]);
});

test('explain shows the partitioning that is said by hand', () => {
  const edges = (words: string) => shell.run(`weir explain ${words}`).stdout.match(/^task .*/gm);
  assert.deepEqual(edges("-p 4 map 'a = 1' then rebalance then key-by k then agg 'count()'"), ['task 1 (4 subtasks): forward', 'task 2 (4 subtasks): rebalance', 'task 3 (4 subtasks): hash by k']);
  assert.deepEqual(edges("-p 2 rebalance then agg 'count()' --by k"), ['task 1 (2 subtasks): rebalance', 'task 2 (1 subtask): hash by k']);
  assert.deepEqual(edges('-p 4 broadcast then head 1'), ['task 1 (1 subtask): broadcast']);
});

test('explain in front of a run, and a file that sets a short option', () => {
  shell.run('printf "set p 2\\nagg \'count()\' --by k\\n" > short.weir');
  const { stdout } = shell.run('weir explain run short.weir');
  assert.match(stdout, /agg .*--by k\n/);
  assert.equal(shell.run('weir explain short.weir').stdout, stdout);
  assert.equal(shell.run('weir explain -p 2 agg "count()" --by k').stdout, stdout);
});

test('--stats - goes to stderr', () => {
  const { stdout, stderr } = shell.run('echo \'{"x":1}\' | weir --stats - head 1; ls ./-');
  assert.equal(stdout, '{"x":1}\n');
  assert.equal((JSON.parse(stderr.split('\n')[0]!) as { written: number }).written, 1);
});

test('a folder that cannot be made is an error, where making it would go on for ever, too', { skip: process.platform !== 'linux' }, () => {
  assert.match(shell.run('echo \'{"x":1}\' | weir --snapshots /proc/none/state -o out head 1').stderr, /snapshots in \/proc\/none\/state/);
});

test('explain', () => {
  const { stdout } = shell.run("weir explain --time ts filter 'status > 1' then tumble 1m 'n = count()' --by path a.ndjson");
  assert.match(stdout, /^source: a\.ndjson \(json\)\n {2}reads: ts, status, path\n/);
  assert.match(stdout, /hash by path/);
});

describe('generate', () => {
  const stream = (words: string) => shell.run(`weir generate ${words}`).stdout;
  for (const name of ['access', 'rides', 'fares', 'nexmark']) {
    test(`${name}: the same stream for the same seed, all JSON`, () => {
      const lines = stream(`${name} --events 500`).split('\n').slice(0, -1);
      assert.equal(lines.length, 500);
      for (const line of lines) JSON.parse(line);
      assert.equal(stream(`${name} --events 200`), `${lines.slice(0, 200).join('\n')}\n`);
      assert.notEqual(stream(`${name} --events 200 --seed 2`), stream(`${name} --events 200`));
    });
  }

  test('rides come in order, and fares belong to them', () => {
    const parse = (text: string) => text.split('\n').slice(0, -1).map((line) => JSON.parse(line));
    const rides = parse(stream('rides --events 3000 --rate 1'));
    const times = rides.map((r) => r.eventTime);
    assert.deepEqual(times, times.toSorted());
    const taxis = new Map(rides.map((r) => [r.rideId, r.taxiId]));
    for (const fare of parse(stream('fares --events 100 --rate 1'))) assert.equal(fare.taxiId, taxis.get(fare.rideId));
  });

  test('stops when nobody reads', () => assert.equal(shell.run('weir generate access --events 100000000 | head -1 | wc -l; exit ${PIPESTATUS[0]}').exit, 0));
  test('says what it does not know', () => {
    assert.match(shell.run('weir generate acces').stderr, /did you mean 'access'/);
    assert.match(shell.run('weir generate access --events x').stderr, /--events takes a whole number/);
  });
});

test('completion', () => {
  const complete = (...words: string[]) =>
    shell.run(`source <(weir completion bash); COMP_WORDS=(weir ${words.map((w) => `'${w}'`).join(' ')}); COMP_CWORD=${words.length}; _weir; echo "\${COMPREPLY[@]}"`).stdout.trim();
  assert.equal(complete('--time', 'ts', 'tum'), 'tumble');
  assert.equal(complete('agg', 'x', '--emit', ''), 'end change');
  assert.equal(complete('filter', 'x', 'then', 'ses'), 'session');
  assert.equal(complete('tumble', '1m', 'n', '--allowed'), '--allowed-lateness');
  assert.match(shell.run('weir completion zsh').stdout, /^#compdef weir/);
  assert.match(shell.run('weir completion fish').stdout, /complete -c weir -f .*-a tumble/);
});

test('the manual pages are those of the tables (npm run man makes them)', () => {
  const expected = new Map([['weir.1', manPage(undefined)], ...stages.map((s): [string, string | undefined] => [`weir-${s.name}.1`, manPage(s.name)])]);
  assert.deepEqual(readdirSync('man').sort(), [...expected.keys()].sort());
  for (const [name, text] of expected) assert.equal(readFileSync(`man/${name}`, 'utf8'), text, name);
});
