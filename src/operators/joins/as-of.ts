// in: left rows, and versions of what they are joined with
// out: each left row with the version that is valid at its time

import type { OperatorContext } from '../../model/stage.ts';
import { orderText } from '../../model/order.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { heldList, sumHeld } from '../../state/held.ts';
import { frozenList } from '../../state/frozen-list.ts';
import { type Kept, KeyedState } from '../../state/keyed-state.ts';
import { TimerQueue } from '../../state/timers.ts';
import type { InputRows } from './input-rows.ts';
import type { LateRows } from './late-rows.ts';
import type { MergePlan } from './branch-merge.ts';
import { Merge } from './merge.ts';
import type { JoinResults } from './results.ts';
import type { Place } from './result-maker.ts';
import { ARRIVAL, loadRow, type Row, type SavedRow, saveRow, TIME } from './row.ts';
import type { JoinRules } from './types.ts';

/** Versions of a key by time, of equal times the later to come last. */
interface Versions extends Kept {
  readonly rows: Row[];
}

/** Where rows are that have no key. */
const KEYLESS = '';

/** A left row waits until the watermark reaches it (Flink: TemporalRowTimeJoinOperator). */
export class AsOfJoin extends Merge implements Evictable {
  readonly evictable = this;
  readonly isDueTogether = true;
  /** no more of the past than the version that is valid at the watermark */
  private readonly versions = new KeyedState<Versions>('versions', {
    save: ({ rows }) => rows.map(saveRow),
    load: (saved) => ({ version: 0, rows: (saved as SavedRow[]).map((row) => loadRow(row, false)) }),
  });
  private readonly waiting = new TimerQueue<Row>();

  constructor(
    context: OperatorContext,
    merge: MergePlan,
    private readonly rules: JoinRules,
    left: InputRows,
    right: InputRows,
    private readonly results: JoinResults,
    private readonly late: LateRows,
  ) {
    super(context, merge, left, right);
  }

  protected take(row: Row): void {
    if (row.key !== undefined || this.rules.leftAlone) this.need(row.key ?? KEYLESS);
    if (!row.isLeft) this.addVersion(row, this.now);
    else if (row.time <= this.now) this.answerLate(row);
    else if (row.key !== undefined || this.rules.leftAlone) this.waiting.add(row.time, row, row.arrival);
  }

  /** A version may come late and still be valid for rows that wait. */
  private addVersion(row: Row, watermark: number): void {
    if (row.key === undefined) return;
    const versions = this.versions.get(row.key)?.rows;
    if (!versions) {
      this.versions.set(row.key, { version: 0, rows: [row] });
      return;
    }
    versions.splice(behind(versions, row.time), 0, row);
    const valid = behind(versions, watermark) - 1;
    if (valid > 0) versions.splice(0, valid);
  }

  protected step(watermark: number): void {
    const { evicted } = this.context;
    const first = Math.min(this.waiting.next, evicted.nextDue);
    if (first <= watermark && first < Number.POSITIVE_INFINITY) evicted.fire(watermark, (until) => this.answerUntil(until));
    this.results.watermark = watermark;
  }

  private answerUntil(time: number): void {
    while (this.waiting.size > 0 && this.waiting.next <= time) this.answer(this.waiting.take());
  }

  /** The watermark has passed the row: it can still be answered as long as no newer version has taken effect since. */
  private answerLate(row: Row): void {
    const versions = row.key === undefined ? undefined : this.versions.peek(row.key)?.rows;
    const valid = versions?.[behind(versions, this.now) - 1];
    if (valid && valid.time > row.time) this.late.add(row, this.now, row.time);
    else this.answer(row);
  }

  /** --where is asked once the version has been chosen. */
  private answer(row: Row): void {
    const place: Place = { time: row.time, window: row.window };
    const versions = row.key === undefined ? undefined : this.versions.peek(row.key)?.rows;
    const version = versions?.[behind(versions, row.time) - 1];
    const [partner] = version ? this.results.partners(row, [version], () => place) : [];
    if (partner) this.results.pair(row, partner, place);
    else if (this.rules.leftAlone) this.results.leftAlone(row, place);
  }

  protected flush(): void {
    this.results.flush();
  }

  protected heldRows(): HeldState {
    return sumHeld([this.versions.held(), heldList(this.waiting, this.waiting.size)]);
  }

  save(to: StateWriter): void {
    this.versions.save(to);
    to.frozen(frozenList('waiting', this.waiting.items(), { key: (row) => row.key ?? KEYLESS, plain: saveRow }));
    to.whole('watermark', this.results.watermark);
  }

  load(from: StateReader): void {
    this.versions.load(from);
    from.keyed('waiting', (_, saved) => {
      const row = loadRow(saved as SavedRow, true);
      this.waiting.add(row.time, row, row.arrival);
    });
    this.results.watermark = (from.whole('watermark') as number | undefined) ?? this.results.watermark;
  }

  evict(): void {
    this.versions.clear();
    this.waiting.clear();
  }

  due(name: string, saved: StateValue): string | undefined {
    return name === 'waiting' ? orderText((saved as SavedRow)[TIME], (saved as SavedRow)[ARRIVAL]) : undefined;
  }
}

/** The place behind all versions of this time or before. */
function behind(versions: readonly Row[], time: number): number {
  // Versions mostly come in order.
  if (versions.length === 0 || versions[versions.length - 1]!.time <= time) return versions.length;
  let low = 0;
  let high = versions.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (versions[middle]!.time <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
