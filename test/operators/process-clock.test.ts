// in: a module with timers of processing time, records, and a clock that a test sets
// out: they fire when the clock says so, also in an operator that takes over; over files none does

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Operator, OperatorContext } from '../../src/model/stage.ts';
import { stages } from '../../src/operators/table.ts';
import { planJob } from '../../src/plan/plan.ts';
import { parseWords } from '../../src/plan/words.ts';
import { Alarms } from '../../src/runtime/alarms.ts';
import { ChainContext } from '../../src/runtime/context.ts';
import { Area } from '../../src/wasm/area.ts';
import { DeadLetters } from '../../src/runtime/dead-letters.ts';
import { SinkSet } from '../../src/runtime/sink-set.ts';
import { RecordSource } from '../../src/runtime/source.ts';
import { emptySummary } from '../../src/runtime/summary.ts';
import { RecordWriter } from '../../src/runtime/writer.ts';
import { readText } from '../../src/sources/text.ts';
import { CollectedState, SavedData, StateCollector } from '../../src/state/collected.ts';
import { memory } from '../../src/wasm/memory.ts';

const MODULE = `
export default {
  onRecord(record, ctx) {
    if (record.at !== undefined) ctx.timers.atProcessingTime(record.at);
    if (record.not !== undefined) ctx.timers.deleteProcessingTime(record.not);
    if (record.event !== undefined) ctx.timers.at(record.event);
  },
  onTimer(time, ctx) {
    ctx.emit({ k: ctx.key, time, domain: ctx.timeDomain, at: ctx.time, clock: ctx.processingTime });
    if (ctx.timeDomain === 'processing' && time % 10 === 0) ctx.timers.atProcessingTime(time + 5);
  },
};
`;

const folder = mkdtempSync(join(tmpdir(), 'weir-clock-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'module.mjs');
writeFileSync(file, MODULE);

/** A process stage behind `time`, with a clock of its own. */
async function start(areLive: boolean) {
  const plan = planJob(parseWords(['--time', 'ts', 'process', file, '--by', 'k'], stages), stages, readText);
  for (const { plan: stage } of plan.stages) await stage.prepare?.();
  const output: unknown[] = [];
  const warnings: string[] = [];
  const writer = new RecordWriter(plan.output);
  const buffer = new Area(1 << 20);
  const sink = {
    push(batch: Parameters<Operator['push']>[0]): void {
      writer.write(batch, buffer, () => {});
      for (const line of buffer.bytes().toString('utf8').split('\n').slice(0, -1)) output.push(Object.values(JSON.parse(line) as object));
      buffer.used = 0;
    },
    end: () => {},
  };
  const clock = { now: 0 };
  const sinks = new SinkSet([], undefined);
  const rest = { summary: emptySummary(), dead: new DeadLetters({ kind: 'fail' }, sinks), files: new Map(), warned: new Set<string>(), sinks, isStopped: false, warn: (text: string) => void warnings.push(text) };
  let alarms = new Alarms(areLive, () => clock.now);
  const [time, process] = plan.stages.map((s) => s.plan);
  const create = () => process!.create(new ChainContext({ ...rest, alarms }, sink) as OperatorContext);
  let operator = create();
  const first = time!.create(new ChainContext(rest, { push: (batch) => operator.push(batch), end: () => operator.end() }));
  const source = new RecordSource(plan.source.layout, first, (bad) => assert.fail(bad.reason), () => false, 2048);
  return {
    output,
    warnings,
    take(record: object): void {
      const line = JSON.stringify(record);
      const at = memory().alloc(line.length + 64);
      source.take({ start: at, end: memory().put(`${line}\n`, at) });
    },
    /** The clock goes on; as between two blocks, whoever is due is called. Gives how long there is to wait then. */
    goOn(to: number): number | undefined {
      clock.now = to;
      if (alarms.left === 0) alarms.ring();
      return alarms.left;
    },
    handOver(): void {
      const state = new StateCollector();
      operator.save!(state);
      alarms = new Alarms(areLive, () => clock.now);
      operator = create();
      const { wholes, all } = structuredClone(state.plain());
      operator.load!(new CollectedState([new SavedData(wholes, all.toReversed())]));
    },
    drain(): void {
      source.drain();
      first.end();
    },
  };
}

test('timers fire when the clock reaches them, by (time, key)', async () => {
  const job = await start(true);
  job.take({ k: 'b', ts: 1000, at: 50 });
  job.take({ k: 'a', ts: 900, at: 50 });
  job.take({ k: 'a', ts: 2000, at: 30 });
  job.take({ k: 'a', ts: 1500, at: 40, not: 40 });
  assert.equal(job.goOn(10), 20);
  assert.deepEqual(job.output, []);
  assert.equal(job.goOn(33), 2);
  assert.deepEqual(job.output, [['a', 30, 'processing', 2000, 33]]);
  assert.equal(job.goOn(60), undefined);
  assert.deepEqual(job.output.slice(1), [['a', 35, 'processing', 2000, 60], ['a', 50, 'processing', 2000, 60], ['b', 50, 'processing', 2000, 60], ['a', 55, 'processing', 2000, 60], ['b', 55, 'processing', 2000, 60]]);
});

test('those in event time do not mind the clock', async () => {
  const job = await start(true);
  job.take({ k: 'a', ts: 1000, event: 1500, at: 1500 });
  assert.equal(job.goOn(1499), 1);
  job.take({ k: 'a', ts: 2000 });
  job.goOn(1500);
  assert.deepEqual(job.output, [['a', 1500, 'event', 1500, 1499], ['a', 1500, 'processing', 2000, 1500]]);
});

test('an operator that takes over has them, too, with the latest event time', async () => {
  const job = await start(true);
  job.take({ k: 'a', ts: 1000, at: 7 });
  job.handOver();
  assert.equal(job.goOn(6), 1);
  job.goOn(8);
  assert.deepEqual(job.output, [['a', 7, 'processing', 1000, 8]]);
});

test('those that are left at the end never fire, and it is said', async () => {
  const job = await start(true);
  job.take({ k: 'a', ts: 1000, at: 7 });
  job.drain();
  job.goOn(100);
  assert.deepEqual(job.output, []);
  assert.deepEqual(job.warnings, ['process: timers of processing time were left when input ended: those never fire']);
});

test('none fires in a job that only reads files to their end', async () => {
  const job = await start(false);
  job.take({ k: 'a', ts: 1000, at: 7 });
  assert.equal(job.goOn(100), undefined);
  assert.deepEqual(job.output, []);
});
