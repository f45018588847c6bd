// in: records with event time
// out: a record for each window that it falls into, with the window's bounds

import type { Batch } from '../../model/batch.ts';
import type { Register, TokenColumn } from '../../model/column.ts';
import { orderText } from '../../model/order.ts';
import type { JobSettings, Operator, OperatorContext, Point, RecordWriterSpec, RowCopier, StageCall, StagePlan } from '../../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import { RowEmitter } from '../groups/emitter.ts';
import { KeepingOperator } from '../groups/keeping-operator.ts';
import { byKeys, Keys, planKeys } from '../groups/keys.ts';
import { type KeptRow, RowKeeper } from '../groups/kept-rows.ts';
import { putTime } from '../groups/row-results.ts';
import type { Grid } from './grid.ts';
import { windowKind } from './kinds.ts';
import { LateRecords, planLate } from './late.ts';
import { keysOf, needTime, optionDuration } from './plan.ts';
import { SessionSet } from './session-set.ts';
import { Gaps, planGap } from './sessions.ts';

/** The registers of a record's window. */
interface Bounds {
  readonly start: Register;
  readonly end: Register;
  readonly settings: JobSettings;
}

function assignBounds(point: Point): Bounds {
  const bounds = { start: point.assign('window_start', 'token', true), end: point.assign('window_end', 'token', true), settings: point.settings };
  point.windowed = true;
  return bounds;
}

/** Plans the stage `window`. */
export function planWindowRows(call: StageCall, point: Point): StagePlan {
  needTime(point);
  const kind = windowKind(call.args[0]!, call, point);
  if ('gap' in kind) return planSessionRows(kind.gap, call, point);
  const layout = point.derive();
  const bounds = assignBounds(point);
  return { distribution: { kind: 'forward' }, create: (context) => new WindowRows(context, kind.grid, bounds, context.copier(layout)) };
}

function putBounds(batch: Batch, row: number, { start, end, settings }: Bounds): void {
  putTime(batch.columns[start.index] as TokenColumn, row, batch.windowStart[row]!, settings);
  putTime(batch.columns[end.index] as TokenColumn, row, batch.windowEnd[row]!, settings);
}

/** Windows on a grid are known at once. */
class WindowRows implements Operator {
  constructor(
    private readonly context: OperatorContext,
    private readonly grid: Grid,
    private readonly bounds: Bounds,
    private readonly rows: RowCopier,
  ) {}

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    for (let k = 0; k < batch.count; k++) this.copies(batch, batch.sel[k]!, mark);
    this.rows.flush(batch.after);
    kernels.scratchSet(mark);
  }

  private copies(batch: Batch, row: number, mark: number): void {
    const { grid, rows } = this;
    const pane = grid.pane(batch.time[row]!);
    if (Number.isNaN(pane)) return;
    for (let end = grid.nextEnd(pane, Number.NEGATIVE_INFINITY); end < Number.POSITIVE_INFINITY; end = grid.nextEnd(pane, end)) {
      if (rows.isFull) {
        rows.flush(batch.watermark[row]!);
        memory().kernels.scratchSet(mark);
      }
      const to = rows.copy(batch, row);
      rows.batch.windowStart[to] = grid.startOf(end);
      rows.batch.windowEnd[to] = end;
      putBounds(rows.batch, to, this.bounds);
    }
  }

  end(): void {
    this.context.out.end();
  }
}

function planSessionRows(gapText: string, call: StageCall, point: Point): StagePlan {
  const gap = planGap(gapText, point);
  const late = planLate(call, point);
  const lateness = optionDuration(call, 'allowed-lateness') ?? 0;
  const keys = planKeys(keysOf(call, point), point);
  const writer = point.writer();
  const layout = point.reissue();
  const bounds = assignBounds(point);
  return {
    distribution: byKeys(keys),
    rejects: typeof gap !== 'number',
    state: 'the records of open sessions',
    isEvictable: true,
    create: (context) => new SessionRows(context, new Gaps(context, gap), new Keys(keys), lateness, bounds, new LateRecords(context, late), writer, new RowEmitter(context, layout)),
  };
}

/** A session is known when it is over, so its records wait for that. */
class SessionRows extends KeepingOperator implements Evictable {
  readonly evictable = this;
  private readonly sessions: SessionSet<KeptRow[]>;

  constructor(
    context: OperatorContext,
    private readonly gaps: Gaps,
    readonly keys: Keys,
    private readonly lateness: number,
    private readonly bounds: Bounds,
    protected override readonly late: LateRecords,
    writer: RecordWriterSpec,
    emitter: RowEmitter,
  ) {
    super(context, new RowKeeper(context, writer), emitter, late);
    this.sessions = new SessionSet<KeptRow[]>({
      lateness,
      early: 0,
      make: () => [],
      merge: (into, from) => into.push(...from),
      save: (rows) => rows.map((kept) => this.keeper.save(kept)),
      load: (saved) => (saved as StateValue[]).map((row) => this.keeper.load(row)),
    });
  }

  protected prepare(batch: Batch): void {
    this.keys.encode(batch);
    this.gaps.prepare(batch);
  }

  protected takeRow(batch: Batch, row: number, watermark: number): void {
    const gap = this.gaps.of(batch, row);
    if (gap === undefined) return;
    const time = batch.time[row]!;
    const session = this.sessions.add(this.keys.text(row), time, time + gap, watermark);
    if (!session) this.late.add(row, watermark, time + gap + this.lateness - 2);
    else this.keep(batch, row, session.content, session, watermark);
  }

  /** A late record of a session that has printed comes out at once, alone: the others are out. */
  private keep(batch: Batch, row: number, rows: KeptRow[], session: { start: number; end: number }, watermark: number): void {
    const kept = this.keeper.keep(batch, row);
    if (session.end - 1 > watermark) {
      rows.push(kept);
      return;
    }
    this.keeper.settle(batch);
    this.emitter.watermark = watermark;
    this.context.cause.sequence = batch.sequence[row]!;
    this.emit(kept, session.start, session.end);
  }

  nextTimer(): number {
    return this.sessions.nextTimer;
  }

  fire(_: number, before: number, until: number): void {
    this.emitter.watermark = before;
    for (const { key, start, end, content } of this.sessions.due(until)) {
      if (this.context.cause.isOrdered) this.context.cause.order = orderText(this.sessions.at, end, start) + key;
      content.sort((a, b) => a.arrival - b.arrival);
      for (const kept of content.splice(0)) this.emit(kept, start, end);
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

  private emit(kept: KeptRow, start: number, end: number): void {
    const row = this.emitter.emit({ ...kept, windowStart: start, windowEnd: end });
    putBounds(this.emitter.records.batch, row, this.bounds);
  }
}
