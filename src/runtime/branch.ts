// in: a stream, and the operator in which it meets a branch of itself
// out: one stream: of each record first the record, then what the branch makes of it

import type { Batch } from '../model/batch.ts';
import type { Feeder, Operator, Receiver, TwoInputOperator } from '../model/stage.ts';
import type { StateReader, StateWriter } from '../model/state.ts';
import type { Stream } from './stream.ts';

/** A branch whose stages pass on the batches that they are given: it gets those of the stream. */
export class BranchInStep implements Receiver {
  constructor(
    private readonly operator: TwoInputOperator,
    private readonly branch: Receiver,
  ) {}

  /** The operator copies the rows before the branch changes the batch. */
  push(batch: Batch): void {
    this.operator.push(batch);
    this.branch.push(batch);
    this.takeAll();
  }

  end(): void {
    this.operator.end();
    this.branch.end();
    this.takeAll();
    this.operator.advance();
  }

  private takeAll(): void {
    while (this.operator.pending > 0) this.operator.takeRecord(1);
  }
}

/** What the operator of a branch in step keeps, which no stream saves for it: with rows that wait for the watermark behind them. @param state what has its other state */
export function inStepState(operator: TwoInputOperator, state: Operator): Operator {
  return Object.create(operator, {
    save: {
      value(to: StateWriter): void {
        to.whole('pending', operator.savePending());
        state.save?.(to);
      },
    },
    load: {
      value(from: StateReader): void {
        state.load?.(from);
        operator.loadPending(from.whole('pending'));
      },
    },
  }) as Operator;
}

/** A branch that is given the records of its stream one by one. */
export class BranchStream implements Stream {
  /** the branch has been told of the end */
  private isTold = false;
  private isFeeding = false;

  /**
   * @param stream pushes to the operator
   * @param branch its records come from the feeder
   */
  constructor(
    private readonly operator: TwoInputOperator,
    private readonly stream: Stream,
    private readonly branch: Stream,
    private readonly feeder: Feeder,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async pull(): Promise<boolean> {
    const more = await this.stream.pull();
    if (this.signal?.aborted) return false;
    await this.goOn();
    return more;
  }

  /** The stream is itself given its records. */
  async settle(): Promise<void> {
    await this.stream.settle!();
    await this.goOn();
  }

  get isIdle(): boolean {
    return this.stream.isIdle === true;
  }

  get isBusy(): boolean {
    return this.isFeeding || this.stream.isBusy === true;
  }

  private async goOn(): Promise<void> {
    this.isFeeding = true;
    await this.feedAll();
    this.isFeeding = false;
  }

  private async feedAll(): Promise<void> {
    while (this.operator.pending > 0) {
      this.feeder.feed();
      await this.branch.settle!();
      this.operator.takeRecord(Number.POSITIVE_INFINITY);
      this.feeder.step();
      await this.branch.settle!();
      this.operator.takeBranch();
    }
    if (!this.operator.hasLeftEnded || this.isTold) return;
    this.isTold = true;
    this.feeder.end();
    await this.branch.settle!();
    this.operator.advance();
  }

  save(): unknown {
    return { isTold: this.isTold, stream: this.stream.save(), branch: this.branch.save(), pending: this.operator.savePending() };
  }

  async load(saved: unknown): Promise<void> {
    const { isTold, stream, branch, pending } = saved as { isTold: boolean; stream: unknown; branch: unknown; pending: unknown };
    this.isTold = isTold;
    await this.stream.load(stream);
    await this.branch.load(branch);
    this.operator.loadPending(pending);
  }
}

/** Records come from a feeder, which pushes them to `chain`. */
export class FedStream implements Stream, Receiver {
  private hasEnded = false;

  constructor(private readonly chain: Receiver) {}

  push(batch: Batch): void {
    this.chain.push(batch);
  }

  end(): void {
    this.hasEnded = true;
    this.chain.end();
  }

  pull(): Promise<boolean> {
    return Promise.resolve(!this.hasEnded);
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  save(): unknown {
    return undefined;
  }

  load(): void {}
}
