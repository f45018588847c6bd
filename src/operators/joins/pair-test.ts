// in: a row and those of the other side that it may be joined with
// out: those of which the condition of the join holds

import type { CompiledPredicate } from '../../expr/compile.ts';
import type { OperatorContext, Receiver } from '../../model/stage.ts';
import { memory } from '../../wasm/memory.ts';
import { type Maker, makerTo, type Place, type ResultPlan } from './result-maker.ts';
import type { Row } from './row.ts';

type Put = (maker: Maker, left: Row, right: Row, place: Place) => void;

/** Evaluates the condition of a join over pairs, as the records that they would make. */
export class PairTest {
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
