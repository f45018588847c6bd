// in: pairs of rows, and rows without a partner
// out: batches of the records that are made of them

import type { CompiledPredicate } from '../../expr/compile.ts';
import { MAX_ROWS, type Register, type TokenColumn } from '../../model/column.ts';
import type { JobSettings, Layout, OperatorContext, Receiver, RecordMaker } from '../../model/stage.ts';
import { memory } from '../../wasm/memory.ts';
import { putTimeAt, TIME_BYTES } from '../groups/row-results.ts';
import type { Row, RowWindow } from './row.ts';
import type { Splicer } from './splicer.ts';

/** Where the parts of a joined record go. */
export interface ResultPlan {
  readonly layout: Layout;
  /** registers of the window's bounds */
  readonly bounds: readonly [Register, Register] | undefined;
  readonly splicer: () => Splicer;
  /** decides whether a pair counts as one */
  readonly where: CompiledPredicate | undefined;
  readonly settings: JobSettings;
}

/** Where a result stands: its event time and window. */
export interface Place {
  readonly time: number;
  readonly window: RowWindow | undefined;
}

/** Gathers joined records. */
export class JoinResults {
  /** the one that stands behind the stage */
  watermark = Number.NEGATIVE_INFINITY;
  private readonly maker: Maker;
  private readonly splicer: Splicer;
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

  private add(text: string, place: Place): void {
    this.hasRows = true;
    this.put(this.maker, text, place);
  }

  private put(maker: Maker, text: string, { time, window }: Place): void {
    const row = maker.records.add(text, time, this.watermark);
    if (!window) return;
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

/** What makes batches of records, and the address of the texts of their windows' bounds, by row. */
interface Maker {
  readonly records: RecordMaker;
  readonly bounds: number;
}

function makerTo(out: Receiver, context: OperatorContext, { layout, bounds }: ResultPlan): Maker {
  const records = (Object.create(context, { out: { value: out } }) as OperatorContext).records(layout);
  return { records, bounds: bounds ? memory().alloc(MAX_ROWS * 2 * TIME_BYTES) : 0 };
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

type Put = (maker: Maker, left: Row, right: Row, place: Place) => void;

/** Evaluates the condition of a join over pairs, as the records that they would make. */
class PairTest {
  private readonly maker: Maker;
  private offset = 0;
  private passed: number[] = [];

  constructor(
    context: OperatorContext,
    plan: ResultPlan,
    where: CompiledPredicate,
    private readonly put: Put,
  ) {
    const out: Receiver = {
      push: (batch) => {
        if (batch.count > 0) where.narrow(batch);
        for (let k = 0; k < batch.count; k++) this.passed.push(this.offset + batch.sel[k]!);
        this.offset += batch.rows;
      },
      end: () => {},
    };
    this.maker = makerTo(out, context, plan);
  }

  partners(row: Row, others: readonly Row[], place: (other: Row) => Place): Row[] {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    this.passed = [];
    this.offset = 0;
    for (let i = 0; i < others.length; i++) {
      const other = others[i]!;
      this.put(this.maker, row.isLeft ? row : other, row.isLeft ? other : row, place(other));
    }
    this.maker.records.flush(Number.NEGATIVE_INFINITY);
    kernels.scratchSet(mark);
    return this.passed.map((i) => others[i]!);
  }
}
