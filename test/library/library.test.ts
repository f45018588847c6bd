// in: dist/library.cjs, dist/library.mjs and their types, as the build makes them
// out: pipelines in code give what the command gives

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type * as Library from '../../src/library/index.ts';
import { stages } from '../../src/operators/table.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- methods of stages are made from the table
type Any = any;
const library = createRequire(resolve('dist'))(resolve('dist/library.cjs')) as typeof Library;
const pipeline = library.pipeline as (options?: object) => Any;
const { parse } = library as Any;

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const result of results) list.push(result);
  return list;
}

const visits = Array.from({ length: 5000 }, (_, i) => ({ ts: i * 100, path: i % 3 === 0 ? '/a' : '/b', ms: i % 7 }));

async function* later<T>(items: Iterable<T>, every = 1): AsyncGenerator<T> {
  let i = 0;
  for (const item of items) {
    if (i++ % every === 0) await new Promise((done) => setImmediate(done));
    yield item;
  }
}

describe('sources', () => {
  const counted = () => pipeline({ time: 'ts', delay: 5000 }).filter('ms > 0').tumble('1m', { n: 'count()', total: 'sum(ms)' }, { by: ['path'] });
  const expected = () => all(counted().run(visits));

  test('an array', async () => {
    const results = (await expected()) as Any[];
    assert.equal(results.length, 18);
    assert.deepEqual(results[0], { window_start: '1970-01-01T00:00:00.000Z', window_end: '1970-01-01T00:01:00.000Z', path: '/a', n: 171, total: results[0].total });
    assert.equal(results.reduce((n, r) => n + r.n, 0), visits.filter((v) => v.ms > 0).length);
  });
  test('an async iterable, however it comes', async () => {
    for (const every of [1, 10, 10_000]) assert.deepEqual(await all(counted().run(later(visits, every))), await expected());
  });
  test('a stream of bytes, cut anywhere', async () => {
    const text = visits.map((v) => JSON.stringify(v)).join('\n');
    const pieces = text.match(/[^]{1,1000}/g)!.map((piece) => Buffer.from(piece));
    assert.deepEqual(await all(counted().run(Readable.from(pieces))), await expected());
  });
  test('files', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-library-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'visits.csv');
    writeFileSync(file, `ts,path,ms\n${visits.map((v) => Object.values(v).join(',')).join('\n')}\n`);
    assert.deepEqual(await all(pipeline({ time: 'ts', delay: '5s', format: 'csv' }).filter('ms > 0').tumble('1m', 'n = count(), total = sum(ms)', { by: 'path' }).run([file])), await expected());
    assert.deepEqual(await all(parse(`from ${file} --format csv then filter 'ms > 5' then agg 'n = count()'`).run()), [{ n: 714 }]);
  });
  test('nothing', async () => assert.deepEqual(await all(pipeline().agg('n = count()').run([])), [{ n: 0 }]));
});

describe('runs', () => {
  test('the source is read no faster than results are taken, and told of the end', async () => {
    let read = 0;
    let isClosed = false;
    const endless = async function* () {
      try {
        for (;;) yield { i: read++, text: 'x'.repeat(1000) };
      } finally {
        isClosed = true;
      }
    };
    for await (const { i } of pipeline().filter('i >= 0').run(endless()) as AsyncIterable<{ i: number }>) if (i === 20) break;
    assert.ok(read < 10_000, `${read} were read`);
    await new Promise((done) => setTimeout(done, 20));
    assert.ok(isClosed);
  });
  test('a result comes before the next record is there', async () => {
    const answers: Any[] = [];
    let answered = () => {};
    const source = async function* () {
      for (let i = 0; i < 3; i++) {
        const next = new Promise<void>((done) => (answered = done));
        yield { i };
        await next;
      }
    };
    for await (const answer of pipeline().map('j = i * 2').run(source())) {
      answers.push(answer);
      answered();
    }
    assert.deepEqual(answers, [{ i: 0, j: 0 }, { i: 1, j: 2 }, { i: 2, j: 4 }]);
  });
  test('many at once, which do not see each other', async () => {
    const runs = [1, 2, 3, 4].map((k) => all(pipeline({ time: 'ts' }).filter(`ms >= ${k}`).over({ n: 'count()' }, { by: 'path' }).run(later(visits, 100 * k))));
    const together = await Promise.all(runs);
    for (const [i, results] of together.entries()) assert.deepEqual(results, await all(pipeline({ time: 'ts' }).filter(`ms >= ${i + 1}`).over('n = count()', { by: 'path' }).run(visits)));
  });
  test('one within another', async () => {
    const inner = (x: number) => all(pipeline().map('y = x + 1').run([{ x }]));
    const found: Any[] = [];
    for await (const { x } of pipeline().select('x').run([{ x: 1 }, { x: 2 }]) as AsyncIterable<{ x: number }>) found.push(...(await inner(x)));
    assert.deepEqual(found, [{ x: 1, y: 2 }, { x: 2, y: 3 }]);
  });
  test('thousands, one after the other', async () => {
    for (let i = 0; i < 1500; i++) assert.deepEqual(await all(pipeline({ time: 't' }).tumble('1s', 'n = count()', { by: 'k' }).run([{ t: i, k: 1 }, { t: i, k: 1 }])).then((r) => (r[0] as Any).n), 2);
  });
  test('a signal stops them', async () => {
    const controller = new AbortController();
    const never = async function* () {
      yield { x: 1 };
      await new Promise(() => {});
    };
    const taken: Any[] = [];
    await assert.rejects(async () => {
      for await (const record of pipeline().filter('x').run(never(), { signal: controller.signal })) {
        taken.push(record);
        controller.abort();
      }
    }, { name: 'AbortError' });
    assert.deepEqual(taken, [{ x: 1 }]);
  });
  test('lines keep literals; figures come at the end', async () => {
    const figures: Any[] = [];
    assert.deepEqual(await all(pipeline().filter('x > 1').lines(['{"x":1.50}\n{"x":', '0}'].map((s) => Buffer.from(s)), { onSummary: (s: Any) => figures.push(s) })), ['{"x":1.50}']);
    assert.deepEqual(figures.map(({ records, written }) => [records, written]), [[2, 1]]);
  });
});

describe('code in the place of modules', () => {
  test('apply', async () => assert.deepEqual(await all(pipeline().apply(({ n }: Any) => Array.from({ length: n }, (_, i) => ({ i }))).run([{ n: 2 }, { n: 0 }, { n: 1 }])), [{ i: 0 }, { i: 1 }, { i: 0 }]));
  test('process, with timers and side outputs', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-library-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const module = {
      onRecord: (record: Any, ctx: Any) => {
        ctx.state.list('seen').add(record.x);
        ctx.timers.at(ctx.time + 10);
        ctx.side('all', record);
      },
      onTimer: (time: number, ctx: Any) => ctx.emit({ time, key: ctx.key, seen: ctx.state.list('seen').get() }),
    };
    const side = join(folder, 'all.ndjson');
    const results = await all(pipeline({ time: 't' }).process(module, { by: 'k', side: { all: side } }).run([{ t: 1, k: 'a', x: 1 }, { t: 5, k: 'b', x: 2 }, { t: 20, k: 'a', x: 3 }]));
    assert.deepEqual(results, [{ time: 11, key: 'a', seen: [1, 3] }, { time: 15, key: 'b', seen: [2] }, { time: 30, key: 'a', seen: [1, 3] }]);
    assert.deepEqual(await all(pipeline().select('x').run(side)), [{ x: 1 }, { x: 2 }, { x: 3 }]);
  });
});

describe('errors', () => {
  const fails = (run: () => AsyncIterable<unknown>, name: string, message: RegExp) => assert.rejects(async () => all(run()), { name, message });
  test('words', () => {
    assert.throws(() => pipeline({ tiem: 'ts' }), { name: 'UsageError', message: "pipeline: unknown option 'tiem'", help: "did you mean 'time'?" });
    assert.throws(() => pipeline().tumble('1m'), { message: /tumble: AGGS is missing/ });
    assert.throws(() => pipeline().dedup({ keep: 'frist' }), { help: "did you mean 'first'?" });
    assert.throws(() => parse("filter 'x' -o out"), { message: /--output means nothing/ });
  });
  test('expressions', () => fails(() => pipeline().filter('x >').run([]), 'TextError', /./));
  test('nothing to read', () => fails(() => pipeline().filter('x').run(), 'UsageError', /nothing to read/));
  test('a bad line, behind what came before', async () => {
    const taken: Any[] = [];
    const run = async () => {
      for await (const record of pipeline().filter('x').run([Buffer.from('{"x":1}\n{"x":}\n')])) taken.push(record);
    };
    await assert.rejects(run, { name: 'RecordError', line: 2, source: 'input' });
    assert.deepEqual(taken, [{ x: 1 }]);
  });
  test('the source fails', () => fails(() => pipeline().filter('x').run((async function* () { yield { x: 1 }; throw new RangeError('no more'); })()), 'RangeError', /no more/));
  test('the source gives what is no record', () => fails(() => pipeline().filter('x').run([{ x: 1 }, [2]]), 'UsageError', /\[2\], which is no record/));
  test('user code', () => fails(() => pipeline().apply(() => (null as Any).x).run([{ x: 1 }]), 'ModuleError', /apply: .*library.*: TypeError/));
});

describe('the package', () => {
  test('every stage has a method', () => {
    for (const { name } of stages) assert.equal(typeof pipeline()[name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())], 'function', name);
  });
  test('a text and back', () => {
    const text = "filter 'x > 1' then tumble 1m 'n = count()' --by path";
    assert.equal(String(parse(text)), text);
    assert.equal(String(pipeline().filter('x > 1').tumble('1m', { n: 'count()' }, { by: 'path' })), text);
  });
  test('as an ES module', async () => {
    const load = (file: string) => import(file) as Promise<Any>;
    const module = await load(pathToFileURL(resolve('dist/library.mjs')).href);
    assert.deepEqual(Object.keys(module).sort(), Object.keys(library).sort());
  });
  test('types', async () => {
    const ts = (await import('typescript')).default;
    const text = `
import { parse, pipeline, type Apply, type Process } from './library.mjs';
const count: Process<{ user: string }> = { onRecord(record, ctx) { const n = ctx.state.value<number>('n'); n.set((n.get() ?? 0) + 1); ctx.emit({ user: record.user, n: n.get() }); } };
const words: Apply = ({ text }) => text.split(' ').map((word: string) => ({ word }));
export async function f() {
  for await (const r of pipeline({ time: 'ts', delay: '5s' }).filter('x').tumble('1m', { n: 'count()' }, { by: ['a', 'b'], early: 1000 }).process(count, { by: 'user' }).apply(words).run<{ n: number }>(process.stdin)) r.n.toFixed();
  for await (const line of parse('filter x').dedup({ by: 'id', keep: 'last' }).lines('a.ndjson')) line.length;
  // @ts-expect-error
  pipeline().dedup({ keep: 'frist' });
  // @ts-expect-error
  pipeline({ dely: 1 });
}`;
    const file = resolve('dist/usage.mts');
    const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, noEmit: true, types: ['node'] };
    const host = ts.createCompilerHost(options);
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest));
    const fileExists = host.fileExists.bind(host);
    host.fileExists = (name) => name === file || fileExists(name);
    const program = ts.createProgram([file], options, host);
    assert.deepEqual(ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n')), []);
  });
});
