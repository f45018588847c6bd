// in: lines of one block, each with what it came of
// out: the same as bytes, and from several such pieces the lines in the order that one process would have written them

import type { Batch } from '../model/batch.ts';
import { memory } from '../wasm/memory.ts';
import { Area } from '../wasm/area.ts';

/** Numbers that a line carries along for the stages behind: event time, watermark, window. */
const NUMBERS = 4;
const AREA_BYTES = 1 << 12;
/** bytes: lines u32, bytes of orders u32, bytes of lines u32, whether there are numbers u32 */
const HEAD = 16;

/** Gathers the lines of one block, with their labels. */
export class LabelledLines {
  private n = 0;
  private sequences = new Area(AREA_BYTES);
  private numbers = new Area(AREA_BYTES);
  private orders = new Area(AREA_BYTES);
  private orderEnds = new Area(AREA_BYTES);
  private lineEnds = new Area(AREA_BYTES);

  /** @param withNumbers whether stages follow that read the lines again */
  constructor(private readonly withNumbers: boolean) {}

  /** The batch's rows have been written as lines at `text.at + from`. */
  add(batch: Batch, text: Area, from: number): void {
    const { count, sel } = batch;
    for (const area of [this.sequences, this.orderEnds, this.lineEnds]) area.need(count * 8 + 16);
    const { buffer, kernels } = memory();
    const sequences = new Float64Array(buffer, this.sequences.next, count);
    for (let k = 0; k < count; k++) sequences[k] = batch.sequence[sel[k]!]!;
    this.sequences.used += count * 8;
    kernels.lineEnds(text.at + from, count, text.at, this.lineEnds.next);
    this.lineEnds.used += count * 4;
    this.addOrders(batch);
    if (this.withNumbers) this.addNumbers(batch);
    this.n += count;
  }

  private addOrders({ count, isOrdered, at }: Batch): void {
    const { kernels, buffer } = memory();
    if (isOrdered) {
      this.orders.need(kernels.spanBytes(at.sel, count, at.orderStart, at.orderEnd));
      this.orders.used += kernels.gatherSpans(at.sel, count, at.orderStart, at.orderEnd, this.orders.next, this.orderEnds.next, this.orders.used);
    } else new Uint32Array(buffer, this.orderEnds.next, count).fill(this.orders.used);
    this.orderEnds.used += count * 4;
  }

  private addNumbers({ count, sel, time, watermark, windowStart, windowEnd }: Batch): void {
    this.numbers.need(count * NUMBERS * 8);
    const numbers = new Float64Array(memory().buffer, this.numbers.next, count * NUMBERS);
    for (let k = 0; k < count; k++) {
      const row = sel[k]!;
      numbers[k * NUMBERS] = time[row]!;
      numbers[k * NUMBERS + 1] = watermark[row]!;
      numbers[k * NUMBERS + 2] = windowStart[row]!;
      numbers[k * NUMBERS + 3] = windowEnd[row]!;
    }
    this.numbers.used += count * NUMBERS * 8;
  }

  /** Puts labels and lines one behind the other; begins anew. */
  pack(text: Area): Area {
    const parts = [this.sequences, this.numbers, this.orderEnds, this.lineEnds, this.orders, text];
    const to = new Area(HEAD + parts.reduce((bytes, { used }) => bytes + used, 0));
    new Uint32Array(memory().buffer, to.at, 4).set([this.n, this.orders.used, text.used, this.withNumbers ? 1 : 0]);
    to.used = HEAD;
    for (const part of parts) {
      to.copy(part.at, part.used);
      part.used = 0;
    }
    this.n = 0;
    return to;
  }
}

/** What LabelledLines packed, taken apart. Addresses. */
class Part {
  readonly n: number;
  readonly sequences: number;
  readonly numbers: Float64Array;
  readonly orderEnds: number;
  readonly lineEnds: Uint32Array;
  readonly orders: number;
  readonly lines: number;
  readonly bytes: number;
  i = 0;

  constructor(at: number) {
    const { buffer } = memory();
    const [n, orderBytes, lineBytes, hasNumbers] = new Uint32Array(buffer, at, 4) as unknown as [number, number, number, number];
    this.n = n;
    this.bytes = lineBytes;
    this.sequences = at + HEAD;
    this.numbers = new Float64Array(buffer, this.sequences + n * 8, hasNumbers * n * NUMBERS);
    this.orderEnds = this.sequences + n * 8 + this.numbers.byteLength;
    this.lineEnds = new Uint32Array(buffer, this.orderEnds + n * 4, n);
    this.orders = this.orderEnds + n * 8;
    this.lines = this.orders + orderBytes;
  }

  /** For the kernels. */
  get words(): number[] {
    return [this.n, this.sequences, this.orderEnds, this.orders, this.lineEnds.byteOffset, this.lines];
  }
}

/** The lines of several subtasks, in order by (sequence, order); those of one subtask in the order that they have. */
export class MergedLines {
  readonly count: number;
  private readonly parts: readonly Part[];
  private readonly words: Area;
  private readonly choices: Area;

  constructor(areas: readonly Area[]) {
    this.parts = areas.map(({ at }) => new Part(at));
    this.words = new Area(this.parts.length * 24);
    new Uint32Array(memory().buffer, this.words.at, this.parts.length * 6).set(this.parts.flatMap((part) => part.words));
    this.choices = new Area(this.parts.reduce((n, part) => n + part.n, 16));
    this.count = memory().kernels.mergeOrder(this.words.at, this.parts.length, this.choices.at);
  }

  /** All lines, one behind the other. */
  copy(to: Area): void {
    to.need(this.parts.reduce((bytes, part) => bytes + part.bytes, 0));
    to.used = memory().kernels.mergeCopy(this.words.at, this.parts.length, this.choices.at, this.count, to.next) - to.at;
  }

  /** Visits the lines, without their newlines (one char a byte), with their numbers. */
  each(visit: (line: string, sequence: number, numbers: Float64Array) => void): void {
    const { memory: bytes, buffer } = memory();
    for (let k = 0; k < this.count; k++) {
      const part = this.parts[bytes[this.choices.at + k]!]!;
      const i = part.i++;
      const line = bytes.latin1Slice(part.lines + (i === 0 ? 0 : part.lineEnds[i - 1]!), part.lines + part.lineEnds[i]! - 1);
      visit(line, new Float64Array(buffer, part.sequences, part.n)[i]!, part.numbers.subarray(i * NUMBERS, (i + 1) * NUMBERS));
    }
  }

  free(): void {
    this.words.free();
    this.choices.free();
  }
}
