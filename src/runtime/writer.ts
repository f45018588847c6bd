// in: a batch, and the plan's word for what a record is at this point
// out: the records as lines of JSON: their own bytes where nothing changed, with fields set in place or behind the last one, or just the fields

import { Area } from '../wasm/area.ts';
import type { Batch } from '../model/batch.ts';
import type { TokenColumn } from '../model/column.ts';
import type { ByteArea, TextWriter } from '../model/stage.ts';
import { encodeBytes, JsonText, Type } from '../model/token.ts';
import type { MemberAction, WriterSpec } from '../plan/layout.ts';
import { listMembers, type Member } from '../scan/members.ts';
import { memory } from '../wasm/memory.ts';
import { tokenize } from '../wasm/tokenize.ts';

/** One field that stages have set: its tokens, and those that the record has in its place. */
interface Step {
  readonly name: string;
  readonly register: number;
  readonly tokens: TokenColumn | undefined;
  readonly place: number | undefined;
  /** the name of that place in the record's bytes */
  readonly placeName: string | undefined;
}

const STEP_BYTES = 32;

/** Writes records as they are at one point of the plan. */
export class RecordWriter implements TextWriter {
  private readonly program: number;
  private readonly steps: readonly Step[];
  private readonly registers: number[];
  private readonly buffer: Area | undefined;
  private programmed: Batch | undefined;

  /** @param texts whether it is asked for records as `JsonText`, too */
  constructor(
    private readonly spec: WriterSpec,
    texts = false,
  ) {
    if (spec.bytes) spec.layout.readBytes();
    const m = memory();
    this.program = m.alloc(Math.max(1, spec.fields.length) * STEP_BYTES);
    this.steps = spec.fields.map(({ name, register, place }) => ({
      name,
      register: register.index,
      tokens: register.kind === 'value' ? m.tokens() : undefined,
      place: place === undefined ? undefined : spec.layout.scanned(place).index,
      placeName: place,
    }));
    this.registers = [...spec.fields.map((f) => f.register.index), ...spec.touched.map((r) => r.index)];
    this.buffer = texts ? new Area(1 << 16) : undefined;
  }

  /** Puts the names and the addresses of all columns where the kernels read them. */
  private writeProgram(batch: Batch): void {
    const m = memory();
    const words = new Uint32Array(m.buffer, this.program, this.steps.length * 8);
    this.steps.forEach((step, i) => {
      const literal = encodeBytes(`${JSON.stringify(step.name)}:`);
      const at = m.alloc(literal.length + 32);
      m.put(literal, at);
      const tokens = (step.tokens ?? batch.columns[step.register]) as TokenColumn;
      const place = step.place === undefined ? undefined : (batch.columns[step.place] as TokenColumn);
      words.set([at, literal.length, tokens.at.start, tokens.at.end, tokens.at.type, place?.at.start ?? 0, place?.at.end ?? 0, place?.at.type ?? 0], i * 8);
    });
    this.programmed = batch;
  }

  /** Appends the selected rows as lines to `out`; calls `full` whenever it has to be emptied. */
  write(batch: Batch, out: ByteArea, full: () => void): void {
    const mark = this.begin(batch);
    let k = 0;
    while (k < batch.count) {
      const to = this.easyUntil(batch, k);
      const rows = to > k ? this.writeEasy(batch, k, to, out) : this.writeHard(batch, batch.sel[k]!, out);
      if (rows === 0) this.makeRoom(out, full);
      k += rows;
    }
    memory().kernels.scratchSet(mark);
  }

  /** The selected rows as JsonText, by row: values of `$`, without the white space around them. */
  texts(batch: Batch, values: unknown[]): void {
    this.lines(batch, values as string[]);
    for (let k = 0; k < batch.count; k++) values[batch.sel[k]!] = new JsonText(trimmed(values[batch.sel[k]!] as string));
  }

  lines(batch: Batch, lines: string[]): void {
    const mark = this.begin(batch);
    const out = this.buffer!;
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      out.used = 0;
      while (!(this.easyUntil(batch, k) > k ? this.writeEasy(batch, k, k + 1, out) : this.writeHard(batch, row, out))) out.grow();
      lines[row] = out.bytes().latin1Slice(0, out.used - 1);
    }
    out.used = 0;
    memory().kernels.scratchSet(mark);
  }

  append(batch: Batch, to: ByteArea): void {
    this.write(batch, to, () => to.grow());
  }

  locate(batch: Batch): void {
    batch.locate(this.registers);
  }

  private begin(batch: Batch): number {
    if (this.programmed !== batch) this.writeProgram(batch);
    const mark = memory().kernels.scratchTop();
    this.locate(batch);
    for (const { tokens, register } of this.steps) if (tokens) tokenize(batch, (batch.columns[register] as { values: unknown[] }).values, tokens);
    return mark;
  }

  /** Called when the next row did not fit: the buffer is emptied, or grows where it is empty already. */
  private makeRoom(out: ByteArea, full: () => void): void {
    if (out.used === 0) out.grow();
    else full();
  }

  /** Rows sel[k …] up to here need no look at their members: no field is taken out of them or called otherwise. */
  private easyUntil(batch: Batch, k: number): number {
    if (!this.spec.bytes) return batch.count;
    let to = batch.count;
    for (const { index } of this.spec.touched) {
      const { type } = batch.columns[index] as TokenColumn;
      for (let i = k; i < to; i++) if (type[batch.sel[i]!] !== Type.missing) to = i;
    }
    for (const step of this.steps) {
      if (step.place === undefined) continue;
      const type = ((step.tokens ?? batch.columns[step.register]) as TokenColumn).type;
      const place = (batch.columns[step.place] as TokenColumn).type;
      for (let i = k; i < to; i++) {
        const row = batch.sel[i]!;
        if (type[row] === Type.missing && place[row] !== Type.missing) to = i;
      }
    }
    return to;
  }

  /** Returns how many rows fitted. */
  private writeEasy(batch: Batch, from: number, to: number, out: ByteArea): number {
    const { kernels } = memory();
    const { sel, recordStart, recordEnd } = batch.at;
    const n = this.steps.length;
    let rows: number;
    if (!this.spec.bytes) rows = kernels.writeProjected(this.program, n, sel, from, to, out.next, out.limit);
    else if (n === 0) rows = kernels.writeRecords(recordStart, recordEnd, sel, from, to, out.next, out.limit);
    else rows = kernels.writeOverlaid(this.program, n, recordStart, recordEnd, sel, from, to, out.next, out.limit);
    out.used = kernels.writeEnd() - out.at;
    return rows;
  }

  /** Writes a row member by member; returns 1, or 0 where it did not fit. */
  private writeHard(batch: Batch, row: number, out: ByteArea): number {
    const start = batch.recordStart[row]!;
    const end = batch.recordEnd[row]!;
    const members = listMembers(start, end);
    const placed = new Set(members.map((m) => m.name));
    const parts = members.flatMap((m) => this.memberText(batch, row, m, members));
    for (const step of this.steps) {
      if (step.placeName === undefined || !placed.has(step.placeName)) parts.push(...this.fieldText(batch, row, step, step.name));
    }
    const line = `{${parts.join(',')}}\n`;
    if (out.next + line.length + 64 > out.limit) return 0;
    out.used = memory().put(line, out.next) - out.at;
    return 1;
  }

  /** What one member of the record's bytes becomes: nothing, itself, or itself with another name or value. */
  private memberText(batch: Batch, row: number, member: Member, all: readonly Member[]): string[] {
    const action: MemberAction | undefined = this.spec.members.get(member.name);
    const text = memory().memory;
    const value = text.latin1Slice(member.valueStart, member.valueEnd);
    if (!action) return [`${text.latin1Slice(member.keyStart, member.keyEnd)}:${value}`];
    if (action.name === null) return [];
    const key = action.name === member.name ? text.latin1Slice(member.keyStart, member.keyEnd) : encodeBytes(JSON.stringify(action.name));
    if (!action.isSet) return [`${key}:${value}`];
    // Of duplicate names the last one counts, so that is where the new value goes.
    if (all.findLast((m) => m.name === member.name) !== member) return [`${key}:${value}`];
    const step = this.steps.find((s) => s.placeName === member.name)!;
    return this.fieldText(batch, row, step, action.name);
  }

  private fieldText(batch: Batch, row: number, step: Step, name: string): string[] {
    const tokens = (step.tokens ?? batch.columns[step.register]) as TokenColumn;
    if (tokens.type[row] === Type.missing) return [];
    return [`${encodeBytes(JSON.stringify(name))}:${memory().memory.latin1Slice(tokens.start[row]!, tokens.end[row]!)}`];
  }
}

/** A record's text without the white space around it. */
function trimmed(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last === 125 && text.charCodeAt(0) === 123 ? text : text.trim();
}
