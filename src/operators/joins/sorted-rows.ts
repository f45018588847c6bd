// in: rows that come out without a partner, of which not all are in memory together
// out: the same in order

import { orderText } from '../../model/order.ts';
import type { OperatorContext } from '../../model/stage.ts';
import type { AloneRows } from './alone-rows.ts';
import type { SavedRow } from './row.ts';
import type { RowStore } from './row-store.ts';
import { loadInto, savedRow } from './stored-rows.ts';

export class SortedRows {
  constructor(
    private readonly context: Pick<OperatorContext, 'evicted'>,
    private readonly alone: AloneRows,
  ) {}

  /** A row comes out in order of these numbers, then left ones first, then in order of arrival. */
  add(store: RowStore, row: number, ...numbers: readonly number[]): void {
    const isLeft = store.isLeft(row);
    this.context.evicted.sorted.add(orderText(...numbers, isLeft ? 0 : 1, store.arrivals[row]!), [isLeft, savedRow(store, row)]);
  }

  /** All come out; each is in the store meanwhile. */
  put(store: RowStore): void {
    this.context.evicted.sorted.take((value) => {
      const [isLeft, saved] = value as [boolean, SavedRow];
      const row = loadInto(store, saved, isLeft);
      this.alone.put(store, row);
      store.drop(row);
      store.release(row);
    });
  }
}
