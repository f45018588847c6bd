// in: left rows, and a table of right rows that is read before them
// out: each left row with the rows of the table that have its key

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext, Side, TextWriter } from '../../model/stage.ts';
import type { StateReader, StateWriter } from '../../model/state.ts';
import { memory } from '../../wasm/memory.ts';
import { Keys } from '../groups/keys.ts';
import type { InputPlan, InputRows } from './input-rows.ts';
import { Merge, type MergePlan } from './merge.ts';
import type { JoinResults, Place } from './results.ts';
import { loadRow, Row, type SavedRow, saveRow } from './row.ts';
import type { JoinRules } from './types.ts';

/** Left rows are joined at once, in their order. Where they come before the table is whole, as those of a branch do, they wait. */
export class LookupJoin extends Merge {
  private readonly table = new Map<string, Row[]>();
  /** all right rows in order, where those without a partner come out */
  private readonly all: Row[] = [];
  private waiting: Row[] = [];
  private readonly keys: Keys;
  private readonly writer: TextWriter;
  private readonly texts: string[] = new Array(MAX_ROWS);
  private readonly partnersOf: (readonly Row[])[] = new Array(MAX_ROWS);
  private latest = Number.NEGATIVE_INFINITY;

  constructor(
    context: OperatorContext,
    merge: MergePlan,
    private readonly rules: JoinRules,
    left: InputPlan,
    leftRows: InputRows,
    rightRows: InputRows,
    private readonly results: JoinResults,
    private readonly isRightTimed: boolean,
  ) {
    super(context, merge, leftRows, rightRows);
    this.keys = new Keys(left.keys!);
    this.writer = context.texts(left.writer);
  }

  protected take(row: Row): void {
    if (row.isLeft) this.waiting.push(row);
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
    if (this.rightRows.hasGone && this.leftRows.size === 0 && this.waiting.length === 0) this.joinBatch(batch);
    else super.push(batch);
  }

  override advance(): Side | undefined {
    if (this.isOver) return undefined;
    while (this.rightRows.next) this.takeNext(this.rightRows);
    if (!this.rightRows.hasEnded) return 'right';
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    while (this.leftRows.next) this.takeNext(this.leftRows);
    for (const row of this.waiting) this.joinRow(row, row.key === undefined ? [] : (this.table.get(row.key) ?? []));
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
      const left = new Row(true, undefined, this.texts[row]!, batch.time[row]!, batch.watermark[row]!, batch.windowStart[row]!, batch.windowEnd[row]!);
      this.joinRow(left, this.partnersOf[row]!);
    }
    this.results.watermark = this.leftRows.after = batch.after;
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
      if (this.rules.rightAlone) this.latest = Math.max(this.latest, batch.time[row]!);
      if (type === 'anti' ? isAsked || partners.length === 0 : this.rules.leftAlone || partners.length > 0) batch.sel[kept++] = row;
    }
    batch.count = kept;
    if (kept === 0) return;
    this.writer.locate(batch);
    this.writer.lines(batch, this.texts);
  }

  private joinRow(left: Row, candidates: readonly Row[]): void {
    const place: Place = { time: left.time, start: left.windowStart, end: left.windowEnd };
    this.results.watermark = left.watermark;
    const partners = this.results.partners(left, candidates, () => place);
    if (this.rules.pairs) {
      for (let i = 0; i < partners.length; i++) {
        partners[i]!.isMatched = true;
        this.results.pair(left, partners[i]!, place);
      }
    }
    if (partners.length > 0 ? this.rules.type === 'semi' : this.rules.leftAlone) this.results.leftAlone(left, place);
  }

  /** Right rows without a partner: at their own time, or, if they have none, at the latest of the left rows. */
  private finish(): void {
    for (const row of this.all) {
      if (row.isMatched) continue;
      this.results.rightAlone(row, { time: this.isRightTimed ? row.time : this.latest, start: Number.NaN, end: Number.NaN });
    }
    this.results.watermark = this.leftRows.after;
  }

  save(to: StateWriter): void {
    for (const [key, rows] of this.table) to.keyed('table', key, rows.map(saveRow));
    const keyless = this.all.filter((row) => row.key === undefined).map(saveRow);
    to.whole('rest', { keyless, waiting: this.waiting.map(saveRow), latest: this.latest, watermark: this.results.watermark });
  }

  load(from: StateReader): void {
    const rows: Row[] = [];
    from.keyed('table', (_, saved) => rows.push(...(saved as SavedRow[]).map((row) => loadRow(row, false))));
    const rest = from.whole('rest') as { keyless: SavedRow[]; waiting: SavedRow[]; latest: number; watermark: number } | undefined;
    rows.push(...(rest?.keyless ?? []).map((row) => loadRow(row, false)));
    for (const row of rows.sort((a, b) => a.arrival - b.arrival)) this.addRight(row);
    this.waiting = (rest?.waiting ?? []).map((row) => loadRow(row, true));
    this.latest = rest?.latest ?? this.latest;
    this.results.watermark = rest?.watermark ?? this.results.watermark;
  }
}
