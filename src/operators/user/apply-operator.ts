// in: records, and a function of the user's
// out: what it makes of each

import type { Batch } from '../../model/batch.ts';
import type { Operator, OperatorContext } from '../../model/stage.ts';
import type { ApplyContext, ApplyResult, AnyRecord } from '../../model/user.ts';
import { Caller } from './caller.ts';
import { type Emissions, recordText } from './emissions.ts';
import { type ModuleName, givenRecord, text } from './failure.ts';
import type { UserRecords } from './records.ts';

/** A module of `apply`, whichever way it is written. */
export interface ApplyFunctions {
  /** the name for messages */
  readonly called: string;
  onRecord(record: AnyRecord, ctx: ApplyContext): ApplyResult;
  open?(ctx: ApplyContext): void;
  close?(ctx: ApplyContext): void;
}

/** What the operator works with, made by the stage's plan. */
export interface ApplyParts {
  readonly name: ModuleName;
  readonly module: ApplyFunctions;
  readonly isTimed: boolean;
  readonly records: UserRecords;
  readonly main: Emissions;
}

class ApplyCall implements ApplyContext {
  time: number | undefined = undefined;
  watermark = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly caller: Caller,
    private readonly main: Emissions,
  ) {}

  readonly emit = (record: object): void => {
    this.caller.check('ctx.emit');
    this.main.add(recordText(record, 'ctx.emit was given'));
  };
}

/** Stateless: what comes of a record has its event time and its window. */
export class ApplyOperator implements Operator {
  private readonly caller: Caller;
  private readonly ctx: ApplyCall;
  private latest = Number.NaN;
  private isClosed = false;

  constructor(
    private readonly context: OperatorContext,
    private readonly parts: ApplyParts,
  ) {
    this.caller = new Caller(parts.name, () => this.settle());
    this.ctx = new ApplyCall(this.caller, parts.main);
    this.caller.run('open', () => parts.module.open?.(this.ctx), 'in open, before the first record');
  }

  push(batch: Batch): void {
    this.parts.records.prepare(batch);
    for (let k = 0; k < batch.count; k++) this.takeRow(batch, batch.sel[k]!);
    this.context.cause.sequence = batch.afterSequence;
    if (batch.after === Number.POSITIVE_INFINITY) this.close(batch.after);
    this.parts.main.flush(batch.after);
  }

  private takeRow(batch: Batch, row: number): void {
    const { records, module, main, isTimed } = this.parts;
    const time = isTimed ? batch.time[row]! : Number.NaN;
    if (!(time <= this.latest)) this.latest = time;
    this.ctx.time = isTimed ? time : undefined;
    this.ctx.watermark = batch.watermark[row]!;
    this.caller.begin();
    try {
      this.take(this.caller.done(module.called, module.onRecord(records.object(batch, row), this.ctx)));
    } catch (error) {
      throw this.caller.failure(error, givenRecord(batch, row, records.text(batch, row)));
    }
    main.releaseAs(batch, row, time);
  }

  /** What a function returned: a record, several, or nothing. A generator runs here. */
  private take(result: ApplyResult): void {
    if (result === undefined || result === null) return;
    const what = `${this.parts.module.called} returned`;
    if (typeof result !== 'object') throw new TypeError(`${what} ${text(result)}: give a record, an array of records, or nothing`);
    if (!(Symbol.iterator in result)) return this.parts.main.add(recordText(result, what));
    this.caller.begin();
    for (const record of result) if (record !== undefined && record !== null) this.parts.main.add(recordText(record, `${what} an array or iterator with`));
    this.caller.done(what, undefined);
  }

  private close(watermark: number): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.ctx.time = undefined;
    this.ctx.watermark = watermark;
    this.caller.run('close', () => this.parts.module.close?.(this.ctx), 'in close, when the input had ended');
    this.parts.main.release(this.latest, Number.NEGATIVE_INFINITY);
  }

  /** An error follows: what came before it is passed on. */
  private settle(): void {
    this.parts.main.release(this.ctx.time ?? Number.NaN, Number.NEGATIVE_INFINITY);
    this.parts.main.settle();
  }

  end(): void {
    if (!this.isClosed) {
      this.close(Number.NEGATIVE_INFINITY);
      this.parts.main.settle();
    }
    this.context.out.end();
  }
}
