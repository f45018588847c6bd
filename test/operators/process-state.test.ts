// in: a module with every kind of state, records, and places between them
// out: an operator that takes over there, with what the one before it saved, gives what one operator alone gives

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Operator, OperatorContext } from '../../src/model/stage.ts';
import { stages } from '../../src/operators/table.ts';
import { planJob } from '../../src/plan/plan.ts';
import { parseWords } from '../../src/plan/words.ts';
import { readText } from '../../src/sources/text.ts';
import { ChainContext } from '../../src/runtime/context.ts';
import { DeadLetters } from '../../src/runtime/dead-letters.ts';
import { SinkSet } from '../../src/runtime/sink-set.ts';
import { RecordSource } from '../../src/runtime/source.ts';
import { emptySummary } from '../../src/runtime/summary.ts';
import { Area } from '../../src/wasm/area.ts';
import { RecordWriter } from '../../src/runtime/writer.ts';
import type { StateColumns, StateSlice } from '../../src/model/state.ts';
import { CollectedState, SavedData, StateCollector } from '../../src/state/collected.ts';
import { slices } from '../../src/state/slices.ts';
import { memory } from '../../src/wasm/memory.ts';

const MODULE = `
export default {
  onRecord(record, ctx) {
    const value = ctx.state.value('value');
    const list = ctx.state.list('list', { ttl: 40 });
    const map = ctx.state.map('map', { ttl: '30ms' });
    value.set({ n: (value.get()?.n ?? 0) + 1, seen: new Set([record.x]) });
    list.add(record.x);
    map.set(record.x % 4, record);
    if (record.x % 3 === 0) ctx.timers.at(ctx.time + record.x);
    if (record.x % 5 === 0) ctx.timers.delete(ctx.time + 2);
    if (record.x % 7 === 0) ctx.timers.at(ctx.time - 50);
    if (record.x % 11 === 0) value.clear();
    ctx.emit({ key: ctx.key, value: value.get()?.n, seen: [...(value.get()?.seen ?? [])], list: list.get(), map: [...map] });
  },
  onTimer(time, ctx) {
    ctx.emit({ timer: time, key: ctx.key, n: ctx.state.value('value').get()?.n, size: ctx.state.map('map').size });
  },
};
`;

/** State that is read slice by slice behind the records that follow. */
class Slow {
  readonly taken: StateSlice[] = [];
  private slices: Iterator<StateSlice> | undefined;
  private readonly collector = new StateCollector();

  /** @param at the record behind which it is as it will be read */
  constructor(readonly at: number) {}

  behind(i: number, operator: Operator): void {
    if (i === this.at) {
      operator.save!(this.collector);
      this.slices = this.collector.slices()[Symbol.iterator]();
    }
    const next = this.slices?.next();
    if (next && !next.done) this.taken.push(structuredClone(next.value));
  }

  get saved(): SavedData {
    for (let next = this.slices!.next(); !next.done; next = this.slices!.next()) this.taken.push(structuredClone(next.value));
    this.collector.release();
    return new SavedData(structuredClone(this.collector.wholes), this.taken);
  }
}

/** Runs the process stage over records, a batch each; `handOver`: behind which records another operator takes over. */
async function run(file: string, lines: readonly string[], handOver: (i: number) => boolean, slow?: Slow, from?: Slow): Promise<{ output: string[]; keys: number }> {
  const plan = planJob(parseWords(['--time', 'ts', '--delay', '5ms', 'process', file, '--by', 'k'], stages), stages, readText);
  for (const { plan: stage } of plan.stages) await stage.prepare?.();
  const output: string[] = [];
  const writer = new RecordWriter(plan.output);
  const buffer = new Area(1 << 20);
  const sink = {
    push(batch: Parameters<Operator['push']>[0]): void {
      writer.write(batch, buffer, () => {});
      output.push(...buffer.bytes().toString('utf8').split('\n').slice(0, -1));
      buffer.used = 0;
    },
    end: () => {},
  };
  const shared = { summary: emptySummary(), dead: new DeadLetters({ kind: 'fail' }, new SinkSet([], undefined)), files: new Map(), warned: new Set<string>(), sinks: new SinkSet([], undefined), isStopped: false };
  const [time, process] = plan.stages.map((s) => s.plan);
  let operator = process!.create(new ChainContext(shared, sink) as OperatorContext);
  const first = time!.create(new ChainContext(shared, { push: (batch) => operator.push(batch), end: () => operator.end() }));
  const source = new RecordSource(plan.source.layout, first, (bad) => assert.fail(bad.reason), () => false, 2048);
  lines.forEach((line, i) => {
    const at = memory().alloc(line.length + 64);
    source.take({ start: at, end: memory().put(`${line}\n`, at) });
    slow?.behind(i, operator);
    if (!handOver(i)) return;
    const state = new StateCollector();
    operator.save!(state);
    operator = process!.create(new ChainContext(shared, sink) as OperatorContext);
    const { wholes, all } = from?.saved ?? structuredClone(state.plain());
    operator.load!(new CollectedState([new SavedData(wholes, all.toReversed())]));
  });
  const saved = new StateCollector();
  operator.save!(saved);
  source.drain();
  first.end();
  return { output, keys: saved.plain().all.reduce((sum, slice) => sum + (slice as StateColumns).keys.length, 0) };
}

test('process goes on from what was saved', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-process-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'module.mjs');
  writeFileSync(file, MODULE);
  const lines = Array.from({ length: 300 }, (_, i) => JSON.stringify({ ts: 1000 + i * 2 - ((i * 7) % 5), k: i % 6 === 0 ? `k${i % 4}` : i % 3, x: (i * 37) % 50 }));
  const straight = await run(file, lines, () => false);
  assert.ok(straight.output.filter((line) => line.includes('timer')).length > 100);
  for (const every of [1, 2, 7, 100]) {
    const resumed = await run(file, lines, (i) => i % every === every - 1);
    assert.deepEqual(resumed.output, straight.output, `handed over every ${every} records`);
    assert.equal(resumed.keys, straight.keys);
  }
});

test('state that is read while records go on is as it was', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-process-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'module.mjs');
  writeFileSync(file, MODULE);
  const before = slices.keys;
  t.after(() => (slices.keys = before));
  const lines = Array.from({ length: 400 }, (_, i) => JSON.stringify({ ts: 1000 + i * 2 - ((i * 7) % 5), k: (i * i) % 61, x: (i * 37) % 50 }));
  for (const [keys, at] of [[1, 150], [1, 300], [3, 200], [8, 390]] as const) {
    slices.keys = keys;
    const slow = new Slow(at);
    const straight = await run(file, lines, () => false, slow);
    const resumed = await run(file, lines, (i) => i === at, undefined, slow);
    assert.ok(slow.taken.length >= 2);
    assert.deepEqual(resumed.output, straight.output);
    assert.equal(resumed.keys, straight.keys);
  }
});

test('nothing is kept of keys whose state is over', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-process-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'module.mjs');
  writeFileSync(file, "export default { onRecord(r, ctx) { ctx.state.list('l', { ttl: '10ms' }).add(r.ts); ctx.state.map('m', { ttl: 10 }).set(r.ts, 1); ctx.state.value('v', { ttl: 5 }).set(1); } };");
  const lines = Array.from({ length: 1000 }, (_, i) => JSON.stringify({ ts: i * 3, k: i }));
  const { keys } = await run(file, lines, () => false);
  assert.ok(keys < 15, `${keys} keys`);
});
