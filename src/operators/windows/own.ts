// in: rows of a window stage, each with the window that it belongs to
// out: a row per window and key when the watermark passes the window's end

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import { orderText } from '../../model/order.ts';
import type { OperatorContext } from '../../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateWriter } from '../../model/state.ts';
import { sumHeld } from '../../state/held.ts';
import { memory } from '../../wasm/memory.ts';
import type { Groups } from '../groups/group-table.ts';
import type { GroupStore } from '../groups/groups.ts';
import type { Keys } from '../groups/keys.ts';
import type { ResultRows } from '../groups/results.ts';
import type { LateRecords } from './late.ts';
import { OpenWindows } from './open.ts';
import { TimedOperator } from './timed-operator.ts';

/** Aggregates within the windows that rows bring along. */
export class OwnWindows extends TimedOperator implements Evictable {
  readonly evictable = this;
  readonly isDueTogether = true;
  private readonly open = new OpenWindows(() => this.store.open());
  private readonly rows = memory().u32(MAX_ROWS);
  private readonly tables = memory().u32(MAX_ROWS);
  private readonly groupsOf: Groups[] = new Array(MAX_ROWS);
  private rowCount = 0;

  constructor(
    context: OperatorContext,
    readonly keys: Keys,
    private readonly store: GroupStore,
    private readonly results: ResultRows,
    private readonly late: LateRecords,
  ) {
    super(context);
  }

  protected passOn(after: number): void {
    this.results.finishBatch(after);
  }

  protected take(batch: Batch): void {
    this.keys.encode(batch);
    this.store.prepare(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const watermark = batch.watermark[row]!;
      if (watermark >= this.timeline.next) {
        this.addRows(batch);
        this.timeline.to(batch, row);
      }
      const end = batch.windowEnd[row]!;
      if (end - 1 <= watermark) {
        this.late.add(row, watermark, end - 2);
        continue;
      }
      const { content } = this.open.get(batch.windowStart[row]!, end);
      this.rows.view[this.rowCount++] = row;
      this.tables.view[row] = content.table;
      this.groupsOf[row] = content;
    }
    this.addRows(batch);
    this.late.flush(batch);
  }

  private addRows(batch: Batch): void {
    if (this.rowCount > 0) this.store.add(batch, this.rows, this.rowCount, this.tables.at, this.groupsOf, this.keys);
    this.rowCount = 0;
  }

  nextTimer(): number {
    return this.open.nextEnd - 1;
  }

  fire(_: number, before: number, until: number): void {
    this.results.watermark = before;
    for (const { start, end, content } of this.open.takeUntil(until + 1)) {
      this.results.window(start, end);
      this.results.emitAll(content, end - 1);
      this.store.close(content);
    }
  }

  held(): HeldState {
    return sumHeld(this.open.all().map(({ content }) => content.held()));
  }

  due(_: string, [[start, end]]: readonly [of: readonly [start: number, end: number], saved: unknown]): string {
    return orderText(end - 1, start);
  }

  evict(): void {
    for (const { content } of this.open.takeUntil(Number.POSITIVE_INFINITY)) this.store.close(content);
  }

  override save(to: StateWriter): void {
    super.save(to);
    for (const { start, end, content } of this.open.all()) this.store.save(to, 'windows', [start, end], content);
  }

  override load(from: StateReader): void {
    super.load(from);
    this.store.load(from, 'windows', (of) => {
      const [start, end] = of as [number, number];
      return this.open.get(start, end).content;
    });
  }
}

