// in: records and their keys
// out: one record of each key: the first or last to come, or the earliest or latest by event time

import type { Batch } from '../../model/batch.ts';
import { orderText } from '../../model/order.ts';
import type { Operator, OperatorContext, Point, StagePlan } from '../../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { type Kept, KeyedState } from '../../state/keyed-state.ts';
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

/** When the first record of a key was. */
interface Seen extends Kept {
  readonly time: number;
}

/** Passes on the first record of each key at once, as it came, and again when the key has been forgotten. */
class First implements Operator, Evictable {
  readonly evictable = this;
  private readonly seen = new KeyedState<Seen>('seen', { save: ({ time }) => time, load: (time) => ({ version: 0, time: time as number }) });
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
    if (first && !(time >= first.time + this.ttl)) return false;
    this.seen.set(key, { version: 0, time });
    this.expiry.add(time + this.ttl, key);
    return true;
  }

  held(): HeldState {
    return this.seen.held();
  }

  save(to: StateWriter): void {
    this.seen.save(to);
  }

  load(from: StateReader): void {
    from.keyed('seen', (key, time) => this.isNew(key, time as number));
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
      const first = this.seen.get(key);
      if (first && first.time + this.ttl <= due) this.seen.delete(key);
    }
  }

  end(): void {
    this.context.out.end();
  }
}

/** Prints the last record of each key, or the latest by time, when input ends; the watermark waits for that. */
class AtTheEnd implements Operator, Evictable {
  readonly evictable = this;
  private readonly best: KeyedState<KeptRow>;

  constructor(
    private readonly context: OperatorContext,
    readonly keys: Keys,
    private readonly keeper: RowKeeper,
    private readonly emitter: RowEmitter,
    private readonly byTime: boolean,
  ) {
    this.best = new KeyedState('best', keeper);
  }

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
    return this.best.held();
  }

  save(to: StateWriter): void {
    this.best.save(to);
    this.keeper.saveLast(to);
  }

  load(from: StateReader): void {
    this.best.load(from);
    this.keeper.loadLast(from);
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
    const rows = Array.from(this.best.entries(), ([, kept]) => kept).sort((a, b) => (this.byTime ? a.time - b.time : 0) || a.arrival - b.arrival);
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

/** The watermark at which a key is forgotten whose row is out. */
interface Until extends Kept {
  readonly until: number;
}

/** Prints the earliest record of each key when the watermark reaches it. */
class Earliest extends KeepingOperator implements Evictable {
  readonly evictable = this;
  /** by key: the earliest so far; once it has been printed, when the key is forgotten */
  private readonly best = new KeyedState<KeptRow | Until>('best', {
    save: (best) => ('until' in best ? best.until : this.keeper.save(best)),
    load: (best, key) => this.expecting(key, typeof best === 'number' ? { version: 0, until: best } : this.keeper.load(best)),
  });
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
    if (before && ('until' in before || before.time <= batch.time[row]!)) return;
    if (before) this.keeper.drop(before);
    this.best.set(key, this.expecting(key, this.keeper.keep(batch, row)));
  }

  /** Sets the timer of what is kept of a key from now on. */
  private expecting<T extends KeptRow | Until>(key: string, best: T): T {
    // Of equal times the first to come is first, also among those that were on disk.
    if (!('until' in best)) this.waiting.add(best.time, { key, kept: best }, best.arrival);
    else if (best.until < Number.POSITIVE_INFINITY) this.expiry.add(best.until, key);
    return best;
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
      this.best.set(key, this.expecting(key, { version: 0, until: kept.time + this.ttl }));
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
    return this.best.held();
  }

  override save(to: StateWriter): void {
    super.save(to);
    this.best.save(to);
  }

  override load(from: StateReader): void {
    super.load(from);
    this.best.load(from);
  }

  private forget(watermark: number): void {
    while (this.expiry.next <= watermark && this.expiry.size > 0) this.best.delete(this.expiry.take());
  }
}
