// in: names that user code gives its states
// out: a handle for each, good for whatever key is at hand

import { parseDuration } from '../../model/duration.ts';
import type { ListState, MapKey, MapState, StateOptions, States, ValueState } from '../../model/user.ts';
import type { SlotOwner, StateHandle } from './state-handle.ts';
import { ListHandle, MapHandle, ValueHandle } from './state-handles.ts';

const KINDS = { value: ValueHandle, list: ListHandle, map: MapHandle } as const;
type Kind = keyof typeof KINDS;

/** What is kept of one key: a slot by state, in the order in which states were first asked for. */
export interface Slots {
  readonly slots: unknown[];
  /** when something in it is over; Infinity: never, or it is not known */
  sweepAt: number;
}

/** One state of one key as it is saved: name, kind, time to live, content. */
export type SavedState = readonly [name: string, kind: Kind, ttl: number | null, content: unknown];

/** What time it is for things that live for a while. */
export interface StateClock {
  now(): number;
  writeTime(): number;
}

export class StateTable implements States, SlotOwner {
  private readonly states: { kind: Kind; handle: StateHandle }[] = [];
  private readonly byName = new Map<string, { kind: Kind; handle: StateHandle }>();
  /** of the key at hand */
  current: Slots | undefined;
  isReadOnly = false;

  /** @param onExpiry called where something of `slots` is over at a time before `slots.sweepAt` */
  constructor(
    private readonly clock: StateClock,
    private readonly onExpiry: (slots: Slots, time: number) => void,
  ) {}

  value<T>(name: string, options?: StateOptions): ValueState<T> {
    return this.handle('value', name, options) as unknown as ValueState<T>;
  }

  list<T>(name: string, options?: StateOptions): ListState<T> {
    return this.handle('list', name, options) as unknown as ListState<T>;
  }

  map<K extends MapKey, T>(name: string, options?: StateOptions): MapState<K, T> {
    return this.handle('map', name, options) as unknown as MapState<K, T>;
  }

  private handle(kind: Kind, name: string, options: StateOptions | undefined): StateHandle {
    const known = this.byName.get(name);
    if (!known) return this.define(kind, name, options?.ttl === undefined ? undefined : milliseconds(name, options.ttl));
    if (known.kind !== kind) throw new TypeError(`state '${name}' is a ${known.kind}, not a ${kind}`);
    if (options?.ttl !== undefined && milliseconds(name, options.ttl) !== known.handle.ttl) {
      throw new TypeError(`state '${name}' has ${known.handle.ttl === undefined ? 'no ttl' : `a ttl of ${known.handle.ttl} ms`}: it cannot have another`);
    }
    return known.handle;
  }

  private define(kind: Kind, name: string, ttl: number | undefined): StateHandle {
    if (typeof name !== 'string') throw new TypeError(`a state is called by a string, not ${name === null ? 'null' : typeof name}`);
    const handle = new KINDS[kind](this, name, this.states.length, ttl);
    this.states.push({ kind, handle });
    this.byName.set(name, { kind, handle });
    return handle;
  }

  slots(state: string): unknown[] {
    if (!this.current) throw new TypeError(`state '${state}' belongs to a key, and there is none here`);
    return this.current.slots;
  }

  writableSlots(state: string): unknown[] {
    if (this.isReadOnly) throw new TypeError(`broadcast state '${state}' can only be written in onBroadcast`);
    return this.slots(state);
  }

  now(): number {
    return this.clock.now();
  }

  writeTime(): number {
    return this.clock.writeTime();
  }

  expires(time: number): void {
    if (this.current && time < this.current.sweepAt) this.onExpiry(this.current, time);
  }

  /** Takes out what is over. Returns when the next part is over; Infinity: never. */
  sweep({ slots }: Slots, now: number): number {
    return this.states.reduce((least, { handle }) => Math.min(least, handle.sweep(slots, now)), Number.POSITIVE_INFINITY);
  }

  isEmpty({ slots }: Slots): boolean {
    for (let i = 0; i < slots.length; i++) if (slots[i] !== undefined) return false;
    return true;
  }

  /** Plain data: a copy. */
  save(of: Slots): SavedState[] {
    return this.saved(of, (handle, slot) => handle.save(slot));
  }

  /** The same, where it is read at once. */
  show(of: Slots): SavedState[] {
    return this.saved(of, (handle, slot) => handle.show(slot));
  }

  private saved({ slots }: Slots, plain: (handle: StateHandle, slot: unknown) => unknown): SavedState[] {
    const saved: SavedState[] = [];
    this.states.forEach(({ kind, handle }, i) => {
      if (slots[i] !== undefined) saved.push([handle.name, kind, handle.ttl ?? null, plain(handle, slots[i])]);
    });
    return saved;
  }

  load({ slots }: Slots, saved: readonly SavedState[]): void {
    for (const [name, kind, ttl, content] of saved) {
      const handle = this.handle(kind, name, ttl === null ? undefined : { ttl });
      slots[this.states.findIndex((s) => s.handle === handle)] = handle.load(content);
    }
  }
}

function milliseconds(state: string, ttl: string | number): number {
  const ms = typeof ttl === 'string' ? durationOf(ttl) : ttl;
  if (ms > 0 && Number.isFinite(ms)) return ms;
  throw new TypeError(`the ttl of state '${state}' is a DUR such as '1h30m', or ms above 0, not ${JSON.stringify(ttl)}`);
}

/** NaN where it is none: the caller knows whose it is. */
function durationOf(text: string): number {
  try {
    return parseDuration(text).ms;
  } catch {
    return Number.NaN;
  }
}
