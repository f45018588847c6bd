// in: records and aggregates over those before them
// out: the records, in order of event time where there is one, with the aggregates as further fields

import type { AggregateCall } from '../../expr/aggregates/call.ts';
import type { AggregatePlan } from '../../expr/aggregates/plan.ts';
import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS, type Register } from '../../model/column.ts';
import { orderText } from '../../model/order.ts';
import type { Operator, OperatorContext, Point, StagePlan } from '../../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { fieldValue } from '../../model/token.ts';
import { frozenList } from '../../state/frozen-list.ts';
import { heldList, sumHeld } from '../../state/held.ts';
import { KeyedState } from '../../state/keyed-state.ts';
import { TimerQueue } from '../../state/timers.ts';
import { memory } from '../../wasm/memory.ts';
import { LateRecords, type LatePlan } from '../windows/late.ts';
import { RowEmitter } from './emitter.ts';
import { Frame, type FrameExtent, type Inputs, loadInputs, saveInputs } from './frame.ts';
import { KeepingOperator } from './keeping-operator.ts';
import { byKeys, Keys, type KeyPlan } from './keys.ts';
import { tellingSkipped } from './skipped.ts';
import { type KeptRow, RowKeeper } from './kept-rows.ts';

/** Plans the stage `over`. */
export function planFrames(point: Point, extent: FrameExtent, keys: KeyPlan, aggregates: AggregatePlan, late: LatePlan): StagePlan {
  const common = { distribution: byKeys(keys), state: 'the rows of a frame per key', isEvictable: true } as const;
  if (!point.timed) {
    const outputs = aggregates.names.map((name) => point.assign(name, 'value', aggregates.times.includes(name)));
    return { ...common, create: (context) => tellingSkipped(new ByArrival(context, extent, new Keys(keys), aggregates, outputs), aggregates, context) };
  }
  const writer = point.writer();
  const layout = point.reissue();
  const outputs = aggregates.names.map((name) => point.assign(name, 'value', aggregates.times.includes(name)));
  return {
    ...common,
    create(context) {
      const keeper = new RowKeeper(context, writer);
      const operator = new ByTime(context, extent, new Keys(keys), aggregates, outputs, keeper, new RowEmitter(context, layout), new LateRecords(context, late));
      return tellingSkipped(operator, aggregates, context);
    },
  };
}

/** The arguments of all calls, evaluated for a batch. */
class Arguments {
  private readonly columns: { call: AggregateCall; value: unknown[]; by: unknown[]; flags: Uint8Array }[];

  constructor({ calls }: AggregatePlan) {
    this.columns = calls.map((call) => ({ call, value: new Array(MAX_ROWS), by: new Array(MAX_ROWS), flags: new Uint8Array(MAX_ROWS).fill(1) }));
  }

  evaluate(batch: Batch): void {
    for (const { call, value, by, flags } of this.columns) {
      call.args[0]?.values.evaluate(batch, value);
      call.args[1]?.values.evaluate(batch, by);
      call.where?.evaluate(batch, flags);
    }
  }

  of(row: number): Inputs {
    return this.columns.map(({ value, by, flags }) => (flags[row] === 1 ? { value: value[row], by: by[row] } : undefined));
  }
}

/** Frames by key. */
class Frames {
  private readonly frames = new KeyedState<Frame>('frames', { save: (frame) => frame.save(), load: (saved) => this.make().load(saved) });

  constructor(
    private readonly aggregates: AggregatePlan,
    private readonly extent: FrameExtent,
  ) {}

  private make(): Frame {
    return new Frame(this.aggregates, this.extent);
  }

  of(key: string): Frame {
    let frame = this.frames.get(key);
    if (!frame) this.frames.set(key, (frame = this.make()));
    return frame;
  }

  held(): HeldState {
    return this.frames.held();
  }

  clear(): void {
    this.frames.clear();
  }

  save(to: StateWriter): void {
    this.frames.save(to);
  }

  load(from: StateReader): void {
    this.frames.load(from);
  }
}

/** Without event time: each record at once, over those that came before. */
class ByArrival implements Operator, Evictable {
  readonly evictable = this;
  private readonly frames: Frames;
  private readonly args: Arguments;

  constructor(
    private readonly context: OperatorContext,
    extent: FrameExtent,
    readonly keys: Keys,
    aggregates: AggregatePlan,
    private readonly outputs: readonly Register[],
  ) {
    this.frames = new Frames(aggregates, extent);
    this.args = new Arguments(aggregates);
  }

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    if (batch.count > 0) {
      this.keys.encode(batch);
      this.args.evaluate(batch);
    }
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const frame = this.frames.of(this.keys.text(row));
      setOutputs(batch, row, this.outputs, frame.take([{ time: Number.NaN, inputs: this.args.of(row) }])[0]!);
    }
    kernels.scratchSet(mark);
    this.context.out.push(batch);
  }

  held(): HeldState {
    return this.frames.held();
  }

  save(to: StateWriter): void {
    this.frames.save(to);
  }

  load(from: StateReader): void {
    this.frames.load(from);
  }

  evict(): void {
    this.frames.clear();
  }

  end(): void {
    this.context.out.end();
  }
}

function setOutputs(batch: Batch, row: number, outputs: readonly Register[], values: readonly unknown[]): void {
  outputs.forEach((register, i) => {
    (batch.columns[register.index] as { values: unknown[] }).values[row] = fieldValue(values[i]);
  });
}

interface Waiting {
  readonly key: string;
  readonly kept: KeptRow;
  readonly inputs: Inputs;
}

/** With event time: a record comes out when the watermark reaches it, over those before it in time (SQL: OVER, Flink: RowTimeRangeUnboundedPrecedingFunction and its kin). */
class ByTime extends KeepingOperator implements Evictable {
  readonly evictable = this;
  readonly isDueTogether = true;
  private readonly waiting = new TimerQueue<Waiting>();
  private readonly frames: Frames;
  private readonly args: Arguments;

  constructor(
    context: OperatorContext,
    private readonly extent: FrameExtent,
    readonly keys: Keys,
    aggregates: AggregatePlan,
    private readonly outputs: readonly Register[],
    keeper: RowKeeper,
    emitter: RowEmitter,
    protected override readonly late: LateRecords,
  ) {
    super(context, keeper, emitter, late);
    this.frames = new Frames(aggregates, extent);
    this.args = new Arguments(aggregates);
  }

  protected prepare(batch: Batch): void {
    this.keys.encode(batch);
    this.args.evaluate(batch);
  }

  protected takeRow(batch: Batch, row: number, watermark: number): void {
    const time = batch.time[row]!;
    if (time < watermark) this.late.add(row, watermark, time);
    else this.wait({ key: this.keys.text(row), kept: this.keeper.keep(batch, row), inputs: this.args.of(row) });
  }

  /** Rows of equal time come out in the order in which they came. */
  private wait(row: Waiting): void {
    this.waiting.add(row.kept.time, row, row.kept.arrival);
  }

  nextTimer(): number {
    return this.waiting.next;
  }

  fire(_: number, before: number, until: number): void {
    this.emitter.watermark = before;
    while (this.waiting.size > 0 && this.waiting.next <= until) this.release(this.waiting.next);
  }

  held(): HeldState {
    return sumHeld([this.frames.held(), heldList(this.waiting, this.waiting.size)]);
  }

  override save(to: StateWriter): void {
    super.save(to);
    this.frames.save(to);
    to.frozen(frozenList('waiting', this.waiting.items(), { key: ({ key }) => key, plain: ({ kept, inputs }) => [this.keeper.save(kept), saveInputs(inputs)] }));
  }

  override load(from: StateReader): void {
    super.load(from);
    this.frames.load(from);
    from.keyed('waiting', (key, saved) => {
      const [kept, inputs] = saved as [StateValue, StateValue];
      this.wait({ key, kept: this.keeper.load(kept), inputs: loadInputs(inputs) });
    });
  }

  due(name: string, saved: StateValue): string | undefined {
    if (name !== 'waiting') return undefined;
    const [{ time, arrival }] = saved as [KeptRow];
    return orderText(time, arrival);
  }

  evict(): void {
    this.frames.clear();
    this.waiting.clear();
  }

  private release(time: number): void {
    if (this.extent.range === undefined) {
      const row = this.waiting.take();
      this.print(row, this.frames.of(row.key).take([{ time, inputs: row.inputs }])[0]!);
      return;
    }
    const now: Waiting[] = [];
    while (this.waiting.size > 0 && this.waiting.next === time) now.push(this.waiting.take());
    // Records of one time and key see each other.
    const values = new Map<Waiting, readonly unknown[]>();
    for (const group of byKey(now)) {
      const results = this.frames.of(group[0]!.key).take(group.map(({ inputs }) => ({ time, inputs })));
      group.forEach((row, i) => values.set(row, results[i]!));
    }
    for (const row of now) this.print(row, values.get(row)!);
  }

  private print({ kept }: Waiting, values: readonly unknown[]): void {
    if (this.context.cause.isOrdered) this.context.cause.order = orderText(kept.time, kept.arrival);
    setOutputs(this.emitter.records.batch, this.emitter.emit(kept), this.outputs, values);
  }
}

function byKey(rows: readonly Waiting[]): Waiting[][] {
  const groups = new Map<string, Waiting[]>();
  for (const row of rows) {
    const group = groups.get(row.key);
    if (group) group.push(row);
    else groups.set(row.key, [row]);
  }
  return [...groups.values()];
}
