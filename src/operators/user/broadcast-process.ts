// in: records, those of a second input, and a module of the user's
// out: what the module emits

import { ownTime } from '../../expr/own-time.ts';
import { parseBytes } from '../../model/token.ts';
import type { OperatorContext } from '../../model/stage.ts';
import { orderText } from '../../model/order.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import type { AnyRecord } from '../../model/user.ts';
import type { InputRows } from '../joins/input-rows.ts';
import type { MergePlan } from '../joins/branch-merge.ts';
import { Merge } from '../joins/merge.ts';
import type { Row } from '../joins/row.ts';
import { excerpt } from './failure.ts';
import { firstTimer } from './key-states.ts';
import type { ModuleParts } from './module-parts.ts';
import { ModuleRun } from './module-run.ts';

/** Names of fields that are times of weir's own, which user code gets as ms, on either side. */
export interface TimeNames {
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** Flink's KeyedBroadcastProcessFunction: records of the second input belong to no key; all keys see what is kept of them. */
export class BroadcastProcess extends Merge implements Evictable {
  readonly evictable = this;
  private readonly run: ModuleRun;
  private passedOn = Number.NEGATIVE_INFINITY;

  constructor(
    context: OperatorContext,
    merge: MergePlan,
    left: InputRows,
    right: InputRows,
    private readonly parts: ModuleParts,
    private readonly times: TimeNames,
  ) {
    super(context, merge, left, right);
    this.run = new ModuleRun(parts);
  }

  protected take(row: Row): void {
    const given = () => ({ text: excerpt(row.text) });
    if (row.isLeft) {
      this.need(row.key!);
      this.run.take(row.key!, objectOf(row, this.times.left), row.time, this.now, given);
    } else this.run.takeBroadcast(objectOf(row, this.times.right), row.time, this.now, given);
  }

  protected step(watermark: number): void {
    const { evicted } = this.context;
    const first = Math.min(this.run.nextTimer, evicted.nextDue);
    if (first <= watermark && first < Number.POSITIVE_INFINITY) evicted.fire(watermark, (until) => this.run.fire(watermark, until, this.now, () => {}));
    if (watermark === Number.POSITIVE_INFINITY) this.run.close(watermark);
  }

  protected flush(): void {
    this.run.sweep();
    if (!this.run.isClosed) this.run.arm(this.ring);
    const { main, sides } = this.parts;
    if (main.hasRows || this.now !== this.passedOn) main.flush(this.now);
    this.passedOn = this.now;
    sides.flush();
  }

  /** Between two batches. */
  private readonly ring = (): void => {
    this.run.ring(this.now, (key) => this.need(key));
    this.flush();
  };

  protected heldRows(): HeldState {
    return this.run.held();
  }

  /** A timer that is overdue fires when the watermark next steps. */
  due(_: string, saved: StateValue): string | undefined {
    const first = firstTimer(saved);
    return first === Number.POSITIVE_INFINITY ? undefined : orderText(Math.max(first, this.now + 1), first);
  }

  evict(): void {
    this.run.clear();
  }

  went(_: string, key: string, saved: StateValue): void {
    this.run.went(key, saved, this.ring);
  }

  save(to: StateWriter): void {
    this.run.save(to);
  }

  load(from: StateReader): void {
    this.run.load(from);
    this.run.arm(this.ring);
  }
}

function objectOf(row: Row, times: readonly string[]): AnyRecord {
  const record = parseBytes(row.text) as AnyRecord;
  for (const name of times) if (name in record) record[name] = ownTime(record[name]);
  return record;
}
