// in: a layout of the plan
// out: a batch with columns for its registers, which finds members, parses numbers and writes whole records when it is asked to

import { Batch, type Loader } from '../model/batch.ts';
import { type Column, MAX_ROWS, type TokenColumn } from '../model/column.ts';
import { WeirError } from '../model/errors.ts';
import type { LayoutSpec, RegisterSpec } from '../plan/layout.ts';
import { Scanner } from '../scan/scanner.ts';
import { elements, parseNumbers } from '../scan/columns.ts';
import { memory } from '../wasm/memory.ts';
import { RecordWriter } from './writer.ts';

/** The registers of one layout at work: the loader of its batch. */
class Frame implements Loader {
  private readonly done: Uint8Array;
  /** by parent register: the scanner that finds all members asked of it */
  private readonly inner = new Map<number, { scanner: Scanner; members: number[] }>();
  private readonly writers = new Map<number, RecordWriter>();

  constructor(private readonly registers: readonly RegisterSpec[]) {
    this.done = new Uint8Array(registers.length);
  }

  begin(batch: Batch): void {
    this.done.fill(0);
    for (const column of batch.columns) if (column.kind === 'token') column.parsed = false;
  }

  locate(batch: Batch, index: number): void {
    const { source } = this.registers[index]!;
    if (source.from === 'member' && !this.done[index]) this.findMembers(batch, source.parent, index);
    else if (source.from === 'record' && !this.done[index]) this.writeRecords(batch, index);
  }

  load(batch: Batch, index: number): void {
    this.locate(batch, index);
    const column = batch.columns[index]!;
    if (column.kind === 'token' && !column.parsed) parseNumbers(batch, column);
  }

  private findMembers(batch: Batch, parent: number, index: number): void {
    this.locate(batch, parent);
    const outer = batch.columns[parent]!;
    if (outer.kind !== 'token') throw new WeirError(`register ${parent} has no tokens`);
    const { source } = this.registers[index]!;
    if (source.from === 'member' && typeof source.key === 'number') {
      elements(batch, outer, source.key, batch.columns[index] as TokenColumn);
      this.done[index] = 1;
      return;
    }
    const { scanner, members } = this.members(batch, parent);
    scanner.spans(batch, outer);
    for (const m of members) this.done[m] = 1;
  }

  private members(batch: Batch, parent: number): { scanner: Scanner; members: number[] } {
    let inner = this.inner.get(parent);
    if (!inner) {
      const specs = this.registers.filter((r) => r.source.from === 'member' && r.source.parent === parent && typeof r.source.key === 'string');
      const fields = specs.map((r) => ({ name: (r.source as { key: string }).key, column: batch.columns[r.index] as TokenColumn }));
      inner = { scanner: new Scanner(memory(), fields), members: specs.map((r) => r.index) };
      this.inner.set(parent, inner);
    }
    return inner;
  }

  private writeRecords(batch: Batch, index: number): void {
    const { source } = this.registers[index]!;
    const column = batch.columns[index]!;
    if (source.from !== 'record' || column.kind !== 'value') return;
    let writer = this.writers.get(index);
    if (!writer) this.writers.set(index, (writer = new RecordWriter(source.writer, true)));
    writer.texts(batch, column.values);
    this.done[index] = 1;
  }
}

function columnOf(register: RegisterSpec): Column {
  return register.kind === 'token' ? memory().tokens() : { kind: 'value', values: new Array(MAX_ROWS).fill(undefined) };
}

/** A batch for records of this layout; one is enough for each place that makes records, since batches are used up at once. */
export function makeBatch(layout: LayoutSpec): Batch {
  const batch = new Batch(memory(), new Frame(layout.registers));
  batch.columns = layout.registers.map(columnOf);
  return batch;
}
