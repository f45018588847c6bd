// in: records, their keys, and what they are ranked by
// out: the best of each key, best first, with their rank

import type { Batch } from '../../model/batch.ts';
import type { Register } from '../../model/column.ts';
import { orderText } from '../../model/order.ts';
import type { Operator, OperatorContext, Point, StageCall, StagePlan } from '../../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { sumHeld } from '../../state/held.ts';
import { inKeyOrder } from '../../state/key-order.ts';
import { type Kept, KeyedState, type KeptRules } from '../../state/keyed-state.ts';
import { memory } from '../../wasm/memory.ts';
import { LateRecords, planLate } from '../windows/late.ts';
import { OpenWindows } from '../windows/open.ts';
import { Timeline, type TimerOwner } from '../windows/timeline.ts';
import { RowEmitter } from './emitter.ts';
import { byKeys, Keys, type KeyPlan } from './keys.ts';
import { type KeptRow, RowKeeper } from './kept-rows.ts';

/** What `top` was asked for. */
export interface Ranking {
  readonly most: number;
  readonly orders: readonly { readonly key: KeyPlan; readonly ascending: boolean }[];
  /** records equal to the last one are taken, too */
  readonly ties: boolean;
  readonly perWindow: boolean;
  readonly keys: KeyPlan;
}

interface Ranked {
  /** by order: bytes whose order is that of the values */
  readonly values: readonly string[];
  readonly kept: KeptRow;
}

/** The best so far of a key, best first. */
interface Table extends Kept {
  readonly rows: Ranked[];
}

type Tables = KeyedState<Table>;

/** The key bytes of null: such a value does not rank. */
const NULL = '\x02';

export function planRanking(ranking: Ranking, call: StageCall, point: Point): StagePlan {
  const late = planLate(call, point);
  const writer = point.writer();
  const layout = point.reissue();
  const rank = point.assign('rank', 'value');
  return {
    distribution: byKeys(ranking.keys),
    isEvictable: true,
    state: ranking.perWindow ? 'the best records per window and key' : 'the best records per key',
    create(context) {
      const parts = [context, ranking, new RowKeeper(context, writer), new RowEmitter(context, layout), rank] as const;
      return ranking.perWindow ? new TopPerWindow(...parts, new LateRecords(context, late)) : new TopAtEnd(...parts);
    },
  };
}

/** Keeps tables of the best records. */
abstract class Top implements Operator, Evictable {
  readonly evictable: Evictable = this;
  readonly keys: Keys;
  private readonly orders: readonly { keys: Keys; ascending: boolean }[];

  constructor(
    protected readonly context: OperatorContext,
    private readonly ranking: Ranking,
    protected readonly keeper: RowKeeper,
    protected readonly emitter: RowEmitter,
    private readonly rank: Register,
  ) {
    this.keys = new Keys(ranking.keys);
    this.orders = ranking.orders.map(({ key, ascending }) => ({ keys: new Keys(key), ascending }));
  }

  abstract push(batch: Batch): void;

  end(): void {
    this.context.out.end();
  }

  protected encode(batch: Batch): void {
    this.keys.encode(batch);
    for (const { keys } of this.orders) keys.encode(batch);
    this.keeper.begin(batch);
  }

  /** Puts a row into its key's table if it is among the best. */
  protected rankRow(batch: Batch, row: number, tables: Tables): void {
    const values = this.orders.map(({ keys }) => keys.text(row));
    if (values.includes(NULL)) return;
    const key = this.keys.text(row);
    const rows = this.rowsOf(tables, key);
    const { most, ties } = this.ranking;
    if (rows.length >= most && this.compare(values, rows.at(-1)!.values) > (ties ? 0 : -1)) return;
    rows.splice(this.place(rows, values), 0, { values, kept: this.keeper.keep(batch, row) });
    this.cut(rows);
  }

  private rowsOf(tables: Tables, key: string): Ranked[] {
    let table = tables.get(key);
    if (!table) tables.set(key, (table = { version: 0, rows: [] }));
    return table.rows;
  }

  /** Behind all that are better or equal: of equal ones the first to come is first. */
  private place(table: readonly Ranked[], values: readonly string[]): number {
    let low = 0;
    let high = table.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(table[middle]!.values, values) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private cut(table: Ranked[]): void {
    const { most, ties } = this.ranking;
    if (table.length <= most) return;
    if (ties && this.compare(table[most]!.values, table[most - 1]!.values) === 0) return;
    for (const { kept } of table.splice(most)) this.keeper.drop(kept);
  }

  /** Below 0: a is better. */
  private compare(a: readonly string[], b: readonly string[]): number {
    for (const [i, { ascending }] of this.orders.entries()) {
      if (a[i] === b[i]) continue;
      return a[i]! < b[i]! === ascending ? -1 : 1;
    }
    return 0;
  }

  abstract save(to: StateWriter): void;
  abstract load(from: StateReader): void;
  abstract evict(): void;

  /** A table as plain data, and back. */
  protected readonly rules: Required<Omit<KeptRules<Table>, 'show'>> = {
    save: ({ rows }) => rows.map(({ values, kept }) => [values, this.keeper.save(kept)]),
    load: (saved) => ({ version: 0, rows: (saved as [string[], StateValue][]).map(([values, kept]) => ({ values, kept: this.keeper.load(kept) })) }),
  };

  /** @param order of what else comes out at the same time */
  protected print(tables: Tables, order = ''): void {
    for (const [key, { rows }] of inKeyOrder(tables.entries())) {
      if (this.context.cause.isOrdered) this.context.cause.order = order + key;
      this.printTable(rows);
    }
  }

  private printTable(table: readonly Ranked[]): void {
    const ranks = (this.emitter.records.batch.columns[this.rank.index] as { values: unknown[] }).values;
    let rank = 0;
    table.forEach(({ kept, values }, i) => {
      // With ties equal records share the rank of the first of them.
      if (i === 0 || !this.ranking.ties || this.compare(values, table[i - 1]!.values) !== 0) rank = i + 1;
      ranks[this.emitter.emit(kept)] = rank;
    });
  }
}

/** Prints when input ends; the watermark waits for that. */
class TopAtEnd extends Top {
  private readonly tables: Tables = new KeyedState('best', this.rules);

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    const { after } = batch;
    this.encode(batch);
    for (let k = 0; k < batch.count; k++) this.rankRow(batch, batch.sel[k]!, this.tables);
    this.keeper.settle(batch);
    kernels.scratchSet(mark);
    if (after !== Number.POSITIVE_INFINITY) return;
    this.context.cause.sequence = batch.afterSequence;
    this.context.evicted.drain(() => {
      this.print(this.tables);
      this.evict();
    });
    this.emitter.flush(after);
  }

  held(): HeldState {
    return this.tables.held();
  }

  save(to: StateWriter): void {
    this.tables.save(to);
  }

  load(from: StateReader): void {
    this.tables.load(from);
  }

  evict(): void {
    this.tables.clear();
  }
}

/** Prints each window when the watermark passes its end. */
class TopPerWindow extends Top implements TimerOwner {
  readonly isDueTogether = true;
  private readonly timeline = new Timeline(this, this.context);
  private readonly open = new OpenWindows<Tables>((start, end) => new KeyedState('best', this.rulesOf(start, end)));

  constructor(
    context: OperatorContext,
    ranking: Ranking,
    keeper: RowKeeper,
    emitter: RowEmitter,
    rank: Register,
    private readonly late: LateRecords,
  ) {
    super(context, ranking, keeper, emitter, rank);
  }

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    this.encode(batch);
    this.timeline.begin();
    const sel = batch.sel.slice(0, batch.count);
    for (const row of sel) this.take(batch, row);
    this.keeper.settle(batch);
    this.late.flush(batch);
    this.timeline.finish(batch);
    kernels.scratchSet(mark);
    this.emitter.flush(batch.after);
  }

  private take(batch: Batch, row: number): void {
    const watermark = batch.watermark[row]!;
    const end = batch.windowEnd[row]!;
    if (watermark >= this.timeline.next) {
      // What fires now may hold rows of this batch, whose texts are not written yet.
      this.keeper.settle(batch);
      this.timeline.to(batch, row);
    }
    if (end - 1 <= watermark) this.late.add(row, watermark, end - 2);
    else this.rankRow(batch, row, this.open.get(batch.windowStart[row]!, end).content);
  }

  due(_: string, [start, end]: readonly [start: number, end: number, table: StateValue]): string {
    return orderText(end - 1, start);
  }

  evict(): void {
    this.open.takeUntil(Number.POSITIVE_INFINITY);
  }

  nextTimer(): number {
    return this.open.nextEnd - 1;
  }

  fire(_: number, before: number, until: number): void {
    this.emitter.watermark = before;
    for (const { start, end, content } of this.open.takeUntil(until + 1)) this.print(content, orderText(end, start));
  }

  held(): HeldState {
    return sumHeld(this.open.all().map(({ content }) => content.held()));
  }

  save(to: StateWriter): void {
    this.timeline.save(to);
    for (const { content } of this.open.all()) content.save(to);
  }

  load(from: StateReader): void {
    this.timeline.load(from);
    from.keyed('best', (key, saved) => {
      const [start, end, table] = saved as [number, number, StateValue];
      this.open.get(start, end).content.set(key, this.rules.load(table, key));
    });
  }

  /** With the window that a table is of. */
  private rulesOf(start: number, end: number): KeptRules<Table> {
    return { ...this.rules, save: (table, key) => [start, end, this.rules.save(table, key)] };
  }
}
