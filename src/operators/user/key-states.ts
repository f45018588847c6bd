// in: keys
// out: what is kept of each, forgotten when nothing is left of it

import type { HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import type { TimeDomain } from '../../model/user.ts';
import { KeyedState } from '../../state/keyed-state.ts';
import type { KeyedTimer } from '../../state/keyed-timers.ts';
import { TimerQueue } from '../../state/timers.ts';
import { KeyState } from './key-state.ts';
import type { KeyTimers } from './key-timers.ts';
import { SleepingKeys } from './sleeping-keys.ts';
import { type SavedState, type StateClock, StateTable } from './state-table.ts';

/** A timer's time; of one that timers of the drain led to, how many of them did. */
type SavedTimer = number | readonly [time: number, generation: number];

interface SavedKey {
  readonly states: readonly SavedState[];
  readonly timers: readonly SavedTimer[];
  /** in processing time */
  readonly alarms: readonly number[];
}

const timeOf = (timer: SavedTimer) => (typeof timer === 'number' ? timer : timer[0]);

/** The time of a saved key's first timer; Infinity: it has none. */
export const firstTimer = (saved: StateValue): number => (saved as SavedKey).timers.reduce<number>((least, timer) => Math.min(least, timeOf(timer)), Number.POSITIVE_INFINITY);

/** When the clock is to call a saved key first; Infinity: never. */
const firstAlarm = (saved: StateValue): number => (saved as SavedKey).alarms.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);

/** The timers of all keys, by what they wait for. */
export type DomainTimers = Readonly<Record<TimeDomain, KeyTimers>>;

/** Keys by their bytes, with their states and timers. */
export class KeyStates {
  private readonly keys = new KeyedState<KeyState>('keys', {
    save: (state) => this.saved(state, this.table.save(state)),
    show: (state) => this.saved(state, this.table.show(state)),
    load: (saved, text) => this.loaded(text, saved as SavedKey),
  });
  readonly table: StateTable;
  /** keys that are not in memory */
  readonly asleep = new SleepingKeys();
  /** keys with something that is over at a time */
  private readonly sweeps = new TimerQueue<KeyState>();

  constructor(
    private readonly clock: StateClock,
    private readonly timers: DomainTimers,
  ) {
    this.table = new StateTable(clock, (slots, time) => this.expect(slots as KeyState, time));
  }

  /** Makes this key the one at hand. */
  enter(text: string): KeyState {
    let state = this.keys.get(text);
    if (!state) this.keys.set(text, (state = new KeyState(text)));
    this.table.current = state;
    this.timers.event.current = this.timers.processing.current = state;
    return state;
  }

  /** Takes out the first timer; there must be one. */
  takeTimer(domain: TimeDomain, until: number): KeyedTimer<KeyState> {
    const timers = this.timers[domain];
    this.keys.touch(timers.nextKey);
    return timers.take(until);
  }

  /** No key is at hand any more; the one that was is forgotten if nothing is left of it. */
  leave(state: KeyState): void {
    this.table.current = undefined;
    this.timers.event.current = this.timers.processing.current = undefined;
    this.forgetEmpty(state);
  }

  private forgetEmpty(state: KeyState): void {
    if (!state.event && !state.processing && this.table.isEmpty(state)) this.keys.delete(state.text);
  }

  private expect(state: KeyState, time: number): void {
    state.sweepAt = time;
    this.sweeps.add(time, state);
  }

  /** Takes out what is over. It could not be seen any more; now it takes no memory either. */
  sweep(): void {
    const now = this.clock.now();
    while (this.sweeps.size > 0 && this.sweeps.next <= now) {
      const state = this.sweeps.take();
      if (state.sweepAt > now || this.keys.get(state.text) !== state) continue;
      state.sweepAt = Number.POSITIVE_INFINITY;
      const next = this.table.sweep(state, now);
      if (next < Number.POSITIVE_INFINITY) this.expect(state, next);
      this.forgetEmpty(state);
    }
  }

  held(): HeldState {
    return this.keys.held();
  }

  /** Forgets all keys. */
  clear(): void {
    this.keys.clear();
    this.sweeps.clear();
    this.timers.event.clear();
    this.timers.processing.clear();
  }

  save(to: StateWriter): void {
    this.keys.save(to);
  }

  private saved({ event, processing }: KeyState, states: readonly SavedState[]): SavedKey {
    const timers = event ? Array.from(event.values(), ({ time, generation }) => (generation === 0 ? time : ([time, generation] as const))) : [];
    return { states, timers, alarms: processing ? [...processing.keys()] : [] };
  }

  load(from: StateReader): void {
    this.keys.load(from);
  }

  /** A key's entry is on disk, and not in memory. */
  went(key: string, saved: StateValue): void {
    const time = firstAlarm(saved);
    if (time < Number.POSITIVE_INFINITY) this.asleep.put(key, time);
    else this.asleep.remove(key);
  }

  private loaded(text: string, { states, timers, alarms }: SavedKey): KeyState {
    this.asleep.remove(text);
    const state = new KeyState(text);
    this.table.load(state, states);
    for (const timer of timers) this.timers.event.set(state, timeOf(timer), typeof timer === 'number' ? 0 : timer[1]);
    for (const time of alarms) this.timers.processing.set(state, time);
    this.expect(state, Number.NEGATIVE_INFINITY);
    return state;
  }
}
