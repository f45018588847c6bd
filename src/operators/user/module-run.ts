// in: the calls of a module's functions, each with what it is about
// out: what the module emits; its states and timers, kept

import type { GivenToCode } from '../../model/errors.ts';
import type { HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import type { AnyRecord, TimeDomain } from '../../model/user.ts';
import type { KeyedTimer } from '../../state/keyed-timers.ts';
import { heldList, sumHeld } from '../../state/held.ts';
import { Caller } from './caller.ts';
import type { KeyState } from './key-state.ts';
import { KeyStates } from './key-states.ts';
import { KeyTimers } from './key-timers.ts';
import type { ModuleParts } from './module-parts.ts';
import { ProcessCall } from './process-context.ts';
import { type Slots, StateTable } from './state-table.ts';

/** So many timers at most fire at one look at the clock: then records have their turn. */
const AT_ONCE = 10_000;

/** A module at work, whoever brings it its records. */
export class ModuleRun {
  private readonly caller: Caller;
  private readonly timers: { readonly event: KeyTimers; readonly processing: KeyTimers };
  private readonly states: KeyStates;
  private readonly shared: StateTable;
  private readonly sharedSlots: Slots = { slots: [], sweepAt: Number.NEGATIVE_INFINITY };
  private readonly ctx: ProcessCall;
  /** the time that lives of states are measured against, where records have times */
  private now = Number.NEGATIVE_INFINITY;
  /** latest event time of a record */
  private latest = Number.NEGATIVE_INFINITY;
  isClosed = false;

  constructor(private readonly parts: ModuleParts) {
    const { name, module, main, sides, isTimed } = parts;
    const { now } = parts.clock;
    this.caller = new Caller(name, () => this.settle());
    const hasHandler = module.onTimer !== undefined;
    this.timers = { event: new KeyTimers('event', hasHandler), processing: new KeyTimers('processing', hasHandler) };
    const clock = isTimed ? { now: () => this.now, writeTime: () => this.ctx.time ?? this.now } : { now, writeTime: now };
    this.states = new KeyStates(clock, this.timers);
    this.shared = new StateTable(clock, () => {});
    this.shared.current = this.sharedSlots;
    this.shared.isReadOnly = true;
    this.ctx = new ProcessCall(this.caller, main, sides, this.timers, now, this.states.table, this.shared);
    this.caller.run('open', () => module.open?.(this.ctx), 'in open, before the first record');
  }

  /** A record of a key. `watermark`: the one before it. `given` says which it was, for an error. Throws ModuleError. */
  take(key: string, record: AnyRecord, time: number, watermark: number, given: () => GivenToCode): void {
    const { module, main, sides, isTimed } = this.parts;
    if (time > this.latest) this.latest = time;
    this.enter(key, isTimed ? time : undefined, watermark, watermark);
    this.caller.begin();
    try {
      this.caller.done('onRecord', module.onRecord(record, this.ctx));
    } catch (error) {
      throw this.caller.failure(error, given());
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

  /** A record of the other input; NaN: it has no event time. Throws ModuleError. */
  takeBroadcast(record: AnyRecord, time: number, watermark: number, given: () => GivenToCode): void {
    const { module, main, sides, isTimed } = this.parts;
    this.ctx.time = Number.isNaN(time) ? undefined : time;
    this.ctx.watermark = this.now = watermark;
    this.shared.isReadOnly = false;
    this.caller.begin();
    try {
      this.caller.done('onBroadcast', module.onBroadcast?.(record, this.ctx));
      if (isTimed && Number.isNaN(time) && main.hasSome) throw new TypeError('what onBroadcast emits would have no event time, since the records of --broadcast have none');
    } catch (error) {
      throw this.caller.failure(error, given());
    }
    this.shared.isReadOnly = true;
    main.release(isTimed ? time : Number.NaN, watermark);
    sides.release();
  }

  /** The earliest event time that a timer waits for; Infinity: none is set. */
  get nextTimer(): number {
    return this.timers.event.next;
  }

  /** The watermark steps from `before` to `watermark`: calls onTimer for all timers up to `until` (see TimerOwner). `meet` is told of each before. Throws ModuleError. */
  fire(watermark: number, until: number, before: number, meet: (time: number, key: string) => void): void {
    const { event } = this.timers;
    while (event.next <= until && event.next < Number.POSITIVE_INFINITY) {
      const timer = this.states.takeTimer('event', watermark);
      meet(timer.time, timer.key);
      // On its way the watermark passes the timer's time, and that is what lives are measured against.
      this.enter(timer.key, timer.time, watermark, Math.max(before, timer.time));
      this.call('event', timer, timer.time, before);
    }
    event.tookAll();
  }

  /** Calls onTimer for timers that the clock has reached. `watermark` stands. `need` brings a key into memory. Throws ModuleError. */
  ring(watermark: number, need: (key: string) => void): void {
    const { processing } = this.timers;
    const { asleep } = this.states;
    const until = this.parts.clock.now();
    for (let n = 0; n < AT_ONCE && this.nextAlarm <= until; n++) {
      if (asleep.isBefore(processing.next, () => processing.nextKey)) {
        need(asleep.take());
        continue;
      }
      const timer = this.states.takeTimer('processing', until);
      const time = this.lastTime;
      this.enter(timer.key, Number.isNaN(time) ? undefined : time, watermark, watermark);
      this.call('processing', timer, time, watermark);
    }
  }

  /** Has `work` called when the clock reaches the next timer. */
  arm(work: () => void): void {
    this.parts.clock.alarm(this.nextAlarm, work);
  }

  /** When the clock is to call the first key, wherever that is; Infinity: never. */
  private get nextAlarm(): number {
    return Math.min(this.timers.processing.next, this.states.asleep.next);
  }

  /** A key's entry is on disk, and not in memory; `work` is to be done when the clock reaches its first timer. */
  went(key: string, saved: StateValue, work: () => void): void {
    const before = this.nextAlarm;
    this.states.went(key, saved);
    if (this.nextAlarm < before) this.arm(work);
  }

  /** @param eventTime of what is emitted; NaN: none */
  private call(domain: TimeDomain, { time }: KeyedTimer<KeyState>, eventTime: number, before: number): void {
    const { module, main, sides } = this.parts;
    this.ctx.timeDomain = domain;
    this.caller.begin();
    try {
      if (this.timers.event.isEndless) throw new Error('timers set each other without end: set none where ctx.watermark is Infinity, since the input has ended then');
      this.caller.done('onTimer', module.onTimer!(time, this.ctx));
    } catch (error) {
      throw this.caller.failure(error, { text: `in onTimer of key ${JSON.stringify(this.ctx.key)} at ${time}` });
    }
    this.ctx.timeDomain = undefined;
    this.leave();
    main.release(eventTime, before);
    sides.release();
  }

  /** The latest event time of a record; NaN: there is none. */
  private get lastTime(): number {
    return this.parts.isTimed && this.latest > Number.NEGATIVE_INFINITY ? this.latest : Number.NaN;
  }

  /** States whose time is over take no memory any more. */
  sweep(): void {
    this.states.sweep();
  }

  /** Input has ended and all timers have fired; `watermark` stands. Once is enough. Throws ModuleError. */
  close(watermark: number): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const { name, module, main, sides, warn } = this.parts;
    if (this.nextAlarm < Number.POSITIVE_INFINITY) warn(`${name.stage}: timers of processing time were left when input ended: those never fire`);
    this.arm(() => {});
    this.ctx.time = undefined;
    this.ctx.watermark = watermark;
    this.caller.run('close', () => module.close?.(this.ctx), 'in close, when the input had ended');
    main.release(this.lastTime, Number.NEGATIVE_INFINITY);
    sides.release();
  }

  /** Passes on what has been emitted; the watermark behind it is `after`. */
  passOn(after: number): void {
    this.parts.main.flush(after);
    this.parts.sides.flush();
  }

  /** An error follows: what came before it is passed on. */
  private settle(): void {
    const { main, sides, isTimed } = this.parts;
    main.release(isTimed ? (this.ctx.time ?? Number.NaN) : Number.NaN, Number.NEGATIVE_INFINITY);
    sides.release();
    this.settleOutputs();
  }

  /** Passes on what has been emitted, where the watermark is not to step. */
  settleOutputs(): void {
    this.parts.main.settle();
    this.parts.sides.flush();
  }

  /** Forgets what is kept of keys. */
  clear(): void {
    this.states.clear();
  }

  held(): HeldState {
    return sumHeld([this.states.held(), heldList(this.sharedSlots.slots, this.sharedSlots.slots.length)]);
  }

  save(to: StateWriter): void {
    this.states.save(to);
    to.whole('broadcast', this.shared.save(this.sharedSlots));
    // Subtasks differ in this; a module that closes, or looks at the clock, has only one.
    if (this.parts.isAlone) to.whole('latest', this.latest);
  }

  load(from: StateReader): void {
    this.states.load(from);
    this.latest = (from.whole('latest') as number | undefined) ?? this.latest;
    this.shared.load(this.sharedSlots, (from.whole('broadcast') ?? []) as Parameters<StateTable['load']>[1]);
  }
}
