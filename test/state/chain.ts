// in: a job
// out: its operators, one behind the other in this process, with outputs in memory; their state, taken out and put in

import assert from 'node:assert/strict';
import type { Batch } from '../../src/model/batch.ts';
import type { LineOutput, Operator, Receiver, RecordOutput, RecordWriterSpec, StageDefinition } from '../../src/model/stage.ts';
import type { StateReader, StateWriter } from '../../src/model/state.ts';
import { Keys, planKeys } from '../../src/operators/groups/keys.ts';
import { stages } from '../../src/operators/table.ts';
import { keysOf } from '../../src/operators/windows/plan.ts';
import type { Job } from '../../src/plan/job.ts';
import type { WriterSpec } from '../../src/plan/layout.ts';
import { type Plan, planJob } from '../../src/plan/plan.ts';
import { readText } from '../../src/sources/text.ts';
import { ChainContext, type Shared } from '../../src/runtime/context.ts';
import { DeadLetters } from '../../src/runtime/dead-letters.ts';
import { SinkSet } from '../../src/runtime/sink-set.ts';
import { RecordFile } from '../../src/runtime/outputs.ts';
import type { StateDisk } from '../../src/runtime/state-disk.ts';
import { emptySummary } from '../../src/runtime/summary.ts';
import type { SavedState } from '../../src/model/state.ts';
import { CollectedState, StateCollector } from '../../src/state/collected.ts';
import { groupOfHash } from '../../src/state/key-group.ts';
import { memory } from '../../src/wasm/memory.ts';

/** A subtask of a job's last stage. */
export interface Part {
  /** key groups that it takes */
  readonly groups: ReadonlySet<number>;
  /** Whether it writes the files of the stages before, which all subtasks have alike. */
  readonly isFirst: boolean;
}

/** What comes out of all chains of one run. */
export class Outputs {
  /** by name; the main output has none */
  readonly texts = new Map<string, string>();
  readonly warnings: string[] = [];
  readonly summary = emptySummary();

  file(name: string, spec: WriterSpec | undefined): RecordFile {
    const write = (bytes: Buffer) => this.texts.set(name, (this.texts.get(name) ?? '') + bytes.toString('latin1'));
    return new RecordFile(spec, { write, close: () => {} });
  }
}

/** Takes the rows of some key groups only, as a subtask gets them. */
class Subtask implements Operator {
  constructor(
    private readonly keys: Keys,
    private readonly groups: ReadonlySet<number>,
    private readonly operator: Operator,
  ) {}

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    this.keys.encode(batch);
    let kept = 0;
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      if (this.groups.has(groupOfHash(this.keys.hash.view[row]!))) batch.sel[kept++] = row;
    }
    batch.count = kept;
    kernels.scratchSet(mark);
    this.operator.push(batch);
  }

  end(): void {
    this.operator.end();
  }

  save(to: StateWriter): void {
    this.operator.save?.(to);
  }

  load(from: StateReader): void {
    this.operator.load?.(from);
  }
}

/** The table of stages, the last one of the job with its keys' groups narrowed. */
function tableFor(job: Job, part: Part | undefined): StageDefinition[] {
  return stages.map((definition) => ({
    ...definition,
    plan(call, point) {
      const keyed = definition.options.some(({ name }) => name === 'by');
      const keys = keyed ? planKeys(keysOf(call, point), point) : undefined;
      const plan = definition.plan(call, point);
      if (!keys || !part || call !== job.stages.at(-1)) return plan;
      return { ...plan, create: (context) => new Subtask(new Keys(keys), part.groups, plan.create(context)) };
    },
  }));
}

class Context extends ChainContext {
  constructor(
    private readonly common: Shared,
    out: Receiver,
    private readonly outputs: Outputs,
    private readonly place: number,
  ) {
    super(common, out);
  }

  override output(file: string, writer: RecordWriterSpec): RecordOutput {
    return this.inMemory(file, writer as WriterSpec);
  }

  override lines(file: string): LineOutput {
    return this.inMemory(file, undefined);
  }

  private inMemory(file: string, writer: WriterSpec | undefined): RecordFile {
    const made = this.outputs.file(`${file} of ${this.place}`, writer);
    this.common.files.set(`${file} of ${this.place}`, made);
    return made;
  }

  override late(delay: number): void {
    const { summary } = this.outputs;
    summary.late++;
    summary.delay = Math.max(summary.delay, delay);
  }
}

export const planned = (job: Job): Plan => planJob(job, tableFor(job, undefined), readText);

/** The operators of a job, made anew. */
export class Chain implements Receiver {
  readonly shared: Shared;
  private readonly main: RecordFile;
  private readonly first: Receiver;
  private readonly operators: Operator[] = [];

  /** @param disk where keyed state is, if not in memory */
  constructor(job: Job, outputs: Outputs, part?: Part, disk?: StateDisk) {
    const plan = planJob(job, tableFor(job, part), readText);
    const sinks = new SinkSet([], undefined);
    this.shared = { summary: outputs.summary, dead: new DeadLetters(job.options.onError, sinks), files: new Map(), warned: new Set(), sinks, isStopped: false, warn: (text) => outputs.warnings.push(text) };
    this.main = outputs.file('', plan.output);
    const nowhere = new Outputs();
    let next: Receiver = { push: (batch) => this.main.write(batch), end: () => {} };
    for (const [i, stage] of [...plan.stages.entries()].reverse()) {
      const isWritten = !part || part.isFirst || i === plan.stages.length - 1;
      const context = new Context(this.shared, next, isWritten ? outputs : nowhere, i);
      const made = stage.plan.create(context);
      assert.ok(stage.plan.isEvictable || stage.plan.distribution.kind !== 'hash', `${stage.call.name} keeps its state in memory`);
      const operator = stage.plan.isEvictable && disk ? disk.behind(made, context) : made;
      this.operators.unshift(operator);
      next = operator;
    }
    this.first = next;
  }

  push(batch: Batch): void {
    this.first.push(batch);
  }

  end(): void {
    this.first.end();
    this.flush();
  }

  private flush(): void {
    this.main.flush();
    for (const file of this.shared.files.values()) file.flush();
  }

  /** The state of each operator, as it is now whenever it is read. */
  capture(): StateCollector[] {
    this.flush();
    return this.operators.map((operator) => {
      const to = new StateCollector();
      operator.save?.(to);
      return to;
    });
  }

  /** The state of each operator as plain data. */
  save(): SavedState[] {
    return this.capture().map((collector) => collector.plain());
  }

  /** @param parts savings of several chains. @param groups those that the last stage is to have */
  load(parts: readonly (readonly SavedState[])[], groups?: ReadonlySet<number>): void {
    this.operators.forEach((operator, i) => {
      const isLast = i === this.operators.length - 1;
      const savings = (isLast ? parts : parts.slice(0, 1)).map((part) => part[i]!);
      operator.load?.(new CollectedState(savings, isLast ? groups : undefined));
    });
  }
}
