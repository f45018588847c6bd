// in: records with event time, their keys, the gap that ends a session
// out: a row per session and key when the watermark passes the session's end

import { compileAggregates } from '../../expr/aggregates/plan.ts';
import { AggregateStates } from '../../expr/aggregates/states.ts';
import { type CompiledValue, compileValue } from '../../expr/compile.ts';
import { parseExpression } from '../../expr/parse.ts';
import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import { parseDuration } from '../../model/duration.ts';
import { UsageError } from '../../model/errors.ts';
import type { OperatorContext, Point, StageCall, StagePlan } from '../../model/stage.ts';
import { orderText } from '../../model/order.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { unwrap } from '../../model/token.ts';
import { byKeys, Keys, planKeys } from '../groups/keys.ts';
import { inOrder } from '../groups/ordered.ts';
import { keyTexts, type KeyTexts, planRowResults, RowResults } from '../groups/row-results.ts';
import { LateRecords, planLate } from './late.ts';
import { keysOf, needTime, optionDuration } from './plan.ts';
import { type Session, SessionSet } from './session-set.ts';
import { TimedOperator } from './timed-operator.ts';
import { tellingSkipped } from '../groups/skipped.ts';

/** The gap: ms, or an expression over the record. */
export type Gap = number | CompiledValue;

/** A DUR, or an expression in ms. Throws TextError, UsageError. */
export function planGap(text: string, point: Point): Gap {
  if (!/^[-+.\d]/.test(text)) return compileValue(parseExpression(text), point);
  const { ms } = parseDuration(text, { negative: true });
  if (ms <= 0) throw new UsageError(`GAP is to be more than 0, not '${text}'`);
  return ms;
}

export function planSessions(call: StageCall, point: Point): StagePlan {
  needTime(point);
  const gap = planGap(call.args[0]!, point);
  const late = planLate(call, point);
  const lateness = optionDuration(call, 'allowed-lateness') ?? 0;
  const early = optionDuration(call, 'early', { positive: true }) ?? 0;
  const keys = planKeys(keysOf(call, point), point);
  const aggregates = compileAggregates(call.args[1]!, point, { keys: keys.names, windowed: true });
  const results = planRowResults(point, true, keys.names, aggregates.names);
  return {
    distribution: byKeys(keys),
    rejects: typeof gap !== 'number',
    state: 'open sessions per key',
    isEvictable: true,
    create(context) {
      const parts = [new Keys(keys), new AggregateStates(aggregates, inOrder(aggregates.calls)), new RowResults(context, results), new LateRecords(context, late)] as const;
      return tellingSkipped(new Sessions(context, new Gaps(context, gap), lateness, early, ...parts), aggregates, context);
    },
  };
}

/** The gap of each record. */
export class Gaps {
  private readonly values: unknown[] = new Array(MAX_ROWS);

  constructor(
    private readonly context: OperatorContext,
    private readonly gap: Gap,
  ) {}

  prepare(batch: Batch): void {
    if (typeof this.gap !== 'number') this.gap.evaluate(batch, this.values);
  }

  /** ms; undefined, and the record is rejected, where it is no number above 0. */
  of(batch: Batch, row: number): number | undefined {
    if (typeof this.gap === 'number') return this.gap;
    const value = unwrap(this.values[row]);
    if (typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY) return Math.ceil(value);
    this.context.reject(batch, row, `the gap of a session is to be a number of ms above 0, not ${JSON.stringify(value)}`);
    return undefined;
  }
}

interface Content {
  readonly keys: KeyTexts;
  readonly states: unknown[];
}

/** Windows that grow with their records (Flink: EventTimeSessionWindows, MergingWindowSet). */
class Sessions extends TimedOperator implements Evictable {
  readonly evictable = this;
  readonly isDueTogether: boolean;
  private readonly sessions: SessionSet<Content>;

  constructor(
    context: OperatorContext,
    private readonly gaps: Gaps,
    private readonly lateness: number,
    early: number,
    readonly keys: Keys,
    private readonly states: AggregateStates,
    private readonly results: RowResults,
    private readonly late: LateRecords,
  ) {
    super(context);
    // Two sessions of a key never end at the same time, but they may print early at the same.
    this.isDueTogether = early > 0;
    this.sessions = new SessionSet<Content>({
      lateness,
      early,
      make: (key) => ({ keys: keyTexts(key), states: this.states.create() }),
      merge: (into, from) => this.states.merge(into.states, from.states),
      save: (content) => this.states.save(content.states),
      load: (saved, key) => ({ keys: keyTexts(key), states: this.states.load(saved as unknown[]) }),
    });
  }

  protected passOn(after: number): void {
    this.results.flush(after);
  }

  protected take(batch: Batch): void {
    this.keys.encode(batch);
    this.states.evaluate(batch);
    this.gaps.prepare(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const watermark = batch.watermark[row]!;
      if (watermark >= this.timeline.next) this.timeline.to(batch, row);
      const gap = this.gaps.of(batch, row);
      if (gap !== undefined) this.takeRow(batch, row, gap, watermark);
    }
    this.late.flush(batch);
  }

  private takeRow(batch: Batch, row: number, gap: number, watermark: number): void {
    const key = this.keys.text(row);
    const time = batch.time[row]!;
    const session = this.sessions.add(key, time, time + gap, watermark);
    if (!session) {
      this.late.add(row, watermark, time + gap + this.lateness - 2);
      return;
    }
    this.states.add(session.content.states, row);
    if (session.end - 1 > watermark) return;
    this.results.watermark = watermark;
    this.context.cause.sequence = batch.sequence[row]!;
    this.print(session);
  }

  nextTimer(): number {
    return this.sessions.nextTimer;
  }

  fire(_: number, before: number, until: number): void {
    this.results.watermark = before;
    for (const session of this.sessions.due(until)) {
      if (this.context.cause.isOrdered) this.context.cause.order = orderText(this.sessions.at, session.end, session.start) + session.key;
      this.print(session);
    }
  }

  held(): HeldState {
    return this.sessions.held();
  }

  due(_: string, saved: StateValue): string {
    return this.sessions.dueOf(saved);
  }

  evict(): void {
    this.sessions.clear();
  }

  override save(to: StateWriter): void {
    super.save(to);
    this.sessions.save(to);
  }

  override load(from: StateReader): void {
    super.load(from);
    this.sessions.load(from);
  }

  private print({ start, end, content: { keys, states } }: Session<Content>): void {
    this.results.add(keys, (values) => this.states.finish(states, values, start, end), end - 1, start, end);
  }
}
