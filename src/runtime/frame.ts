// in: a layout of the plan
// out: a batch with columns for its registers, which finds members, parses numbers and writes whole records when it is asked to

import { Batch, type Loader } from '../model/batch.ts';
import { type Column, MAX_ROWS, type TokenColumn } from '../model/column.ts';
import { WeirError } from '../model/errors.ts';
import type { LayoutSpec, RegisterSource, RegisterSpec } from '../plan/layout.ts';
import { encodeBytes, JsonText, Type } from '../model/token.ts';
import { listMembers } from '../scan/members.ts';
import { Scanner } from '../scan/scanner.ts';
import { elements, parseNumbers } from '../scan/columns.ts';
import { memory } from '../wasm/memory.ts';
import { RecordWriter } from './writer.ts';

/** Bytes of one character as JSON at most, escaped. */
const CHARACTER_BYTES = 16;

type Choice = Extract<RegisterSource, { from: 'either' | 'unless' }>;

/** The registers of one layout at work: the loader of its batch. */
class Frame implements Loader {
  private readonly done: Uint8Array;
  /** by parent register: the scanner that finds all members asked of it */
  private readonly inner = new Map<number, { scanner: Scanner; members: number[] }>();
  private readonly writers = new Map<number, RecordWriter>();
  /** by register: room for characters of strings that are indexed */
  private readonly characters = new Map<number, number>();

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
    else if ((source.from === 'either' || source.from === 'unless') && !this.done[index]) {
      for (const of of [source.first.index, source.other.index]) this.locate(batch, of);
      choose(batch, source, batch.columns[index]!);
      this.done[index] = 1;
    }
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
      this.indexOthers(batch, outer, source.key, index);
      this.done[index] = 1;
      return;
    }
    const { scanner, members } = this.members(batch, parent);
    scanner.spans(batch, outer);
    for (const m of members) this.done[m] = 1;
  }

  /** What is no array can be indexed, too: strings give a character, objects the member of that name. */
  private indexOthers(batch: Batch, outer: TokenColumn, key: number, index: number): void {
    const into = batch.columns[index] as TokenColumn;
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const type = outer.type[row]!;
      if (type === Type.object) memberAt(outer, row, key, into);
      else if (type === Type.string || type === Type.escaped) this.characterAt(batch, outer, row, key, index);
    }
  }

  private characterAt(batch: Batch, outer: TokenColumn, row: number, key: number, index: number): void {
    const character = (batch.read(outer, row) as string)[key];
    if (character === undefined) return;
    let room = this.characters.get(index);
    if (room === undefined) this.characters.set(index, (room = memory().alloc(MAX_ROWS * CHARACTER_BYTES)));
    const into = batch.columns[index] as TokenColumn;
    into.start[row] = room + row * CHARACTER_BYTES;
    into.end[row] = memory().put(encodeBytes(JSON.stringify(character)), into.start[row]!);
    into.type[row] = Type.escaped;
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

function memberAt(outer: TokenColumn, row: number, key: number, into: TokenColumn): void {
  const member = listMembers(outer.start[row]!, outer.end[row]!).findLast((m) => m.name === String(key));
  if (!member) return;
  into.start[row] = member.valueStart;
  into.end[row] = member.valueEnd;
  into.type[row] = member.type;
}

/** Fills a register that chooses between two, in the selected rows. */
function choose(batch: Batch, { from, first, other }: Choice, into: Column): void {
  const [one, two] = [batch.columns[first.index]!, batch.columns[other.index]!];
  for (let k = 0; k < batch.count; k++) {
    const row = batch.sel[k]!;
    const isThere = one.kind === 'token' ? one.type[row] !== Type.missing : one.values[row] !== undefined;
    const chosen = !isThere ? two : from === 'either' ? one : undefined;
    if (into.kind === 'value') into.values[row] = chosen && valueAt(chosen, row);
    else if (chosen?.kind === 'token') {
      into.start[row] = chosen.start[row]!;
      into.end[row] = chosen.end[row]!;
      into.type[row] = chosen.type[row]!;
    } else into.type[row] = Type.missing;
  }
}

/** A value as it is written. */
function valueAt(column: Column, row: number): unknown {
  if (column.kind === 'value') return column.values[row];
  if (column.type[row] === Type.missing) return undefined;
  return new JsonText(memory().memory.latin1Slice(column.start[row]!, column.end[row]!));
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

/** The rows of `from`, seen through a derived layout: its columns are those that it would have copied. Call the result before each use. */
export function viewBatch(layout: LayoutSpec, from: Batch): () => Batch {
  const columns = layout.registers.map((r) => (r.source.from === 'copy' ? from.columns[r.source.of.index]! : columnOf(r)));
  const copied = layout.registers.flatMap((r) => (r.source.from === 'copy' ? [r.source.of.index] : []));
  const view = from.view(columns, new Frame(layout.registers));
  return () => {
    from.locate(copied);
    view.follow(from);
    return view;
  };
}
