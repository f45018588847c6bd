// in: the rows of a batch
// out: the objects that user code gets for them

import { ownTime } from '../../expr/own-time.ts';
import type { Batch } from '../../model/batch.ts';
import type { Register, ValueColumn } from '../../model/column.ts';
import type { Point } from '../../model/stage.ts';
import { type JsonText, parseBytes, Type } from '../../model/token.ts';
import type { AnyRecord } from '../../model/user.ts';

/** Which registers tell what a record is. */
export interface RecordPlan {
  readonly whole: Register;
  /** fields that hold times of weir's own: ms for user code, whatever is printed */
  readonly times: readonly { readonly name: string; readonly register: Register }[];
}

/** To be called before the stage changes the point. */
export function planRecords(point: Point): RecordPlan {
  const times = point.times.map((name) => ({ name, register: point.field([name]).register }));
  return { whole: point.record().register, times };
}

/** The selected rows of a batch at a time. */
export class UserRecords {
  private readonly registers: readonly number[];

  constructor(private readonly plan: RecordPlan) {
    this.registers = [plan.whole, ...plan.times.map((t) => t.register)].map((r) => r.index);
  }

  prepare(batch: Batch): void {
    batch.prepare(this.registers);
  }

  /** Its JSON, one char a byte. */
  text(batch: Batch, row: number): string {
    return ((batch.columns[this.plan.whole.index] as ValueColumn).values[row] as JsonText).bytes;
  }

  /** An object of its own. */
  object(batch: Batch, row: number): AnyRecord {
    const record = parseBytes(this.text(batch, row)) as AnyRecord;
    for (const { name, register } of this.plan.times) {
      const column = batch.columns[register.index]!;
      if (column.kind === 'value' && name in record) record[name] = ownTime(record[name]);
      else if (column.kind === 'token' && column.type[row] === Type.time) record[name] = column.num[row];
    }
    return record;
  }
}
