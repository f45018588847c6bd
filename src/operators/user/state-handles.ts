// in: the slots of the key at hand
// out: what user code calls: value, list and map

import type { ListState, MapKey, MapState, ValueState } from '../../model/user.ts';
import { StateHandle } from './state-handle.ts';

export class ValueHandle extends StateHandle implements ValueState<unknown> {
  get(): unknown {
    const part = this.slot();
    return part === undefined || !this.isAlive(part) ? undefined : this.unpack(part);
  }

  set(value: unknown): void {
    this.owner.writableSlots(this.name)[this.index] = value === undefined ? undefined : this.pack(value);
  }

  sweep(slots: unknown[], now: number): number {
    const part = slots[this.index];
    if (this.ttl === undefined || part === undefined) return Number.POSITIVE_INFINITY;
    if (this.end(part) > now) return this.end(part);
    slots[this.index] = undefined;
    return Number.POSITIVE_INFINITY;
  }
}

export class ListHandle extends StateHandle implements ListState<unknown> {
  private own(): unknown[] {
    const parts = (this.slot() ?? []) as unknown[];
    return this.ttl === undefined ? parts : parts.filter((part) => this.isAlive(part));
  }

  get(): unknown[] {
    return this.own().map((part) => this.unpack(part));
  }

  get size(): number {
    return this.own().length;
  }

  add(value: unknown): void {
    const slots = this.owner.writableSlots(this.name);
    const part = this.pack(value);
    const parts = slots[this.index] as unknown[] | undefined;
    if (parts) parts.push(part);
    else slots[this.index] = [part];
  }

  set(values: Iterable<unknown>): void {
    const parts = [...values].map((value) => this.pack(value));
    this.owner.writableSlots(this.name)[this.index] = parts.length > 0 ? parts : undefined;
  }

  update(values: Iterable<unknown>): void {
    this.set(values);
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.get()[Symbol.iterator]();
  }

  sweep(slots: unknown[], now: number): number {
    const parts = slots[this.index] as unknown[] | undefined;
    if (this.ttl === undefined || !parts) return Number.POSITIVE_INFINITY;
    const left = parts.filter((part) => this.end(part) > now);
    slots[this.index] = left.length > 0 ? left : undefined;
    return left.reduce((least: number, part) => Math.min(least, this.end(part)), Number.POSITIVE_INFINITY);
  }
}

export class MapHandle extends StateHandle implements MapState<MapKey, unknown> {
  private own(): Map<MapKey, unknown> | undefined {
    return this.slot() as Map<MapKey, unknown> | undefined;
  }

  get(key: MapKey): unknown {
    const part = this.own()?.get(key);
    return part === undefined || !this.isAlive(part) ? undefined : this.unpack(part);
  }

  set(key: MapKey, value: unknown): void {
    if (typeof key === 'object' || typeof key === 'function' || typeof key === 'symbol' || key === undefined) {
      throw new TypeError(`the keys of state '${this.name}' are strings, numbers, bigints or booleans, not ${key === null ? 'null' : typeof key}`);
    }
    const slots = this.owner.writableSlots(this.name);
    const part = this.pack(value);
    const parts = (slots[this.index] ??= new Map()) as Map<MapKey, unknown>;
    // An entry that was over comes anew.
    if (this.ttl !== undefined && parts.has(key) && !this.isAlive(parts.get(key))) parts.delete(key);
    parts.set(key, part);
  }

  has(key: MapKey): boolean {
    const parts = this.own();
    return parts !== undefined && parts.has(key) && this.isAlive(parts.get(key));
  }

  delete(key: MapKey): boolean {
    const had = this.has(key);
    const slots = this.owner.writableSlots(this.name);
    const parts = slots[this.index] as Map<MapKey, unknown> | undefined;
    parts?.delete(key);
    if (parts?.size === 0) slots[this.index] = undefined;
    return had;
  }

  *entries(): IterableIterator<[MapKey, unknown]> {
    for (const [key, part] of this.own() ?? []) if (this.isAlive(part)) yield [key, this.unpack(part)];
  }

  *keys(): IterableIterator<MapKey> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): IterableIterator<unknown> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): Iterator<[MapKey, unknown]> {
    return this.entries();
  }

  get size(): number {
    if (this.ttl === undefined) return this.own()?.size ?? 0;
    return [...this.entries()].length;
  }

  sweep(slots: unknown[], now: number): number {
    const parts = slots[this.index] as Map<MapKey, unknown> | undefined;
    let next = Number.POSITIVE_INFINITY;
    if (this.ttl === undefined || !parts) return next;
    for (const [key, part] of parts) {
      if (this.end(part) > now) next = Math.min(next, this.end(part));
      else parts.delete(key);
    }
    if (parts.size === 0) slots[this.index] = undefined;
    return next;
  }

  protected override parts(slot: unknown): unknown {
    return [...(slot as Map<MapKey, unknown>)];
  }

  override load(saved: unknown): unknown {
    return new Map(saved as [MapKey, unknown][]);
  }
}
