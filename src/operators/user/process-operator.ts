// in: records, and a module of the user's
// out: what the module emits, record by record and timer by timer

import type { Batch } from '../../model/batch.ts';
import { orderText } from '../../model/order.ts';
import type { OperatorContext } from '../../model/stage.ts';
import type { Evictable, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import type { Process } from '../../model/user.ts';
import type { Keys } from '../groups/keys.ts';
import { TimedOperator } from '../windows/timed-operator.ts';
import { Caller } from './caller.ts';
import type { Emissions, SideOutputs } from './emissions.ts';
import { type ModuleName, givenRecord } from './failure.ts';
import { firstTimer, KeyStates } from './key-states.ts';
import { KeyTimers } from './key-timers.ts';
import { ProcessCall } from './process-context.ts';
import type { UserRecords } from './records.ts';
import { type Slots, StateTable } from './state-table.ts';

/** What the operator works with, made by the stage's plan. */
export interface ProcessParts {
  readonly name: ModuleName;
  readonly module: Process;
  readonly isTimed: boolean;
  readonly keys: Keys;
  readonly records: UserRecords;
  readonly main: Emissions;
  readonly sides: SideOutputs;
}

/**
 * Flink's KeyedProcessFunction. A record is taken when all timers have fired that the watermark before it reaches; what it emits has its event
 * time, what a timer emits has the timer's. As in Flink, a timer that is set for a time which has passed fires at the watermark's next step.
 */
export class ProcessOperator extends TimedOperator implements Evictable {
  readonly evictable = this;
  readonly keys: Keys;
  private readonly caller: Caller;
  private readonly timers: KeyTimers;
  private readonly states: KeyStates;
  private readonly shared: StateTable;
  private readonly sharedSlots: Slots = { slots: [], sweepAt: Number.NEGATIVE_INFINITY };
  private readonly ctx: ProcessCall;
  /** the time that lives of states are measured against, where records have times */
  private now = Number.NEGATIVE_INFINITY;
  /** latest event time of a record */
  private latest = Number.NEGATIVE_INFINITY;
  private isClosed = false;

  constructor(
    context: OperatorContext,
    private readonly parts: ProcessParts,
  ) {
    super(context);
    this.keys = parts.keys;
    const { name, module, main, sides } = parts;
    this.caller = new Caller(name, () => this.settle());
    this.timers = new KeyTimers(module.onTimer !== undefined);
    const clock = parts.isTimed ? { now: () => this.now, writeTime: () => this.ctx.time ?? this.now } : { now: Date.now, writeTime: Date.now };
    this.states = new KeyStates(clock, this.timers);
    this.shared = new StateTable(clock, () => {});
    this.shared.current = this.sharedSlots;
    this.shared.isReadOnly = true;
    this.ctx = new ProcessCall(this.caller, main, sides, this.timers, this.states.table, this.shared);
    this.caller.run('open', () => module.open?.(this.ctx), 'in open, before the first record');
  }

  protected take(batch: Batch): void {
    const { keys, records } = this.parts;
    keys.encode(batch);
    records.prepare(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      this.timeline.to(batch, row);
      this.takeRow(batch, row, keys.text(row));
    }
    this.states.sweep();
  }

  private takeRow(batch: Batch, row: number, key: string): void {
    const { records, module, main, sides, isTimed } = this.parts;
    const [time, watermark] = [batch.time[row]!, batch.watermark[row]!];
    if (time > this.latest) this.latest = time;
    this.enter(key, isTimed ? time : undefined, watermark, watermark);
    this.caller.begin();
    try {
      this.caller.done('onRecord', module.onRecord(records.object(batch, row), this.ctx));
    } catch (error) {
      throw this.caller.failure(error, givenRecord(batch, row, records.text(batch, row)));
    }
    this.leave();
    main.release(isTimed ? time : Number.NaN, watermark);
    sides.release();
  }

  private enter(key: string, time: number | undefined, watermark: number, now: number): void {
    this.ctx.current = this.states.enter(key);
    this.ctx.time = time;
    this.ctx.watermark = watermark;
    this.now = now;
  }

  private leave(): void {
    this.states.leave(this.ctx.current!);
    this.ctx.current = undefined;
  }

  /** A record of the broadcast input. */
  takeBroadcast(batch: Batch, row: number, right: UserRecords): void {
    const { module, main, sides, isTimed } = this.parts;
    this.ctx.time = isTimed ? batch.time[row]! : undefined;
    this.ctx.watermark = this.now = batch.watermark[row]!;
    this.shared.isReadOnly = false;
    this.caller.begin();
    try {
      this.caller.done('onBroadcast', module.onBroadcast?.(right.object(batch, row), this.ctx));
    } catch (error) {
      throw this.caller.failure(error, givenRecord(batch, row, right.text(batch, row)));
    }
    this.shared.isReadOnly = true;
    main.release(this.ctx.time ?? Number.NaN, this.ctx.watermark);
    sides.release();
  }

  /** A timer that is overdue waits for the watermark's next step; steps are whole ms. */
  nextTimer(): number {
    const { next } = this.timers.queue;
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
    this.states.clear();
  }

  fire(watermark: number, before: number, until: number): void {
    this.context.cause.order = '';
    while (this.timers.queue.next <= until && this.timers.queue.next < Number.POSITIVE_INFINITY) this.fireFirst(watermark, before);
    this.timers.generation = 0;
  }

  private fireFirst(watermark: number, before: number): void {
    const { module, main, sides } = this.parts;
    const { time, key } = this.timers.take(watermark);
    if (this.context.cause.isOrdered) this.raiseOrder(orderText(time) + key);
    // On its way the watermark passes the timer's time, and that is what lives are measured against.
    this.enter(key, time, watermark, Math.max(before, time));
    this.caller.begin();
    try {
      if (this.timers.isEndless) throw new Error('timers set each other without end: set none where ctx.watermark is Infinity, since the input has ended then');
      this.caller.done('onTimer', module.onTimer!(time, this.ctx));
    } catch (error) {
      throw this.caller.failure(error, { text: `in onTimer of key ${JSON.stringify(this.ctx.key)} at ${time}` });
    }
    this.leave();
    main.release(time, before);
    sides.release();
  }

  /** A timer that another one of this step has set comes behind that one, whatever its time is; it was the first of all then, so it comes before those of other keys. */
  private raiseOrder(order: string): void {
    const { cause } = this.context;
    if (order > cause.order) cause.order = order;
  }

  /** In the drain the module is closed when all timers have fired. */
  protected passOn(after: number): void {
    this.context.cause.order = '';
    if (after === Number.POSITIVE_INFINITY) this.close();
    this.parts.main.flush(after);
    this.parts.sides.flush();
  }

  private close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const { module, main, sides, isTimed } = this.parts;
    this.ctx.time = undefined;
    this.ctx.watermark = this.timeline.now;
    this.caller.run('close', () => module.close?.(this.ctx), 'in close, when the input had ended');
    main.release(isTimed && this.latest > Number.NEGATIVE_INFINITY ? this.latest : Number.NaN, Number.NEGATIVE_INFINITY);
    sides.release();
  }

  /** An error follows: what came before it is passed on. */
  private settle(): void {
    const { main, sides, isTimed } = this.parts;
    main.release(isTimed ? (this.ctx.time ?? Number.NaN) : Number.NaN, Number.NEGATIVE_INFINITY);
    main.settle();
    sides.release();
    sides.flush();
  }

  override end(): void {
    if (!this.isClosed) {
      this.close();
      this.parts.main.settle();
      this.parts.sides.flush();
    }
    this.context.out.end();
  }

  override save(to: StateWriter): void {
    super.save(to);
    this.states.save(to);
    to.whole('broadcast', this.shared.save(this.sharedSlots));
  }

  override load(from: StateReader): void {
    super.load(from);
    this.states.load(from);
    this.shared.load(this.sharedSlots, (from.whole('broadcast') ?? []) as Parameters<StateTable['load']>[1]);
  }
}
