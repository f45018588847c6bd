// in: records and their keys
// out: the first record of each key, at once and as it came; keys are never forgotten

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { Operator, OperatorContext } from '../../model/stage.ts';
import type { Evictable, StateReader, StateWriter } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import { GroupStore } from './groups.ts';
import type { Keys } from './keys.ts';

/** A group without aggregates for each key that has been seen. */
export class FirstEver implements Operator, Evictable {
  readonly evictable = this;
  private readonly store = new GroupStore([]);
  private readonly seen = this.store.open();
  private readonly tables = memory().u32(MAX_ROWS);
  private count = 0;

  constructor(
    private readonly context: OperatorContext,
    readonly keys: Keys,
  ) {
    this.tables.view.fill(this.seen.table);
  }

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    this.keys.encode(batch);
    const slots = this.store.slots(batch, this.tables.at, this.keys);
    let kept = 0;
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      // Slots are given in the order in which keys come.
      if (slots[row]! < this.count) continue;
      this.count++;
      batch.sel[kept++] = row;
    }
    batch.count = kept;
    kernels.scratchSet(mark);
    this.context.out.push(batch);
  }

  save(to: StateWriter): void {
    this.store.save(to, 'seen', null, this.seen);
  }

  load(from: StateReader): void {
    this.store.load(from, 'seen', () => this.seen);
    this.count = this.seen.size;
  }

  evict(): void {
    this.store.clear(this.seen);
    this.count = 0;
  }

  end(): void {
    this.context.out.end();
  }
}
