// in: a job and its lines
// out: what comes out straight, with operators that are made anew again and again, and with keys dealt out to two subtasks

import assert from 'node:assert/strict';
import type { Batch } from '../../src/model/batch.ts';
import { KEY_GROUPS, type SavedState, type StateSlice } from '../../src/model/state.ts';
import type { Job } from '../../src/plan/job.ts';
import { RecordSource } from '../../src/runtime/source.ts';
import { SavedData, type StateCollector } from '../../src/state/collected.ts';
import { StateDisk } from '../../src/runtime/state-disk.ts';
import { memory } from '../../src/wasm/memory.ts';
import type { Random } from '../property/random.ts';
import { Chain, Outputs, type Part, planned } from './chain.ts';

/** Lines that are handed over at once, and rows of a batch at most. */
export interface Work {
  readonly job: Job;
  readonly blocks: readonly string[];
  readonly batchRows: number;
}

const AREA = 1 << 20;
const area = { at: 0 };

/** A source whose records can go to one chain after the other. */
class Feed {
  chain: Chain;
  private readonly source: RecordSource;

  constructor(
    { job, batchRows }: Work,
    chain: Chain,
    /** bytes that have been read already */
    before = 0,
  ) {
    this.chain = chain;
    const through = { push: (batch: Batch) => this.chain.push(batch), end: () => this.chain.end() };
    this.source = new RecordSource(planned(job).source.layout, through, (bad) => this.chain.shared.dead.take(bad), () => this.chain.shared.isStopped, batchRows);
    Object.assign(this.source, { before });
  }

  take(block: string): void {
    if (this.chain.shared.isStopped || block === '') return;
    area.at ||= memory().alloc(AREA);
    assert.ok(block.length < AREA - 64);
    this.source.take({ start: area.at, end: memory().put(block, area.at) });
  }

  finish(): void {
    this.source.drain();
    this.chain.end();
  }
}

function outcome({ texts, warnings, summary: { late, delay } }: Outputs) {
  return { texts: Object.fromEntries([...texts].sort(([a], [b]) => (a < b ? -1 : 1))), warnings, late, delay };
}

export type Outcome = ReturnType<typeof outcome>;

/** Plain data, as a file would give it back. */
function cloned(saved: readonly SavedState[]): SavedState[] {
  return saved.map((own) => new SavedData(structuredClone(own.wholes), structuredClone([...own.slices()])));
}

/** One chain from start to end. */
export function straight(work: Work): Outcome {
  const outputs = new Outputs();
  const feed = new Feed(work, new Chain(work.job, outputs));
  for (const block of work.blocks) feed.take(block);
  feed.finish();
  return outcome(outputs);
}

/** Slices of each operator. */
type Taken = readonly (readonly StateSlice[])[];

/** State that is read while its operators go on. */
class Reading {
  private readonly open: { readonly from: Iterator<StateSlice>; readonly to: StateSlice[] }[];

  constructor(private readonly collectors: readonly StateCollector[]) {
    this.open = collectors.map((collector) => ({ from: collector.slices()[Symbol.iterator](), to: [] }));
  }

  get taken(): Taken {
    return this.open.map(({ to }) => to);
  }

  /** Reads at most so many slices; gives whether there are more. */
  go(n: number): boolean {
    for (const { from, to } of this.open) {
      for (let next = from.next(); !next.done; next = from.next()) {
        to.push('bytes' in next.value ? { ...next.value, bytes: Uint8Array.from(next.value.bytes) } : structuredClone(next.value));
        if (--n <= 0) return true;
      }
    }
    for (const collector of this.collectors) collector.release();
    return false;
  }
}

/** A run of which state is taken behind blocks; by the block's number. @param pace slices that are read behind a block */
export function captured(work: Work, pace: () => number): { outcome: Outcome; taken: Map<number, Taken> } {
  const outputs = new Outputs();
  const feed = new Feed(work, new Chain(work.job, outputs));
  const taken = new Map<number, Taken>();
  let reading: Reading | undefined;
  work.blocks.forEach((block, i) => {
    feed.take(block);
    if (!reading) taken.set(i, (reading = new Reading(feed.chain.capture())).taken);
    if (!reading.go(pace())) reading = undefined;
  });
  feed.finish();
  while (reading?.go(1)) continue;
  return { outcome: outcome(outputs), taken };
}

/** One chain whose keyed state is on disk; now and then it is saved, and put into a chain made anew. */
export async function onDisk(work: Work, random: Random): Promise<Outcome> {
  const outputs = new Outputs();
  const disks = [new StateDisk()];
  const feed = new Feed(work, new Chain(work.job, outputs, undefined, disks[0]));
  const p = random.pick([0, 0, 0.1]);
  try {
    for (const block of work.blocks) {
      feed.take(block);
      if (disks.length > 2 || !random.chance(p)) continue;
      const saved = cloned(feed.chain.save());
      disks.push(new StateDisk());
      feed.chain = new Chain(work.job, outputs, undefined, disks.at(-1));
      feed.chain.load([saved]);
    }
    feed.finish();
  } finally {
    for (const disk of disks) await disk.close();
  }
  return outcome(outputs);
}

/** Operators made anew, with the state of those before, at some places between two blocks. */
export function restored(work: Work, random: Random): Outcome {
  const outputs = new Outputs();
  const feed = new Feed(work, new Chain(work.job, outputs));
  const [p, most] = [random.pick([0.1, 0.3, 1]), 8];
  let times = 0;
  for (const block of work.blocks) {
    feed.take(block);
    if (times === most || !random.chance(p)) continue;
    times++;
    const saved = cloned(feed.chain.save());
    feed.chain = new Chain(work.job, outputs);
    feed.chain.load([saved]);
  }
  feed.finish();
  return outcome(outputs);
}

const HALVES = [0, 1].map((half) => ({ groups: new Set(Array.from({ length: KEY_GROUPS / 2 }, (_, i) => i * 2 + half)), isFirst: half === 0 }));

/** One chain, then two of which each has half of the last stage's keys, then one again. */
export function split(work: Work, random: Random): Outcome {
  const { job, blocks } = work;
  const outputs = new Outputs();
  const [from, to] = [random.int(0, blocks.length), random.int(0, blocks.length)].sort((a, b) => a - b) as [number, number];
  const whole = new Feed(work, new Chain(job, outputs));
  for (const block of blocks.slice(0, from)) whole.take(block);
  const saved = whole.chain.save();
  const parts = HALVES.map((part) => half(work, outputs, saved, part, [from, to]));
  if (to === blocks.length && random.chance(0.5)) {
    for (const part of parts) part.finish();
    return outcome(outputs);
  }
  const before = blocks.slice(0, to).join('').length;
  const end = new Feed(work, new Chain(job, outputs), before);
  end.chain.load(parts.map((part) => cloned(part.chain.save())));
  for (const block of blocks.slice(to)) end.take(block);
  end.finish();
  return outcome(outputs);
}

function half(work: Work, outputs: Outputs, saved: readonly SavedState[], part: Part, [from, to]: [number, number]): Feed {
  const chain = new Chain(work.job, outputs, part);
  chain.load([cloned(saved)], part.groups);
  const feed = new Feed(work, chain, work.blocks.slice(0, from).join('').length);
  for (const block of work.blocks.slice(from, to)) feed.take(block);
  return feed;
}

/** The same lines in any order; warnings are told by each subtask. */
export function sorted({ texts, late, delay }: Outcome) {
  return { texts: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.split('\n').sort()])), late, delay };
}
