// in: records and their keys
// out: one record of each key: the first or last to come, or the earliest or latest by event time

import type { Batch } from '../../model/batch.ts';
import { orderText } from '../../model/order.ts';
import type { Operator, OperatorContext, Point, StagePlan } from '../../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { heldByKey } from '../../state/held.ts';
import { TimerQueue } from '../../state/timers.ts';
import { memory } from '../../wasm/memory.ts';
import { RowEmitter } from './emitter.ts';
import { FirstEver } from './first-ever.ts';
import { KeepingOperator } from './keeping-operator.ts';
import { byKeys, Keys, type KeyPlan } from './keys.ts';
import { type KeptRow, RowKeeper } from './kept-rows.ts';

/** @param ttl ms of event time after which a key's first record is forgotten */
export function planDistinct(keys: KeyPlan, point: Point, keep: string, ttl: number): StagePlan {
  const common = { distribution: byKeys(keys), state: 'a record per key', isEvictable: true };
  if (keep === 'first') {
    const create = (context: OperatorContext) => (ttl === Number.POSITIVE_INFINITY ? new FirstEver(context, new Keys(keys)) : new First(context, new Keys(keys), ttl));
    return { ...common, state: 'the keys seen', create };
  }
  const writer = point.writer();
  const layout = point.reissue();
  const parts = (context: OperatorContext) => [context, new Keys(keys), new RowKeeper(context, writer), new RowEmitter(context, layout)] as const;
  if (keep === 'earliest') return { ...common, create: (context) => new Earliest(...parts(context), ttl) };
  return { ...common, create: (context) => new AtTheEnd(...parts(context), keep === 'latest') };
}

/** Passes on the first record of each key at once, as it came, and again when the key has been forgotten. */
class First implements Operator, Evictable {
  readonly evictable = this;
  /** by key: the time of its first record */
  private readonly seen = new Map<string, number>();
  private readonly expiry = new TimerQueue<string>();

  constructor(
    private readonly context: OperatorContext,
    readonly keys: Keys,
    private readonly ttl: number,
  ) {}

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    this.keys.encode(batch);
    let kept = 0;
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      this.forget(batch.watermark[row]!);
      if (this.isNew(this.keys.text(row), batch.time[row]!)) batch.sel[kept++] = row;
    }
    batch.count = kept;
    kernels.scratchSet(mark);
    this.context.out.push(batch);
  }

  private isNew(key: string, time: number): boolean {
    const first = this.seen.get(key);
    if (first !== undefined && !(time >= first + this.ttl)) return false;
    this.see(key, time);
    return true;
  }

  private see(key: string, time: number): void {
    this.seen.set(key, time);
    this.expiry.add(time + this.ttl, key);
  }

  held(): HeldState {
    return heldByKey(this.seen);
  }

  save(to: StateWriter): void {
    to.columns('seen', [...this.seen.keys()], [...this.seen.values()]);
  }

  load(from: StateReader): void {
    from.keyed('seen', (key, time) => this.see(key, time as number));
  }

  due(_: string, time: StateValue): string | undefined {
    return this.ttl < Number.POSITIVE_INFINITY ? orderText((time as number) + this.ttl) : undefined;
  }

  evict(): void {
    this.seen.clear();
    this.expiry.clear();
  }

  /** Keys whose time is over take no memory any more. */
  private forget(watermark: number): void {
    while (this.expiry.next <= watermark) {
      const due = this.expiry.next;
      const key = this.expiry.take();
      if (this.seen.get(key)! + this.ttl <= due) this.seen.delete(key);
    }
  }

  end(): void {
    this.context.out.end();
  }
}

/** Prints the last record of each key, or the latest by time, when input ends; the watermark waits for that. */
class AtTheEnd implements Operator, Evictable {
  readonly evictable = this;
  private readonly best = new Map<string, KeptRow>();

  constructor(
    private readonly context: OperatorContext,
    readonly keys: Keys,
    private readonly keeper: RowKeeper,
    private readonly emitter: RowEmitter,
    private readonly byTime: boolean,
  ) {}

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    const { after } = batch;
    this.keys.encode(batch);
    this.keeper.begin(batch);
    for (let k = 0; k < batch.count; k++) this.take(batch, batch.sel[k]!);
    this.keeper.settle(batch);
    kernels.scratchSet(mark);
    this.context.cause.sequence = batch.afterSequence;
    if (after < Number.POSITIVE_INFINITY) return;
    this.context.evicted.drain(() => this.printAll());
    this.emitter.flush(after);
  }

  private take(batch: Batch, row: number): void {
    const key = this.keys.text(row);
    const before = this.best.get(key);
    if (before && this.byTime && batch.time[row]! < before.time) return;
    if (before) this.keeper.drop(before);
    this.best.set(key, this.keeper.keep(batch, row));
  }

  held(): HeldState {
    return heldByKey(this.best);
  }

  save(to: StateWriter): void {
    // A kept row does not change behind its batch.
    to.columns('best', [...this.best.keys()], [...this.best.values()], (kept) => this.keeper.save(kept));
  }

  load(from: StateReader): void {
    from.keyed('best', (key, kept) => this.best.set(key, this.keeper.load(kept)));
  }

  due(_: string, kept: StateValue): string {
    return orderText(Number.POSITIVE_INFINITY) + this.orderOf(kept as KeptRow);
  }

  evict(): void {
    this.best.clear();
  }

  private orderOf({ time, arrival }: Pick<KeptRow, 'time' | 'arrival'>): string {
    return orderText(this.byTime ? time : 0, arrival);
  }

  private printAll(): void {
    const rows = [...this.best.values()].sort((a, b) => (this.byTime ? a.time - b.time : 0) || a.arrival - b.arrival);
    for (const kept of rows) {
      if (this.context.cause.isOrdered) this.context.cause.order = this.orderOf(kept);
      this.emitter.emit(kept);
    }
    this.best.clear();
  }

  end(): void {
    this.context.out.end();
  }
}

/** Prints the earliest record of each key when the watermark reaches it. */
class Earliest extends KeepingOperator implements Evictable {
  readonly evictable = this;
  /** by key: the earliest so far; once it has been printed, the watermark at which the key is forgotten */
  private readonly best = new Map<string, KeptRow | number>();
  private readonly waiting = new TimerQueue<{ key: string; kept: KeptRow }>();
  private readonly expiry = new TimerQueue<string>();

  constructor(
    context: OperatorContext,
    readonly keys: Keys,
    keeper: RowKeeper,
    emitter: RowEmitter,
    private readonly ttl: number,
  ) {
    super(context, keeper, emitter);
  }

  protected prepare(batch: Batch): void {
    this.keys.encode(batch);
  }

  protected takeRow(batch: Batch, row: number, watermark: number): void {
    this.forget(watermark);
    const key = this.keys.text(row);
    const before = this.best.get(key);
    if (typeof before === 'number' || (before && before.time <= batch.time[row]!)) return;
    if (before) this.keeper.drop(before);
    this.wait(key, this.keeper.keep(batch, row));
  }

  private wait(key: string, kept: KeptRow): void {
    this.best.set(key, kept);
    // Of equal times the first to come is first, also among those that were on disk.
    this.waiting.add(kept.time, { key, kept }, kept.arrival);
  }

  /** The key's row is out. */
  private remember(key: string, until: number): void {
    this.best.set(key, until);
    if (until < Number.POSITIVE_INFINITY) this.expiry.add(until, key);
  }

  nextTimer(): number {
    return this.waiting.next;
  }

  fire(_: number, before: number, until: number): void {
    this.emitter.watermark = before;
    while (this.waiting.next <= until && this.waiting.size > 0) {
      const { key, kept } = this.waiting.take();
      if (this.best.get(key) !== kept) continue;
      if (this.context.cause.isOrdered) this.context.cause.order = orderText(kept.time, kept.arrival);
      this.remember(key, kept.time + this.ttl);
      this.emitter.emit(kept);
    }
    this.forget(until);
  }

  due(_: string, best: StateValue): string | undefined {
    if (typeof best === 'number') return best < Number.POSITIVE_INFINITY ? orderText(best, 0) : undefined;
    const { time, arrival } = best as KeptRow;
    return orderText(time, arrival);
  }

  evict(): void {
    this.best.clear();
    this.waiting.clear();
    this.expiry.clear();
  }

  held(): HeldState {
    return heldByKey(this.best);
  }

  override save(to: StateWriter): void {
    super.save(to);
    to.columns('best', [...this.best.keys()], [...this.best.values()], (best) => (typeof best === 'number' ? best : this.keeper.save(best)));
  }

  override load(from: StateReader): void {
    super.load(from);
    from.keyed('best', (key, best) => {
      if (typeof best === 'number') this.remember(key, best);
      else this.wait(key, this.keeper.load(best));
    });
  }

  private forget(watermark: number): void {
    while (this.expiry.next <= watermark && this.expiry.size > 0) this.best.delete(this.expiry.take());
  }
}
