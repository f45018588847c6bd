// in: the timers that user code sets for the key at hand
// out: those that the watermark reaches, by (time, key)

import type { Timers } from '../../model/user.ts';
import { type KeyedTimer, KeyedTimers } from '../../state/keyed-timers.ts';
import { text } from './failure.ts';
import type { KeyState } from './key-state.ts';

/** So many timers, each set by the one before it after input has ended, are one that sets itself for ever. */
const ENDLESS = 100_000;

export class KeyTimers implements Timers {
  readonly queue = new KeyedTimers<KeyState>();
  /** the key that timers are set for */
  current: KeyState | undefined;
  /** of the timer that fires in the drain; 0: none does */
  generation = 0;

  constructor(private readonly hasHandler: boolean) {}

  readonly at = (time: number): void => {
    if (!this.hasHandler) throw new TypeError('the module has no onTimer that a timer could call');
    const owner = this.keyed(time);
    if (!owner.timers?.has(time)) this.set(owner, time, this.generation);
  };

  readonly delete = (time: number): void => {
    const owner = this.keyed(time);
    const timer = owner.timers?.get(time);
    if (!timer) return;
    forget(timer);
    this.queue.delete(timer);
  };

  /** Sets a timer that is not set. */
  set(owner: KeyState, time: number, generation = 0): void {
    (owner.timers ??= new Map()).set(time, this.queue.add(time, owner.text, owner, generation));
  }

  /** Takes out the first timer. Throws where timers set each other without end. */
  take(watermark: number): KeyedTimer<KeyState> {
    const timer = this.queue.take();
    forget(timer);
    this.generation = watermark === Number.POSITIVE_INFINITY ? timer.generation + 1 : 0;
    return timer;
  }

  /** Whether timers are being set without end. */
  get isEndless(): boolean {
    return this.generation > ENDLESS;
  }

  private keyed(time: number): KeyState {
    if (typeof time !== 'number' || !Number.isFinite(time)) throw new TypeError(`a timer's time is a number in ms, not ${text(time)}${Number.isNaN(time) ? ': have the records an event time (--time)?' : ''}`);
    if (!this.current) throw new TypeError('a timer belongs to a key, and there is none here');
    return this.current;
  }
}

function forget({ owner, time }: KeyedTimer<KeyState>): void {
  owner.timers!.delete(time);
  if (owner.timers!.size === 0) owner.timers = undefined;
}
