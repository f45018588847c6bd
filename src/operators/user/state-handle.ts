// in: the slots of the key at hand
// out: what all kinds of state have in common: parts that are forgotten when their time is over

import { checkStorable, clone } from './storable.ts';

/** What handles need of the table that they stand in. */
export interface SlotOwner {
  /** The slots of the key at hand. Throws TypeError where there is none. */
  slots(state: string): unknown[];
  /** The same, to be changed. */
  writableSlots(state: string): unknown[];
  /** the time that lives are measured against */
  now(): number;
  /** the time of what is written now */
  writeTime(): number;
  /** Something of the key at hand is over at `time`. */
  expires(time: number): void;
}

/** Something written, where the state has a time to live. */
interface Cell {
  readonly value: unknown;
  readonly at: number;
}

/** One state by name. Without a time to live its parts are the values themselves; with one, cells. */
export abstract class StateHandle {
  constructor(
    protected readonly owner: SlotOwner,
    readonly name: string,
    protected readonly index: number,
    /** ms; undefined: for ever */
    readonly ttl: number | undefined,
  ) {}

  clear(): void {
    this.owner.writableSlots(this.name)[this.index] = undefined;
  }

  protected slot(): unknown {
    return this.owner.slots(this.name)[this.index];
  }

  protected pack(value: unknown): unknown {
    checkStorable(this.name, value);
    if (this.ttl === undefined) return value;
    const at = this.owner.writeTime();
    this.owner.expires(at + this.ttl);
    return { value, at } satisfies Cell;
  }

  protected unpack(part: unknown): unknown {
    return this.ttl === undefined ? part : (part as Cell).value;
  }

  protected isAlive(part: unknown): boolean {
    return this.ttl === undefined || this.end(part) > this.owner.now();
  }

  /** When a part is over. */
  protected end(part: unknown): number {
    return (part as Cell).at + this.ttl!;
  }

  /** Takes out of the slots what is over at `now`. Returns when the next part is over; Infinity: never. */
  abstract sweep(slots: unknown[], now: number): number;

  /** A slot as plain data that is a copy. */
  save(slot: unknown): unknown {
    return clone(this.name, this.parts(slot));
  }

  /** The same, where it is read at once. */
  show(slot: unknown): unknown {
    const parts = this.parts(slot);
    checkStorable(this.name, parts);
    return parts;
  }

  /** A slot as plain data, and back. */
  protected parts(slot: unknown): unknown {
    return slot;
  }

  load(saved: unknown): unknown {
    return saved;
  }
}
