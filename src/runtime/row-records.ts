// in: keys of which nothing is kept but a row in kernel memory
// out: their records, the same bytes as those of others, made and read without a value for each part of them

import { KEY_GROUPS, type StateReader } from '../model/state.ts';
import { ValueWriter } from '../snapshot/values.ts';
import type { LevelStore, RowHeads } from '../state/level/store.ts';
import { ALL, inKernel } from './state-records.ts';

const PIECE_HEAD = 16 + KEY_GROUPS * 4;

/** Records of the rows of one operator. */
export class RowRecords {
  /** what each of them begins with */
  private readonly head: Buffer;

  /** @param width bytes of a row */
  constructor(
    readonly name: string,
    readonly width: number,
  ) {
    const writer = new ValueWriter();
    for (const value of ['', inKernel(name), '\0'.repeat(width)]) writer.value(value);
    this.head = Buffer.from(writer.written.subarray(0, writer.written.length - width));
  }

  /** Puts the rows of a piece into the store; gives their keys. @param place what keys there begin with */
  write(store: LevelStore, place: string, piece: Buffer): string[] {
    const heads: RowHeads = [Buffer.from(place, 'latin1'), this.head];
    const keys: string[] = [];
    const rows = piece.readUInt32LE(0);
    const values = PIECE_HEAD + rows * 4;
    const row = { key: 0, keyEnd: values + rows * this.width, value: 0, valueEnd: values };
    for (let i = 0; i < rows; i++) {
      row.key = row.keyEnd;
      row.keyEnd += piece.readUInt32LE(PIECE_HEAD + i * 4);
      row.value = row.valueEnd;
      row.valueEnd += this.width;
      store.putRow(heads, piece, row);
      keys.push(piece.latin1Slice(row.key, row.keyEnd));
    }
    return keys;
  }

  /** Bytes of a record. */
  get bytes(): number {
    return this.head.length + this.width;
  }

  /** Gives an operator these keys back; undefined: not all of the values are such records. */
  reader(keys: readonly string[], values: readonly Buffer[]): StateReader | undefined {
    if (!values.every((value) => this.isRow(value))) return undefined;
    const piece = this.piece(keys, values);
    return {
      keyed: () => {},
      groups: (name, take) => name === this.name && take(null, piece, ALL),
      whole: () => undefined,
      due: Number.POSITIVE_INFINITY,
    };
  }

  private isRow(value: Buffer): boolean {
    const { head } = this;
    if (value.length !== this.bytes) return false;
    for (let i = 0; i < head.length; i++) if (value[i] !== head[i]) return false;
    return true;
  }

  /** As frozen.ts of the kernels lays them out, but all in one key group: all groups are wanted. */
  private piece(keys: readonly string[], values: readonly Buffer[]): Buffer {
    const keyBytes = keys.reduce((sum, key) => sum + key.length, 0);
    const bytes = Buffer.alloc(PIECE_HEAD + keys.length * (4 + this.width) + keyBytes);
    [keys.length, this.width, keyBytes, keys.length, keys.length].forEach((n, i) => bytes.writeUInt32LE(n, i * 4));
    let row = PIECE_HEAD + keys.length * 4;
    let at = row + keys.length * this.width;
    for (let i = 0; i < keys.length; i++) {
      const [key, value] = [keys[i]!, values[i]!];
      bytes.writeUInt32LE(key.length, PIECE_HEAD + i * 4);
      for (let from = this.head.length; from < value.length; from++) bytes[row++] = value[from]!;
      for (let from = 0; from < key.length; from++) bytes[at++] = key.charCodeAt(from);
    }
    return bytes;
  }
}
