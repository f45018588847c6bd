// in: pairs of rows, and rows without a partner
// out: batches of the records that are made of them

import type { CompiledPredicate } from '../../expr/compile.ts';
import type { TokenColumn } from '../../model/column.ts';
import type { OperatorContext, Receiver } from '../../model/stage.ts';
import { memory } from '../../wasm/memory.ts';
import { putTimeAt, TIME_BYTES } from '../groups/row-results.ts';
import { PairTest } from './pair-test.ts';
import { type Maker, makerTo, type Place, type ResultPlan } from './result-maker.ts';
import { ByteSplicer, type RecordBytes } from './byte-splicer.ts';
import type { Row, RowWindow } from './row.ts';
import type { SplicedText, Splicer } from './splicer.ts';

/** Gathers joined records. */
export class JoinResults {
  /** the one that stands behind the stage */
  watermark = Number.NEGATIVE_INFINITY;
  private readonly maker: Maker;
  private readonly splicer: Splicer;
  private readonly bytes: ByteSplicer;
  private readonly test: PairTest | undefined;
  private passedOn = Number.NEGATIVE_INFINITY;
  private hasRows = false;

  /** @param filters whether pairs that are none are left out of what is passed on; otherwise `partners` must be asked before */
  constructor(
    context: OperatorContext,
    private readonly plan: ResultPlan,
    filters: boolean,
  ) {
    this.splicer = plan.splicer();
    this.bytes = new ByteSplicer(this.splicer);
    const out: Receiver = plan.where && filters ? filtered(context.out, plan.where) : context.out;
    this.maker = makerTo(out, context, plan);
    if (plan.where && !filters) this.test = new PairTest(context, plan, plan.where, (maker, left, right, place) => this.put(maker, this.splicer.pair(left, right), place));
  }

  /** Whether `partners` may answer with less than it was asked about. */
  get asks(): boolean {
    return this.test !== undefined;
  }

  /** Those of the rows that are a row's partners. */
  partners(row: Row, others: readonly Row[], place: (other: Row) => Place): readonly Row[] {
    return this.test && others.length > 0 ? this.test.partners(row, others, place) : others;
  }

  pair(left: Row, right: Row, place: Place): void {
    this.add(this.splicer.pair(left, right), place);
  }

  leftAlone(row: Row, place: Place): void {
    this.add(row.text, place);
  }

  rightAlone(row: Row, place: Place): void {
    this.add(this.splicer.rightAlone(row), place);
  }

  /** The same of records in kernel memory. Tells them their shapes. */
  pairBytes(left: RecordBytes, right: RecordBytes, { time, window }: Place): void {
    const program = this.bytes.programOf(left, right);
    if (!program) {
      this.add(this.splicer.pair(textOf(left), textOf(right)), { time, window });
      return;
    }
    const { records } = this.maker;
    const to = records.room(left.end - left.at + right.end - right.at + program.extra, this.watermark);
    const row = records.added(this.bytes.write(program, to, left, right), time, this.watermark);
    if (window) this.putWindow(this.maker, row, window);
    this.hasRows = true;
  }

  /** A record in kernel memory as it is. */
  plain({ at, end }: RecordBytes, { time, window }: Place): void {
    const { records } = this.maker;
    const to = records.room(end - at, this.watermark);
    const row = records.added(memory().kernels.copyBytes(to, at, end - at), time, this.watermark);
    if (window) this.putWindow(this.maker, row, window);
    this.hasRows = true;
  }

  private add(text: string, place: Place): void {
    this.hasRows = true;
    this.put(this.maker, text, place);
  }

  private put(maker: Maker, text: string, { time, window }: Place): void {
    const row = maker.records.add(text, time, this.watermark);
    if (window) this.putWindow(maker, row, window);
  }

  private putWindow(maker: Maker, row: number, window: RowWindow): void {
    const { batch } = maker.records;
    batch.windowStart[row] = window.start;
    batch.windowEnd[row] = window.end;
    if (this.plan.bounds) this.putBounds(maker, row, window);
  }

  private putBounds({ records, bounds }: Maker, row: number, { start, end }: RowWindow): void {
    const [from, to] = this.plan.bounds!;
    const { columns } = records.batch;
    const at = bounds + row * 2 * TIME_BYTES;
    putTimeAt(at, columns[from.index] as TokenColumn, row, start, this.plan.settings);
    putTimeAt(at + TIME_BYTES, columns[to.index] as TokenColumn, row, end, this.plan.settings);
  }

  /** Passes on what is there, and the watermark. */
  flush(): void {
    if (!this.hasRows && this.watermark === this.passedOn) return;
    this.maker.records.flush(this.watermark);
    this.hasRows = false;
    this.passedOn = this.watermark;
  }
}

function textOf({ at, end }: RecordBytes): SplicedText {
  return { text: memory().memory.latin1Slice(at, end), parts: undefined };
}

function filtered(out: Receiver, where: CompiledPredicate): Receiver {
  return {
    push(batch) {
      if (batch.count > 0) where.narrow(batch);
      out.push(batch);
    },
    end: () => out.end(),
  };
}
