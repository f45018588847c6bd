// in: the timers that user code sets for the key at hand
// out: those that the watermark, or the clock, reaches, by (time, key)

import type { TimeDomain } from '../../model/user.ts';
import { type KeyedTimer, KeyedTimers } from '../../state/keyed-timers.ts';
import { text } from './failure.ts';
import type { KeyState } from './key-state.ts';

/** So many timers, each set by the one before it after input has ended, are one that sets itself for ever. */
const ENDLESS = 100_000;

/** The timers of one domain. */
export class KeyTimers {
  private readonly queue = new KeyedTimers<KeyState>();
  /** the key that timers are set for */
  current: KeyState | undefined;
  /** of the timer that fires in the drain; 0: none does */
  private generation = 0;

  constructor(
    private readonly domain: TimeDomain,
    private readonly hasHandler: boolean,
  ) {}

  /** The earliest time that one waits for; Infinity: there is none. */
  get next(): number {
    return this.queue.next;
  }

  /** The key of the first; there must be one. */
  get nextKey(): string {
    return this.queue.nextKey;
  }

  readonly at = (time: number): void => {
    if (!this.hasHandler) throw new TypeError('the module has no onTimer that a timer could call');
    const owner = this.keyed(time);
    if (!owner[this.domain]?.has(time)) this.set(owner, time, this.generation);
  };

  readonly delete = (time: number): void => {
    const owner = this.keyed(time);
    const timer = owner[this.domain]?.get(time);
    if (!timer) return;
    this.forget(timer);
    this.queue.delete(timer);
  };

  /** Sets a timer that is not set. */
  set(owner: KeyState, time: number, generation = 0): void {
    (owner[this.domain] ??= new Map()).set(time, this.queue.add(time, owner.text, owner, generation));
  }

  /** Takes out the first timer. */
  take(until: number): KeyedTimer<KeyState> {
    const timer = this.queue.take();
    this.forget(timer);
    this.generation = until === Number.POSITIVE_INFINITY ? timer.generation + 1 : 0;
    return timer;
  }

  /** Forgets all. */
  clear(): void {
    this.queue.clear();
  }

  /** Those that could be taken have been. */
  tookAll(): void {
    this.generation = 0;
  }

  /** Whether timers are being set without end. */
  get isEndless(): boolean {
    return this.generation > ENDLESS;
  }

  private keyed(time: number): KeyState {
    if (typeof time !== 'number' || !Number.isFinite(time)) {
      const help = this.domain === 'event' && Number.isNaN(time) ? ': have the records an event time (--time)?' : '';
      throw new TypeError(`a timer's time is a number in ms, not ${text(time)}${help}`);
    }
    if (!this.current) throw new TypeError('a timer belongs to a key, and there is none here');
    return this.current;
  }

  private forget({ owner, time }: KeyedTimer<KeyState>): void {
    const timers = owner[this.domain]!;
    timers.delete(time);
    if (timers.size === 0) owner[this.domain] = undefined;
  }
}
