// in: records and their keys
// out: a row per key: at the end, at each record, or the changed ones at multiples of event time

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import { orderText } from '../../model/order.ts';
import type { Operator, OperatorContext, PartialGroups } from '../../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateWriter } from '../../model/state.ts';
import { frozenList } from '../../state/frozen-list.ts';
import { memory } from '../../wasm/memory.ts';
import { Timeline, type TimerOwner } from '../windows/timeline.ts';
import type { Groups } from './group-table.ts';
import type { GroupStore } from './groups.ts';
import type { Keys } from './keys.ts';
import type { ResultRows } from './results.ts';

/** All groups of a stage, and the latest event time in each. */
abstract class WholeGroups implements Operator, Evictable {
  readonly evictable: Evictable = this;
  protected readonly groups: Groups;
  private readonly rows = memory().u32(MAX_ROWS);
  private readonly tables = memory().u32(MAX_ROWS);
  private readonly groupsOf: Groups[];

  constructor(
    protected readonly context: OperatorContext,
    readonly keys: Keys,
    protected readonly store: GroupStore,
    protected readonly results: ResultRows,
    /** the latest event time of a group, by slot */
    protected readonly timeOf: (groups: Groups, slot: number) => number,
  ) {
    this.groups = store.open();
    this.groupsOf = new Array(MAX_ROWS).fill(this.groups);
    this.tables.view.fill(this.groups.table);
  }

  abstract push(batch: Batch): void;

  end(): void {
    this.context.out.end();
  }

  held(): HeldState {
    return this.groups.held();
  }

  save(to: StateWriter): void {
    this.store.save(to, 'groups', null, this.groups);
  }

  load(from: StateReader): void {
    this.store.load(from, 'groups', () => this.groups);
  }

  evict(): void {
    this.store.clear(this.groups);
  }

  /** Adds the rows sel[from … to-1] of a batch whose keys and aggregates have been prepared. */
  protected add(batch: Batch, from: number, to: number): void {
    if (to === from) return;
    this.rows.view.set(batch.sel.subarray(from, to));
    this.store.add(batch, this.rows, to - from, this.tables.at, this.groupsOf, this.keys);
  }

  protected prepare(batch: Batch): void {
    this.keys.encode(batch);
    this.store.prepare(batch);
  }
}

/** Prints each key when input ends; the watermark waits for that. */
export class AtEnd extends WholeGroups {
  absorb({ piece }: PartialGroups): boolean {
    this.store.absorb(this.groups, piece);
    return true;
  }

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    if (batch.count > 0) {
      this.prepare(batch);
      this.add(batch, 0, batch.count);
    }
    if (batch.after === Number.POSITIVE_INFINITY) {
      this.context.cause.sequence = batch.afterSequence;
      this.context.evicted.drain(() => this.results.emitAll(this.groups, (slot) => this.timeOf(this.groups, slot)));
      this.results.finishBatch(batch.after);
    }
    kernels.scratchSet(mark);
  }

  /** Without keys there is a row even of no records. */
  openEmpty(): this {
    this.store.openEmpty(this.groups);
    return this;
  }
}

/** Prints a key's row again at each of its records. */
export class AtChange extends WholeGroups {
  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    if (batch.count > 0) this.prepare(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      this.add(batch, k, k + 1);
      this.context.cause.sequence = batch.sequence[row]!;
      this.results.watermark = batch.watermark[row]!;
      this.results.emitKey(this.groups, this.keys, row, batch.time[row]!);
    }
    this.results.finishBatch(batch.after);
    kernels.scratchSet(mark);
  }
}

/** Prints the rows that have changed whenever the watermark passes a multiple of `every` ms, from the first one behind the first record on. */
export class AtMultiples extends WholeGroups implements TimerOwner {
  private readonly timeline = new Timeline(this, this.context);
  private readonly changed = new Set<number>();
  private next = Number.POSITIVE_INFINITY;
  private hasBegun = false;
  every = 1;

  private behind(time: number): number {
    return (Math.floor(time / this.every) + 1) * this.every;
  }

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    this.timeline.begin();
    if (batch.count > 0) this.take(batch);
    this.timeline.finish(batch);
    this.results.finishBatch(batch.after);
    kernels.scratchSet(mark);
  }

  private take(batch: Batch): void {
    this.prepare(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const watermark = batch.watermark[row]!;
      if (watermark >= this.timeline.next) this.timeline.to(batch, row);
      this.add(batch, k, k + 1);
      this.changed.add(this.store.slot(this.groups, this.keys, row));
      if (!this.hasBegun) this.next = this.behind(batch.time[row]!);
      this.hasBegun = true;
    }
  }

  override save(to: StateWriter): void {
    this.timeline.save(to);
    if (this.hasBegun) to.whole('next', this.next);
    super.save(to);
    to.frozen(frozenList('changed', [...this.changed], { key: (slot) => this.store.keyOf(this.groups, slot), plain: () => true }));
  }

  override load(from: StateReader): void {
    this.timeline.load(from);
    const next = from.whole('next') as number | undefined;
    this.hasBegun ||= next !== undefined;
    this.next = next ?? this.next;
    super.load(from);
    from.keyed('changed', (key) => this.changed.add(this.store.slotOf(this.groups, key)));
  }

  due(name: string): string | undefined {
    return name === 'changed' ? orderText(this.next) : undefined;
  }

  override evict(): void {
    super.evict();
    this.changed.clear();
  }

  nextTimer(): number {
    return this.next;
  }

  fire(watermark: number, before: number): void {
    this.results.watermark = before;
    this.next = this.behind(watermark);
    if (this.changed.size === 0) return;
    const order = this.store.order(this.groups);
    const slots = [...order.view.subarray(0, this.groups.size)].filter((slot) => this.changed.has(slot));
    this.results.emitSlots(this.groups, slots, (slot) => this.timeOf(this.groups, slot));
    this.changed.clear();
  }
}
