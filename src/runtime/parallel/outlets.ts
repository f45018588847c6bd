// in: batches at the end of a task
// out: frames or lines for the task behind it, gathered for a block at a time

import { packFrame } from '../../exchange/frame.ts';
import { FrameRows, type FrameSpec } from '../../exchange/frame-rows.ts';
import { Area } from '../../wasm/area.ts';
import { LabelledLines } from '../../exchange/lines.ts';
import type { Batch } from '../../model/batch.ts';
import type { Distribution, Partitioner, Receiver } from '../../model/stage.ts';
import { KEY_GROUPS } from '../../model/state.ts';
import { groupOfHash } from '../../state/key-group.ts';
import type { LayoutSpec, WriterSpec } from '../../plan/layout.ts';
import type { TaskPlan } from '../../plan/tasks.ts';
import { viewBatch } from '../frame.ts';
import { RecordWriter } from '../writer.ts';

/** The last receiver of a task. */
export interface Outlet extends Receiver {
  /** The block is over: what came of it, by target; whoever takes it frees it. */
  takeBlock(): Area[];
}

const AREA_BYTES = 1 << 16;

/** What travels of the records at an exchange. */
export function frameSpec({ exchange, needsLines, keepsDropped: dropped }: TaskPlan, records: boolean): FrameSpec {
  const { layout, windowed: windows } = exchange!;
  const copied = layout.registers.filter((r) => r.source.from === 'copy');
  const of = (kind: 'token' | 'value') => copied.filter((r) => r.kind === kind).map((r) => r.index);
  return { tokens: of('token'), values: of('value'), records, windows, lines: needsLines, dropped };
}

/** Whether records that go through the exchange need their bytes. To be asked when the chains behind it have been made. */
export function bytesTravel({ exchange, needsLines }: TaskPlan): boolean {
  return exchange !== undefined && exchange.layout.bytes && (exchange.layout.needsBytes || needsLines);
}

/** Subtask of a key, whose group is its hash's (Flink: KeyGroupRangeAssignment). */
export function subtaskOf(group: number, parallelism: number): number {
  return Math.floor((group * parallelism) / KEY_GROUPS);
}

/** Deals rows out to subtasks by their keys, or, without keys, all of them to one. */
export class FrameOutlet implements Outlet {
  private readonly layout: LayoutSpec;
  protected readonly distribution: Distribution | undefined;
  private readonly partitioner: Partitioner | undefined;
  private readonly subtasks: Uint8Array;
  protected readonly rows: FrameRows[];
  protected areas: Area[];
  private readonly views = new Map<Batch, () => Batch>();
  protected readonly spec: FrameSpec;
  private readonly none = new Uint32Array(0);

  constructor(
    tasks: TaskPlan,
    protected readonly targets: number,
    needsBytes: boolean,
  ) {
    this.layout = tasks.exchange!.layout;
    this.distribution = tasks.receiving?.plan.distribution;
    this.partitioner = targets > 1 ? this.distribution?.partitioner?.() : undefined;
    this.subtasks = Uint8Array.from({ length: KEY_GROUPS }, (_, group) => subtaskOf(group, targets));
    this.rows = Array.from({ length: targets }, () => new FrameRows());
    this.areas = this.rows.map(() => new Area(AREA_BYTES));
    this.spec = frameSpec(tasks, needsBytes);
  }

  push(batch: Batch): void {
    this.dealRows(this.seen(batch));
  }

  /** The batch as it looks behind the exchange. */
  protected seen(batch: Batch): Batch {
    let view = this.views.get(batch);
    if (!view) this.views.set(batch, (view = viewBatch(this.layout, batch)));
    return view();
  }

  protected dealRows(seen: Batch): void {
    this.deal(seen, this.partitioner && seen.count > 0 ? this.partitioner.hashes(seen) : this.none);
    this.rows.forEach((rows, target) => packFrame(this.areas[target]!, seen, rows, this.spec));
  }

  protected targetOf(hash: number): number {
    return this.subtasks[groupOfHash(hash)]!;
  }

  end(): void {}

  takeBlock(): Area[] {
    const taken = this.areas;
    this.areas = taken.map(successor);
    return taken;
  }

  private deal({ sel, count, rows, watermark, after }: Batch, hashes: Uint32Array): void {
    for (const rows of this.rows) rows.clear();
    const steps = this.distribution?.steps;
    let [before, stepBefore] = [Number.NaN, Number.NaN];
    for (let row = 0, k = 0; row < rows; row++) {
      const now = watermark[row]!;
      if (now !== before) {
        const step = steps ? steps(now) : now;
        if (row > 0 && step !== stepBefore) for (const rows of this.rows) this.addStep(rows, row);
        [before, stepBefore] = [now, step];
      }
      if (k === count || sel[k] !== row) continue;
      k++;
      this.rows[this.targets === 1 ? 0 : this.targetOf(hashes[row]!)]!.addOwn(row);
    }
    if (this.spec.dropped && rows > 0 && after !== before) for (const all of this.rows) all.addStep(rows - 1);
  }

  /** With the row before it, since what fires carries the watermark that stood there. */
  private addStep(rows: FrameRows, row: number): void {
    if (rows.n === 0 || rows.all.view[rows.n - 1]! < row - 1) rows.addStep(row - 1);
    rows.addStep(row);
  }
}

/** Writes records as lines. */
export class LineOutlet implements Outlet {
  private readonly writer: RecordWriter;
  private readonly labels: LabelledLines | undefined;
  private text = new Area(AREA_BYTES);
  private readonly full = () => this.text.grow();
  records = 0;
  /** the watermark behind the last batch */
  after = Number.NEGATIVE_INFINITY;

  /** @param labels what lines are labelled with, where they have to be put in order with those of other subtasks */
  constructor(spec: WriterSpec, labels?: 'order' | 'numbers') {
    this.writer = new RecordWriter(spec);
    this.labels = labels && new LabelledLines(labels === 'numbers');
  }

  push(batch: Batch): void {
    this.after = batch.after;
    if (batch.count === 0) return;
    this.records += batch.count;
    const from = this.text.used;
    this.writer.write(batch, this.text, this.full);
    this.labels?.add(batch, this.text, from);
  }

  end(): void {}

  takeBlock(): Area[] {
    const { text } = this;
    this.text = successor(text);
    if (!this.labels) return [text];
    const packed = this.labels.pack(text);
    text.free();
    return [packed];
  }
}

/** An area for as much as came of the block before. */
function successor({ used }: Area): Area {
  return new Area(Math.max(AREA_BYTES, used));
}
