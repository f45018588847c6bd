// in: records, and a module of the user's
// out: what the module emits, record by record and timer by timer

import type { Batch } from '../../model/batch.ts';
import { orderText } from '../../model/order.ts';
import type { OperatorContext } from '../../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import type { Keys } from '../groups/keys.ts';
import { TimedOperator } from '../windows/timed-operator.ts';
import { givenRecord } from './failure.ts';
import { firstTimer } from './key-states.ts';
import type { ModuleParts } from './module-parts.ts';
import { ModuleRun } from './module-run.ts';
import type { UserRecords } from './records.ts';

/**
 * Flink's KeyedProcessFunction. A record is taken when all timers have fired that the watermark before it reaches; what it emits has its event
 * time, what a timer emits has the timer's. As in Flink, a timer that is set for a time which has passed fires at the watermark's next step.
 */
export class ProcessOperator extends TimedOperator implements Evictable {
  readonly evictable = this;
  private readonly run: ModuleRun;

  constructor(
    context: OperatorContext,
    parts: ModuleParts,
    readonly keys: Keys,
    private readonly records: UserRecords,
  ) {
    super(context);
    this.run = new ModuleRun(parts);
  }

  protected take(batch: Batch): void {
    const { keys, records } = this;
    keys.encode(batch);
    records.prepare(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      this.timeline.to(batch, row);
      const given = () => givenRecord(batch, row, records.text(batch, row));
      this.run.take(keys.text(row), records.object(batch, row), batch.time[row]!, batch.watermark[row]!, given);
    }
    this.run.sweep();
  }

  /** A timer that is overdue waits for the watermark's next step; steps are whole ms. */
  nextTimer(): number {
    const next = this.run.nextTimer;
    return next === Number.POSITIVE_INFINITY ? next : this.dueOf(next);
  }

  private dueOf(time: number): number {
    return Math.max(time, this.timeline.now + 1);
  }

  due(_: string, saved: StateValue): string | undefined {
    const first = firstTimer(saved);
    return first === Number.POSITIVE_INFINITY ? undefined : orderText(this.dueOf(first), first);
  }

  evict(): void {
    this.run.clear();
  }

  went(_: string, key: string, saved: StateValue): void {
    this.run.went(key, saved, this.ring);
  }

  fire(watermark: number, before: number, until: number): void {
    this.context.cause.order = '';
    this.run.fire(watermark, until, before, this.raiseOrder);
  }

  /** A timer that another one of this step has set comes behind that one, whatever its time is; it was the first of all then, so it comes before those of other keys. */
  private readonly raiseOrder = (time: number, key: string): void => {
    const { cause } = this.context;
    if (!cause.isOrdered) return;
    const order = orderText(time) + key;
    if (order > cause.order) cause.order = order;
  };

  /** In the drain the module is closed when all timers have fired. */
  protected passOn(after: number): void {
    this.context.cause.order = '';
    if (after === Number.POSITIVE_INFINITY) this.run.close(after);
    this.run.passOn(after);
    if (!this.run.isClosed) this.run.arm(this.ring);
  }

  /** Between two batches. */
  private readonly ring = (): void => {
    const { evicted } = this.context;
    this.run.ring(this.timeline.now, (key) => evicted.need(key, () => []));
    this.passOn(this.timeline.now);
  };

  override end(): void {
    if (!this.run.isClosed) {
      this.run.close(this.timeline.now);
      this.run.settleOutputs();
    }
    this.context.out.end();
  }

  held(): HeldState {
    return this.run.held();
  }

  override save(to: StateWriter): void {
    super.save(to);
    this.run.save(to);
  }

  override load(from: StateReader): void {
    super.load(from);
    this.run.load(from);
    this.run.arm(this.ring);
  }
}
