// in: snapshots, and a command, inputs or outputs that do not fit them
// out: exit 3 with a remedy, and everything left as it was; what does fit goes on

import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { JobFolder } from './folder.ts';

const folder = new JobFolder({ name: '', line: '', outputs: [] });
after(() => folder.remove());
const at = (name: string) => join(folder.path, name);
const text = (name: string) => readFileSync(at(name), 'utf8');

async function weir(rest: string, fault?: string) {
  const line = rest.replace('WEIR', `${process.execPath} ${process.cwd()}/bin/weir.js --snapshots state --every 1ms -q`);
  return folder.shell(line, { WEIR_FAULT: fault, WEIR_BLOCK_BYTES: '300' });
}

async function refused(rest: string, message: RegExp, help: RegExp) {
  const { exit, stderr } = await weir(rest);
  assert.deepEqual([exit, message.test(stderr), help.test(stderr)], [3, true, true], stderr);
}

async function goesOn(rest: string) {
  const { exit, stderr } = await weir(rest);
  assert.equal(exit, 0, stderr);
}

/** Long enough that snapshots are taken while it is read. */
const lengthen = () => writeFileSync(at('in'), `${text('a.ndjson')}\n`.repeat(20));

beforeEach(() => {
  for (const name of readdirSync(folder.path)) if (!/^[ab]\./.test(name)) rmSync(at(name), { recursive: true });
  writeFileSync(at('in'), text('a.ndjson'));
});

const JOB = `WEIR --time ts -o out filter 'x > 1'`;

describe('another pipeline', () => {
  beforeEach(lengthen);

  for (const [name, line, difference] of [
    ['an expression', `WEIR --time ts -o out filter 'x > 2' in`, /stage 1 was `filter 'x > 1'`, and is now `filter 'x > 2'`/],
    ['an option', `WEIR --time ts --delay 1s -o out filter 'x > 1' in`, /its options were `--time ts`, and are now `--time ts --delay 1000ms`/],
    ['one stage more', `${JOB} then head 5 in`, /stage 2 is new: `head 5`/],
  ] as const) {
    test(name, async () => {
      await weir(`${JOB} in`, 'snapshot.published:2');
      await refused(line, difference, /--fresh/);
      await goesOn(line.replace('WEIR', 'WEIR --fresh'));
    });
  }
});

describe('another input', () => {
  beforeEach(lengthen);
  beforeEach(() => weir(`${JOB} in`, 'snapshot.published:3'));

  test('of the same name', async () => {
    renameSync(at('in'), at('old'));
    writeFileSync(at('in'), text('b.ndjson'));
    const before = text('out');
    await refused(`${JOB} in`, /in is another file now/, /--fresh/);
    assert.equal(text('out'), before);
    await goesOn(`${JOB} old`);
  });

  test('of other content', async () => {
    writeFileSync(at('in'), text('b.ndjson'));
    await refused(`${JOB} in`, /in starts with other bytes/, /--fresh/);
  });

  test('that has become shorter', async () => {
    truncateSync(at('in'), 50);
    await refused(`${JOB} in`, /in (has become shorter|starts with other bytes)/, /--fresh/);
  });

  test('that is not named', async () => {
    await refused(`${JOB} b.ndjson`, /in was left unfinished at byte \d+, and is not among the inputs/, /name it again/);
  });
});

test('another pipe, and one that ends too early', async () => {
  lengthen();
  await weir(`cat in | ${JOB}`, 'snapshot.published:3');
  await refused(`sed 's,"k","K",' in | ${JOB}`, /stdin differs within its first \d+ bytes/, /--fresh/);
  await refused(`head -n 1 in | ${JOB}`, /stdin ends after \d+ bytes/, /--fresh/);
  await goesOn(`cat in | ${JOB}`);
});

describe('output', () => {
  beforeEach(lengthen);

  test('emptied by >', async () => {
    await weir(`WEIR filter 'x > 1' in > out`, 'snapshot.published:3');
    await refused(`WEIR filter 'x > 1' in > out`, /stdout has 0 bytes, but the snapshot expects \d+ in it/, />>/);
  });

  test('shorter, other, or moved', async () => {
    await weir(`${JOB} in`, 'snapshot.published:3');
    const whole = text('out');
    writeFileSync(at('out'), 'x');
    await refused(`${JOB} in`, /out has 1 bytes/, /--fresh/);
    writeFileSync(at('out'), 'x'.repeat(whole.length));
    await refused(`${JOB} in`, /out does not hold what was written/, /--fresh/);
    rmSync(at('out'));
    await refused(`WEIR --time ts -o b.out filter 'x > 1' in`, /b.out is not the output that the snapshot was taken with/, /--fresh/);
    writeFileSync(at('moved'), whole);
    await goesOn(`WEIR --time ts -o moved filter 'x > 1' in`);
    await goesOn(`WEIR --time ts --fresh -o out filter 'x > 1' in`);
    assert.equal(text('moved'), text('out'));
  });
});

describe('end of input', () => {
  test('kept open: what was read is not read again, what is new is, in another output', async () => {
    await goesOn(`WEIR --eof keep -o one map 'y = 1' in`);
    appendFileSync(at('in'), '\n{"x":"grown"}');
    writeFileSync(at('next'), '{"x":"next"}\n');
    await goesOn(`WEIR --eof keep -o two map 'y = 1' in next`);
    assert.equal(text('two'), '{"x":"grown","y":1}\n{"x":"next","y":1}\n');
    appendFileSync(at('two'), 'spoilt');
    await goesOn(`WEIR -o two map 'y = 1' next`);
    assert.equal(text('two'), '{"x":"grown","y":1}\n{"x":"next","y":1}\n');
  });

  for (const [first, second] of [['-p 2', '-p 1'], ['-p 1', '-p 2'], ['-p 3', '-p 3']] as const) {
    test(`a byte order mark, lines of all kinds, and none at the end: ${first}, then ${second}`, async () => {
      const lines = Array.from({ length: 400 }, (_, i) => `{"x":${i},"text":"${'long'.repeat(i % 50 === 0 ? 300 : i % 7)}"}`);
      const [begun, added] = [`\uFEFF${lines.slice(0, 300).join('\r\n')}`, `\n${lines.slice(300).join('\n')}\n`];
      writeFileSync(at('in'), begun);
      writeFileSync(at('all'), begun + added);
      await goesOn(`WEIR --fresh -o whole map 'y = x % 3' then tee lines all`);
      await weir(`WEIR ${first} --eof keep --snapshots other -o out map 'y = x % 3' then tee tee in`, 'snapshot.published:3');
      await goesOn(`WEIR ${second} --eof keep --snapshots other -o out map 'y = x % 3' then tee tee in`);
      appendFileSync(at('in'), added);
      await goesOn(`WEIR ${first} --snapshots other -o out map 'y = x % 3' then tee tee in`);
      assert.deepEqual([text('out'), text('tee')], [text('whole'), text('lines')]);
    });
  }

  test('a last line that went on is refused', async () => {
    await goesOn(`WEIR --eof keep --format text -o one map 'y = 1' in`);
    appendFileSync(at('in'), 'more\n');
    await refused(`WEIR --format text -o one map 'y = 1' in`, /in differs within/, /--fresh/);
  });

  test('drained: the same command again leaves the same output', async () => {
    await goesOn(`WEIR --time ts -o out filter 'x > 1' in`);
    const once = text('out');
    await goesOn(`WEIR --time ts -o out filter 'x > 1' in`);
    assert.equal(text('out'), once);
  });

  test('keep without a directory', async () => {
    const { exit, stderr } = await folder.shell(`${process.execPath} ${process.cwd()}/bin/weir.js --eof keep head 1 in`, {});
    assert.deepEqual([exit, /--snapshots DIR/.test(stderr)], [2, true]);
  });
});

describe('signals', () => {
  for (const [signal, code] of [['INT', 130], ['TERM', 143]] as const) {
    test(`SIG${signal} in mid-stream, then on`, async () => {
      await folder.shell('mkfifo pipe', {});
      const slow = `(cat in; echo; sleep 5) > pipe & `;
      const first = await weir(`${slow} WEIR -o out map 'y = 1' < pipe & job=$!; until [ $(wc -l < out) -ge 200 ]; do sleep 0.02; done 2>/dev/null; kill -${signal} $job; wait $job; code=$?; kill %1; exit $code`);
      assert.equal(first.exit, code, first.stderr);
      await goesOn(`(cat in; echo; echo '{"x":"last"}') | WEIR -o out map 'y = 1'`);
      const lines = text('out').split('\n');
      assert.deepEqual([lines.length, lines.at(-2)], [202, '{"x":"last","y":1}']);
    });
  }
});

describe('the directory', () => {
  test('one job at a time; a savepoint; all is free when it is dead', async () => {
    const script = `(cat in; sleep 10) | WEIR -o out map 'y = 1' & until [ -s out ]; do sleep 0.02; done
      W="${process.execPath} ${process.cwd()}/bin/weir.js"
      $W --snapshots state -o out2 map 'y = 1' in; echo "second $?" >&2
      $W snapshot rm state; echo "rm $?" >&2
      $W snapshot save state >&2; echo "save $?" >&2
      kill -9 $(grep -o '"pid":[0-9]*' state/lock | cut -d: -f2); wait
      $W snapshot verify state >&2; echo "verify $?" >&2
      $W snapshot save state; echo "save $?" >&2`;
    const { stderr } = await weir(script);
    for (const part of ['in use by another weir (process', 'second 3', 'rm 3', '-savepoint\nsave 0', 'savepoint: whole', 'verify 0', 'no weir runs with']) assert.ok(stderr.includes(part), `${part}: ${stderr}`);
    await goesOn(`(cat in; sleep 0.1) | WEIR -o out map 'y = 1'`);
    assert.equal(text('out').split('\n').length, 201);
  });

  test('that cannot be made, or is full', async () => {
    writeFileSync(at('file'), '');
    const made = await folder.shell(`${process.execPath} ${process.cwd()}/bin/weir.js --snapshots file/state head 1 in`, {});
    assert.deepEqual([made.exit, /snapshots in file\/state: is no directory/.test(made.stderr)], [1, true], made.stderr);
    const long = Array.from({ length: 3000 }, (_, i) => `{"x":${i}}\n`).join('');
    writeFileSync(at('long'), long);
    const limited = await weir(`(ulimit -f 8; WEIR -o out filter 'x >= 0' long)`);
    assert.equal(limited.exit, 1, limited.stderr);
    assert.match(limited.stderr, /out: the file would become larger/);
    await goesOn(`WEIR -o out filter 'x >= 0' long`);
    assert.equal(text('out'), long);
  });
});
