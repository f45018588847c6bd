// in: blocks of the input; rows of its own keys from all subtasks
// out: rows for other subtasks; what comes of each block, for the coordinator
//
// The way of a record: a block that the coordinator dealt → scan → stages of the task `blocks` → by key, to the subtask of the key →
// stages of the task `keyed`, block by block in the order of input → lines with labels → the coordinator, which puts them in order.

import type { Area } from '../../exchange/area.ts';
import { FrameOrigin, unpackFrame } from '../../exchange/frame.ts';
import type { Batch } from '../../model/batch.ts';
import type { Receiver } from '../../model/stage.ts';
import { keyedSubtasks, type TaskPlan } from '../../plan/tasks.ts';
import type { Block } from '../blocks.ts';
import { makeChain, type Shared } from '../context.ts';
import { makeBatch } from '../frame.ts';
import { SinkSet } from '../sink-set.ts';
import { sizes } from '../sizes.ts';
import { RecordSource } from '../source.ts';
import { peakMemory, StateMeter } from '../state-meter.ts';
import { emptySummary } from '../summary.ts';
import { bytesTravel, FrameOutlet, frameSpec, LineOutlet, type Outlet } from './outlets.ts';
import { BlockLines, failureOf, type Made, type SubtaskHeld, type Taken } from './parts.ts';

/** Where what a subtask makes goes to. Areas are the receiver's. */
export interface SubtaskOutput {
  rows(target: number, block: number, area: Area): void;
  taken(block: number, taken: Taken): void;
  output(block: number, area: Area, made: Made): void;
}

export interface SubtaskRules {
  readonly index: number;
  readonly parallelism: number;
  readonly inputs: readonly string[];
  /** whether the first line that is no record ends the job */
  readonly isFatal: boolean;
  /** whether records behind the exchange need their bytes */
  readonly needsBytes: boolean;
}

/** One subtask of the tasks `blocks` and `keyed`. */
export class Subtask {
  private readonly summary = emptySummary();
  private readonly meter = new StateMeter();
  private readonly index: number;
  private readonly bad: BlockLines;
  private warnings: string[] = [];
  private readonly source: RecordSource;
  private readonly first: Outlet;
  private readonly lines: LineOutlet | undefined;
  /** of a subtask that has keys of its own */
  private readonly keyed: KeyedChain | undefined;
  /** whether rows go to subtasks by key */
  private readonly hasKeys: boolean;

  constructor(
    tasks: TaskPlan,
    rules: SubtaskRules,
    private readonly output: SubtaskOutput,
  ) {
    this.bad = new BlockLines(rules.isFatal);
    const shared: Shared = {
      summary: this.summary,
      dead: this.bad,
      files: new Map(),
      warned: new Set(),
      sinks: new SinkSet(rules.inputs, undefined),
      isStopped: false,
      isOrdered: true,
      warn: (text) => this.warnings.push(text),
      meter: tasks.plan.job.options.stats === undefined ? undefined : this.meter,
    };
    this.index = rules.index;
    const targets = keyedSubtasks(tasks, rules.parallelism);
    if (rules.index < targets) {
      this.lines = new LineOutlet(tasks.gather?.writer ?? tasks.plan.output, tasks.gather ? 'numbers' : 'order');
      this.keyed = new KeyedChain(tasks, shared, this.lines);
    }
    const needsBytes = rules.needsBytes || bytesTravel(tasks);
    this.hasKeys = targets > 0;
    this.first = tasks.exchange ? new FrameOutlet(tasks, Math.max(1, targets), needsBytes) : (this.lines = new LineOutlet(tasks.plan.output));
    if (this.keyed) this.keyed.spec = frameSpec(tasks, needsBytes);
    this.source = new RecordSource(tasks.plan.source.layout, makeChain(tasks.blocks, shared, this.first), (bad) => this.bad.take(bad), () => false, sizes.batchRows);
  }

  /** Works on a block: what comes of it goes to the subtasks of its keys. @param before bytes of input before it */
  take(number: number, block: Block, source: string, before: number): void {
    const records = this.source.records;
    let failure;
    this.source.open(source, 1);
    this.source.jump(before, 1);
    try {
      this.source.take(block);
    } catch (error) {
      failure = failureOf(error);
    }
    const taken = { lines: this.source.nextLine - 1, records: this.source.records - records, bytes: block.end - block.start, bad: this.bad.takeAll(), ...(failure && { failure }) };
    this.output.taken(number, taken);
    if (this.hasKeys) this.first.takeBlock().forEach((area, target) => this.output.rows(target, number, area));
    else this.output.output(number, this.first.takeBlock()[0]!, this.made());
  }

  /** Works on a block's rows of its own keys; all blocks before have been. Frees them. */
  takeRows(number: number, rows: Area): void {
    let failure;
    try {
      this.keyed!.take(rows.at, rows.at + rows.used);
    } catch (error) {
      failure = failureOf(error);
    }
    rows.free();
    this.output.output(number, this.lines!.takeBlock()[0]!, { ...this.made(), ...(failure && { failure }) });
  }

  /** All blocks have been: what is open comes out as though by a last block. @param bytes of all input */
  drain(number: number, bytes: number): void {
    let failure;
    this.meter.look();
    try {
      this.keyed?.drain(bytes);
    } catch (error) {
      failure = failureOf(error);
    }
    if (this.keyed) this.output.output(number, this.lines!.takeBlock()[0]!, { ...this.made(), ...(failure && { failure }) });
  }

  private held(): SubtaskHeld | undefined {
    this.meter.lookIfDue();
    return this.meter.isEmpty ? undefined : { subtask: this.index, stages: this.meter.figures, memory: peakMemory() };
  }

  /** Figures since the last time. */
  private made(): Made {
    const { late, delay } = this.summary;
    const { warnings } = this;
    const made = { bad: this.bad.takeAll(), records: this.lines?.records ?? 0, after: this.lines?.after ?? Number.NEGATIVE_INFINITY, late, delay, warnings, held: this.held() };
    if (this.lines) this.lines.records = 0;
    [this.summary.late, this.summary.delay, this.warnings] = [0, 0, []];
    return made;
  }
}

/** The stages of the task `keyed`. */
class KeyedChain {
  spec: ReturnType<typeof frameSpec> | undefined;
  private readonly batch: Batch;
  private readonly chain: Receiver;
  /** the watermark behind the last block */
  private watermark = Number.NEGATIVE_INFINITY;

  constructor(tasks: TaskPlan, shared: Shared, last: Receiver) {
    this.chain = makeChain(tasks.keyed, shared, last);
    this.batch = makeBatch(tasks.exchange!.layout);
    this.batch.origin = new FrameOrigin();
  }

  take(from: number, end: number): void {
    let { watermark } = this;
    for (let at = from; at < end; ) {
      at = unpackFrame(at, this.batch, this.spec!);
      watermark = raise(this.batch, this.watermark);
      this.chain.push(this.batch);
    }
    this.watermark = watermark;
  }

  drain(bytes: number): void {
    this.batch.begin(0);
    this.batch.after = Number.POSITIVE_INFINITY;
    this.batch.afterSequence = bytes;
    this.chain.push(this.batch);
    this.chain.end();
  }
}

/** A block's own watermarks know nothing of the blocks before it, whose is `least`. Returns the one behind the batch. */
export function raise(batch: Batch, least: number): number {
  const { watermark, rows } = batch;
  for (let row = 0; row < rows && watermark[row]! < least; row++) watermark[row] = least;
  batch.after = Math.max(batch.after, least);
  return batch.after;
}
