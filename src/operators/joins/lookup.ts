// in: left rows, and a table of right rows that is read before them
// out: each left row with the rows of the table that have its key

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext, Side, TextWriter } from '../../model/stage.ts';
import type { HeldState, StateReader, StateWriter } from '../../model/state.ts';
import { heldByKey, heldList, sumHeld } from '../../state/held.ts';
import { memory } from '../../wasm/memory.ts';
import { Keys } from '../groups/keys.ts';
import type { InputPlan, InputRows } from './input-rows.ts';
import type { MergePlan } from './branch-merge.ts';
import { Merge } from './merge.ts';
import type { JoinResults, Place } from './results.ts';
import { loadRow, Row, type SavedRow, saveRow } from './row.ts';
import type { JoinRules } from './types.ts';

interface Waiting {
  readonly row: Row;
  /** before it */
  readonly watermark: number;
}

/** Left rows are joined at once, in their order. Where they come before the table is whole, as those of a branch do, they wait. */
export class LookupJoin extends Merge {
  private readonly table = new Map<string, Row[]>();
  /** all right rows in order, where those without a partner come out */
  private readonly all: Row[] = [];
  private waiting: Waiting[] = [];
  private readonly keys: Keys;
  private readonly writer: TextWriter;
  private readonly texts: string[] = new Array(MAX_ROWS);
  private readonly partnersOf: (readonly Row[])[] = new Array(MAX_ROWS);

  constructor(
    context: OperatorContext,
    merge: MergePlan,
    private readonly rules: JoinRules,
    private readonly left: InputPlan,
    leftRows: InputRows,
    rightRows: InputRows,
    private readonly results: JoinResults,
  ) {
    super(context, merge, leftRows, rightRows);
    this.keys = new Keys(left.keys!);
    this.writer = context.texts(left.writer);
  }

  protected take(row: Row): void {
    if (row.isLeft) this.waiting.push({ row, watermark: this.before });
    else this.addRight(row);
  }

  private addRight(row: Row): void {
    if (this.rules.rightAlone) this.all.push(row);
    if (row.key === undefined) return;
    const rows = this.table.get(row.key);
    if (rows) rows.push(row);
    else this.table.set(row.key, [row]);
  }

  /** The watermark is that of the left input alone. */
  protected step(): void {}

  protected flush(): void {
    this.results.flush();
  }

  /** Once the table is whole, left rows go through without being kept. */
  override push(batch: Batch): void {
    if (this.rightRows.hasGone && this.leftRows.isEmpty && this.waiting.length === 0) this.joinBatch(batch);
    else super.push(batch);
  }

  override advance(): Side | undefined {
    if (this.isOver) return undefined;
    while (!this.rightRows.isEmpty) this.takeNext(this.rightRows);
    if (!this.rightRows.hasEnded) return 'right';
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    while (!this.leftRows.isEmpty) this.takeNext(this.leftRows);
    for (const { row, watermark } of this.waiting) this.joinRow(row, watermark, row.key === undefined ? [] : (this.table.get(row.key) ?? []));
    this.waiting = [];
    this.isOver = this.leftRows.hasEnded;
    if (this.isOver) this.finish();
    this.flush();
    kernels.scratchSet(mark);
    if (this.isOver) this.context.out.end();
    return this.isOver ? undefined : 'left';
  }

  private joinBatch(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    if (batch.count > 0) this.find(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const window = this.left.isWindowed ? { start: batch.windowStart[row]!, end: batch.windowEnd[row]! } : undefined;
      this.joinRow(new Row(true, undefined, this.texts[row]!, batch.time[row]!, window), batch.watermark[row]!, this.partnersOf[row]!);
    }
    this.results.watermark = this.heldBack(batch.after);
    this.leftRows.after = batch.after;
    this.flush();
    kernels.scratchSet(mark);
  }

  /** Finds the rows of the table for each left row; selects those left rows of which something may come, and writes their texts. */
  private find(batch: Batch): void {
    const { type } = this.rules;
    const isAsked = this.results.asks;
    this.keys.encode(batch);
    let kept = 0;
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const partners = (this.keys.hasNull(row) ? undefined : this.table.get(this.keys.text(row))) ?? [];
      this.partnersOf[row] = partners;
      if (type === 'anti' ? isAsked || partners.length === 0 : this.rules.leftAlone || partners.length > 0) batch.sel[kept++] = row;
    }
    batch.count = kept;
    if (kept === 0) return;
    this.writer.locate(batch);
    this.writer.lines(batch, this.texts);
  }

  private joinRow(left: Row, watermark: number, candidates: readonly Row[]): void {
    const place: Place = left;
    this.results.watermark = this.heldBack(watermark);
    const partners = this.results.partners(left, candidates, () => place);
    if (this.rules.pairs) {
      for (let i = 0; i < partners.length; i++) {
        partners[i]!.isMatched = true;
        this.results.pair(left, partners[i]!, place);
      }
    }
    if (partners.length > 0 ? this.rules.type === 'semi' : this.rules.leftAlone) this.results.leftAlone(left, place);
  }

  /** Right rows without a partner come out at the end, whatever their time. */
  private heldBack(watermark: number): number {
    return this.rules.rightAlone && watermark !== Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : watermark;
  }

  private finish(): void {
    for (const row of this.all) if (!row.isMatched) this.results.rightAlone(row, { time: row.time, window: undefined });
    this.results.watermark = this.leftRows.after;
  }

  protected heldRows(): HeldState {
    return sumHeld([heldByKey(this.table), heldList(this.all, this.all.length), heldList(this.waiting, this.waiting.length)]);
  }

  save(to: StateWriter): void {
    for (const [key, rows] of this.table) to.keyed('table', key, rows.map(saveRow));
    const keyless = this.all.filter((row) => row.key === undefined).map(saveRow);
    to.whole('rest', { keyless, waiting: this.waiting.map(({ row, watermark }) => [saveRow(row), watermark]), watermark: this.results.watermark });
  }

  load(from: StateReader): void {
    const rows: Row[] = [];
    from.keyed('table', (_, saved) => rows.push(...(saved as SavedRow[]).map((row) => loadRow(row, false))));
    const rest = from.whole('rest') as { keyless: SavedRow[]; waiting: [SavedRow, number][]; watermark: number } | undefined;
    rows.push(...(rest?.keyless ?? []).map((row) => loadRow(row, false)));
    for (const row of rows.sort((a, b) => a.arrival - b.arrival)) this.addRight(row);
    this.waiting = (rest?.waiting ?? []).map(([row, watermark]) => ({ row: loadRow(row, true), watermark }));
    this.results.watermark = rest?.watermark ?? this.results.watermark;
  }
}
