// in: a batch of one input
// out: its rows' lines in kernel memory, and the slots of their keys

import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS } from '../../model/column.ts';
import type { OperatorContext, TextWriter } from '../../model/stage.ts';
import { Area } from '../../wasm/area.ts';
import { memory } from '../../wasm/memory.ts';
import { Keys } from '../groups/keys.ts';
import { UNKNOWN } from './byte-shapes.ts';
import type { RecordBytes } from './byte-splicer.ts';
import type { InputPlan } from './input-rows.ts';
import type { KeySlots } from './key-slots.ts';
import { NONE } from './row-store.ts';

const FIRST_BYTES = 1 << 16;

/** The rows of a batch, while it is joined. */
export class BatchLines {
  private readonly keys: Keys;
  private readonly writer: TextWriter;
  private readonly bytes = new Area(FIRST_BYTES);
  private readonly ends = memory().u32(MAX_ROWS);
  private readonly slots = memory().u32(MAX_ROWS);
  /** by row: the slot of its key; NONE: there is none */
  readonly slotOf = new Int32Array(this.slots.view.buffer, this.slots.at, MAX_ROWS);

  constructor(context: OperatorContext, plan: InputPlan) {
    this.keys = new Keys(plan.keys!);
    this.writer = context.texts(plan.writer);
  }

  /** The keys of the selected rows that have one, one char a byte. What it puts on the scratch stack is the caller's to give back. */
  keyTexts(batch: Batch): string[] {
    const { keys } = this;
    keys.encode(batch);
    const texts: string[] = [];
    for (let k = 0; k < batch.count; k++) if (!keys.hasNull(batch.sel[k]!)) texts.push(keys.text(batch.sel[k]!));
    return texts;
  }

  /** Sets `slotOf` for the selected rows. What it puts on the scratch stack is the caller's to give back. */
  find(batch: Batch, table: KeySlots): void {
    const { start, length, hash } = this.keys;
    this.keys.encode(batch);
    table.findAll(batch.at.sel, batch.count, start.at, length.at, hash.at, this.slots.at);
    for (let k = 0; k < batch.count; k++) if (this.keys.hasNull(batch.sel[k]!)) this.slotOf[batch.sel[k]!] = NONE;
  }

  /** Writes the lines of the selected rows. */
  write(batch: Batch): void {
    this.writer.locate(batch);
    this.writer.append(batch, this.bytes);
    memory().kernels.lineEnds(this.bytes.at, batch.count, 0, this.ends.at);
  }

  /** Sets `into` to the line of the row sel[k]. */
  bytesOf(k: number, into: RecordBytes): void {
    into.at = k === 0 ? this.bytes.at : this.ends.view[k - 1]!;
    into.end = this.ends.view[k]! - 1;
    into.shape = UNKNOWN;
  }

  /** Forgets the lines. */
  clear(): void {
    this.bytes.used = 0;
  }
}
