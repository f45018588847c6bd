// in: what all operators of a job share
// out: the context of one operator: its way to what follows, to files beside the output, to the figures

import type { Batch } from '../model/batch.ts';
import type { Cause, Clock, Layout, LineOutput, Operator, OperatorContext, Receiver, RecordMaker, RecordOutput, RecordWriterSpec, RowCopier, TextWriter } from '../model/stage.ts';
import { type Evicted, NONE_EVICTED } from '../model/state.ts';
import type { LayoutSpec, WriterSpec } from '../plan/layout.ts';
import type { PlannedStage } from '../plan/plan.ts';
import type { Alarms } from './alarms.ts';
import { Copier } from './copier.ts';
import type { BadLines } from './dead-letters.ts';
import { makeBatch } from './frame.ts';
import type { SinkSet } from './sink-set.ts';
import { RecordFile } from './outputs.ts';
import { TextRecords } from './records.ts';
import type { StateMeter } from './state-meter.ts';
import type { StateDisk } from './state-disk.ts';
import type { Summary } from './summary.ts';
import { RecordWriter } from './writer.ts';

/** What the operators of a job have in common; those of one input of it have a copy (`Object.create`), since each stops reading for itself. */
export interface Shared {
  readonly summary: Summary;
  readonly dead: BadLines;
  /** by name: files beside the main output */
  readonly files: Map<string, RecordFile>;
  readonly warned: Set<string>;
  readonly sinks: SinkSet;
  isStopped: boolean;
  /** keyed state is on disk */
  readonly disk?: StateDisk | undefined;
  /** results of subtasks are put in order behind this chain */
  readonly isOrdered?: boolean;
  readonly warn?: (text: string) => void;
  /** of a subtask, which knows only its own keys: by aggregate call, the values that it left out */
  readonly skips?: Map<string, number>;
  /** where somebody wants to know how much is kept */
  readonly meter?: StateMeter | undefined;
  /** none: nobody here waits for input, and so for the clock */
  readonly alarms?: Alarms;
}

/** Nobody wants more records: no stage, and no file beside the output. */
export const isStopped = (shared: Shared): boolean => shared.isStopped && shared.files.size === 0;

/** What is said of values that an aggregate left out. */
export function skippedText(call: string, values: number): string {
  return `${call}: ${values} ${values === 1 ? 'value is no number and was' : 'values are no numbers and were'} left out`;
}

const NO_ALARM: Clock = {
  now: Date.now,
  alarm(time) {
    if (time < Number.POSITIVE_INFINITY) throw new Error('timers of processing time need a job that runs on one process: -p 1');
  },
};

export class ChainContext implements OperatorContext {
  readonly cause: Cause;
  private ownClock: Clock | undefined;
  evicted: Evicted = NONE_EVICTED;

  constructor(
    private readonly shared: Shared,
    readonly out: Receiver,
  ) {
    this.cause = { sequence: 0, order: '', isOrdered: shared.isOrdered === true };
  }

  batch(layout: Layout): Batch {
    return makeBatch(layout as LayoutSpec);
  }

  copier(layout: Layout): RowCopier {
    return new Copier(layout as LayoutSpec, this.out);
  }

  records(layout: Layout): RecordMaker {
    return new TextRecords(layout as LayoutSpec, this.out, this.cause);
  }

  output(file: string, writer: RecordWriterSpec): RecordOutput {
    return this.file(file, writer as WriterSpec);
  }

  lines(file: string): LineOutput {
    return this.file(file, undefined);
  }

  private file(file: string, writer: WriterSpec | undefined): RecordFile {
    const { files, sinks } = this.shared;
    const name = files.has(file) ? `${file} (${files.size})` : file;
    const made = new RecordFile(writer, sinks.open(`file ${files.size + 1}`, file, 'json'));
    files.set(name, made);
    return made;
  }

  texts(writer: RecordWriterSpec): TextWriter {
    return new RecordWriter(writer as WriterSpec, true);
  }

  late(delay: number, records = 1): void {
    this.shared.summary.late += records;
    this.shared.summary.delay = Math.max(this.shared.summary.delay, delay);
  }

  reject(batch: Batch, row: number, reason: string): void {
    if (isStopped(this.shared)) return;
    const text = batch.memory.latin1Slice(batch.recordStart[row]!, batch.recordEnd[row]!);
    this.shared.dead.take({ reason, source: batch.origin.source, line: batch.origin.line(row), text });
  }

  get rejectsFail(): boolean {
    return this.shared.dead.isFatal;
  }

  warn(text: string): void {
    if (this.shared.warned.has(text)) return;
    this.shared.warned.add(text);
    this.shared.warn?.(text);
  }

  skipped(call: string, values: number): void {
    const { skips } = this.shared;
    if (skips) skips.set(call, (skips.get(call) ?? 0) + values);
    else this.warn(skippedText(call, values));
  }

  get clock(): Clock {
    return (this.ownClock ??= this.shared.alarms?.clock() ?? NO_ALARM);
  }

  stop(): void {
    this.shared.isStopped = true;
  }
}

/** The operators of stages, one behind the other; what comes of them goes to `last`. @param operators is given them by their place in the pipeline, which is `path` and their number */
export function makeChain(stages: readonly PlannedStage[], shared: Shared, last: Receiver, operators: Map<string, Operator>, path = ''): Receiver {
  return stages.reduceRight<Receiver>((out, { index, call, plan }) => {
    const operator = plan.create(new ChainContext(shared, out));
    const place = `${path}${index}`;
    // A stage that only passes on is what stands behind it.
    if (operator === out) return out;
    shared.meter?.add(place, call, operator);
    operators.set(place, operator);
    return operator;
  }, last);
}
