// in: records that user code emits
// out: rows behind the stage, and in the files of side outputs

import { type Batch, SEQUENCE_STEP } from '../../model/batch.ts';
import type { Cause, Layout, OperatorContext, RecordMaker, RecordWriterSpec } from '../../model/stage.ts';
import { encodeBytes } from '../../model/token.ts';
import { didYouMean } from '../../model/suggest.ts';
import { causedBy } from '../cause.ts';
import { text } from './failure.ts';

/** A record of the user's as JSON, one char a byte. Throws TypeError. */
export function recordText(record: unknown, what: string): string {
  if (isPromise(record)) throw new TypeError(`${what} a promise: records are taken one at a time, in order, so nothing may be async`);
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new TypeError(`${what} ${text(record)}, which is no record: a record is an object`);
  const json = JSON.stringify(record) as string | undefined;
  if (json?.[0] !== '{') throw new TypeError(`${what} ${text(record)}, whose JSON is no object: ${json}`);
  return encodeBytes(json);
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}

/** What was emitted by a call of user code; it becomes rows when the call has returned, so that no stage behind runs within it. */
export class Emissions {
  private readonly texts: string[] = [];
  private readonly records: RecordMaker;
  private watermark = Number.NEGATIVE_INFINITY;

  private readonly cause: Cause;
  /** sequence number of the row that was made last */
  private sequence = -1;

  constructor(context: OperatorContext, layout: Layout) {
    this.records = context.records(layout);
    this.cause = context.cause;
  }

  add(text: string): void {
    this.texts.push(text);
  }

  /** Something was emitted that is no row yet. */
  get hasSome(): boolean {
    return this.texts.length > 0;
  }

  /** There are rows that have not been passed on. */
  hasRows = false;

  /** What was emitted becomes rows with this event time (NaN: none) and the window [start, end). `watermark`: the one before them. */
  release(time: number, watermark: number, start = Number.NaN, end = Number.NaN): void {
    this.watermark = Math.max(this.watermark, watermark);
    this.hasRows ||= this.texts.length > 0;
    for (const text of this.texts) {
      const row = this.records.add(text, time, this.watermark);
      this.records.batch.windowStart[row] = start;
      this.records.batch.windowEnd[row] = end;
    }
    this.texts.length = 0;
  }

  /** The same for what came of one row: it follows that row in the order of input, one step apart. */
  releaseAs(batch: Batch, row: number, time: number): void {
    const { cause } = this;
    this.watermark = batch.watermark[row]!;
    for (const text of this.texts) {
      causedBy(cause, batch, row);
      if (!batch.isOrdered) cause.sequence = this.stepped(cause.sequence);
      const at = this.records.add(text, time, this.watermark);
      this.records.batch.windowStart[at] = batch.windowStart[row]!;
      this.records.batch.windowEnd[at] = batch.windowEnd[row]!;
    }
    this.texts.length = 0;
  }

  private stepped(sequence: number): number {
    this.sequence = sequence > 0 && sequence <= this.sequence ? this.sequence + SEQUENCE_STEP : sequence;
    return this.sequence;
  }

  /** Passes on what is there; the watermark behind it is `after`. */
  flush(after: number): void {
    this.watermark = Math.max(this.watermark, after);
    this.hasRows = false;
    this.records.flush(this.watermark);
  }

  /** Passes on what is there, as an error follows. */
  settle(): void {
    this.records.flush(this.watermark);
  }
}

/** Files of side outputs, by the name that user code has for them. */
export class SideOutputs {
  private readonly byName = new Map<string, Emissions>();
  private readonly all: readonly Emissions[];

  /** @param layout of records as user code makes them, with the way to write those */
  constructor(context: OperatorContext, sides: ReadonlyMap<string, string>, layout: Layout, writer: RecordWriterSpec) {
    const byFile = new Map<string, Emissions>();
    for (const [name, file] of sides) {
      const known = byFile.get(file) ?? openSide(context, file, layout, writer);
      byFile.set(file, known);
      this.byName.set(name, known);
    }
    this.all = [...byFile.values()];
  }

  /** Throws TypeError for a name that no --side has. */
  add(name: string, record: unknown): void {
    const side = this.byName.get(name);
    if (side) return side.add(recordText(record, `side '${name}' was given`));
    throw new TypeError(`there is no side output '${name}': ${didYouMean(String(name), this.byName.keys()) ?? `say where it goes with --side ${name}=FILE`}`);
  }

  release(): void {
    for (const side of this.all) side.release(Number.NaN, Number.NEGATIVE_INFINITY);
  }

  flush(): void {
    for (const side of this.all) side.settle();
  }
}

function openSide(context: OperatorContext, file: string, layout: Layout, writer: RecordWriterSpec): Emissions {
  const output = context.output(file, writer);
  const out = { push: (batch: Batch) => output.write(batch), end: () => {} };
  return new Emissions(Object.create(context, { out: { value: out } }) as OperatorContext, layout);
}
