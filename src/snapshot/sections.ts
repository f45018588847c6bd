// in: slices of an operator's state
// out: a section of a file for each, and the slices again, of wanted key groups only
//
// A section is the length of its head (u32), the head (JSON), and its values.
// Of kind `values` these are u32 × 128 ends of the key groups, then key and value of each entry, by key group; of kind `groups` which ones they are,
// as a value, then a piece as frozen.ts of the kernels lays it out; of kind `whole` the value.

import { KEY_GROUPS, type StateColumns, type StatePiece, type StateSlice, type StoredAccumulator, type WholeState } from '../model/state.ts';
import { ValueReader, ValueWriter } from './values.ts';

export interface Head {
  /** the operator's place in the pipeline */
  readonly operator: string;
  readonly kind: 'whole' | 'values' | 'groups';
  readonly name: string;
  /** length of the values */
  readonly bytes: number;
  /** of groups: what the records of a piece are made of */
  readonly accumulators?: readonly StoredAccumulator[] | undefined;
}

const ENDS_BYTES = KEY_GROUPS * 4;

/** Makes sections; the bytes of one are valid until the next is made. */
export class SectionWriter {
  private readonly writer = new ValueWriter();

  whole(operator: string, { name, value }: WholeState): Uint8Array[] {
    this.writer.clear();
    this.writer.value(value);
    return section(operator, 'whole', name, [this.writer.written]);
  }

  slice(operator: string, slice: StateSlice): Uint8Array[] {
    this.writer.clear();
    if (!('bytes' in slice)) return section(operator, 'values', slice.name, [this.ends(slice), this.writer.written]);
    this.writer.value(slice.of);
    return section(operator, 'groups', slice.name, [this.writer.written, slice.bytes], slice.accumulators);
  }

  /** Writes the entries of each key group in turn; gives where each ends. */
  private ends({ keys, groups, values }: StateColumns): Buffer {
    const byGroup: number[][] = Array.from({ length: KEY_GROUPS }, () => []);
    groups.forEach((group, i) => byGroup[group]!.push(i));
    const ends = Buffer.allocUnsafe(ENDS_BYTES);
    byGroup.forEach((own, group) => {
      this.writer.forget();
      for (const i of own) {
        this.writer.value(keys[i]!);
        this.writer.value(values[i]);
      }
      ends.writeUInt32LE(this.writer.written.length, group * 4);
    });
    return ends;
  }
}

function section(operator: string, kind: Head['kind'], name: string, values: readonly Uint8Array[], accumulators?: Head['accumulators']): Uint8Array[] {
  const head: Head = { operator, kind, name, bytes: values.reduce((sum, part) => sum + part.length, 0), accumulators };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(text.length);
  return [length, text, ...values];
}

export function readWhole({ name }: Head, values: Buffer): WholeState {
  return { name, value: new ValueReader(values).value() };
}

/** What a section of kind `values` or `groups` holds. @param wanted the key groups that are decoded, of values (undefined: all) */
export function readSlice({ kind, name, accumulators }: Head, values: Buffer, wanted?: ReadonlySet<number>): StateSlice {
  if (kind === 'values') return readValues(name, values, wanted);
  const reader = new ValueReader(values);
  const of = reader.value();
  return { name, of, bytes: values.subarray(reader.position), ...(accumulators && { accumulators }) };
}

function readValues(name: string, bytes: Buffer, wanted: ReadonlySet<number> | undefined): StateColumns {
  const found = { name, keys: [] as string[], groups: [] as number[], values: [] as unknown[] };
  for (let [group, from] = [0, 0]; group < KEY_GROUPS; group++) {
    const end = bytes.readUInt32LE(group * 4);
    if (!wanted || wanted.has(group)) {
      const reader = new ValueReader(bytes.subarray(ENDS_BYTES + from, ENDS_BYTES + end));
      while (!reader.isAtEnd) {
        found.keys.push(reader.value() as string);
        found.values.push(reader.value());
        found.groups.push(group);
      }
    }
    from = end;
  }
  return found;
}

/** State of one key, as people see it. */
export interface ShownEntry {
  readonly name: string;
  readonly key: string;
  /** key group */
  readonly group: number;
  readonly value: unknown;
}

/** The entries of a slice, one by one. */
export function* entriesOf(slice: StateSlice): Generator<ShownEntry> {
  if ('bytes' in slice) {
    yield* entriesOfPiece(slice);
    return;
  }
  const { name, keys, groups, values } = slice;
  for (let i = 0; i < keys.length; i++) yield { name, key: keys[i]!, group: groups[i]!, value: values[i] };
}

const PIECE_HEAD = 16 + KEY_GROUPS * 4;

/** Of a piece the value is a record's bytes, one char a byte, behind what it is of. */
function* entriesOfPiece({ name, of, bytes: raw }: StatePiece): Generator<ShownEntry> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  const [rows, width] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
  const values = PIECE_HEAD + rows * 4;
  let at = values + rows * width;
  for (let [group, row] = [0, 0]; group < KEY_GROUPS; group++) {
    for (const behind = row + bytes.readUInt32LE(16 + group * 4); row < behind; row++) {
      const end = at + bytes.readUInt32LE(PIECE_HEAD + row * 4);
      const own = bytes.latin1Slice(values + row * width, values + (row + 1) * width);
      yield { name, key: bytes.latin1Slice(at, end), group, value: of === null ? own : [of, own] };
      at = end;
    }
  }
}
