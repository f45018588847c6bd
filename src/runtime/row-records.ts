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
    return values.every((value) => this.isRow(value, 0, value.length)) ? this.pieceReader(this.piece(keys, values)) : undefined;
  }

  /** The same of entries as they come from the store, and how many they are. @param skipped bytes that a key begins with there */
  entriesReader(entries: Uint8Array, skipped: number): { readonly count: number; readonly reader: StateReader } | undefined {
    const found = Buffer.from(entries.buffer, entries.byteOffset, entries.length);
    let [count, keyBytes] = [0, 0];
    for (let at = 0; at < found.length; count++) {
      const key = found.readUInt32LE(at);
      const length = found.readUInt32LE((at += 4 + key));
      if (!this.isRow(found, at + 4, length)) return undefined;
      keyBytes += key - skipped;
      at += 4 + length;
    }
    const piece = this.emptyPiece(count, keyBytes);
    let [row, to] = [PIECE_HEAD + count * 4, PIECE_HEAD + count * (4 + this.width)];
    for (let [i, at] = [0, 0]; i < count; i++) {
      const key = at + 4 + found.readUInt32LE(at);
      piece.writeUInt32LE(key - at - 4 - skipped, PIECE_HEAD + i * 4);
      for (at += 4 + skipped; at < key; at++) piece[to++] = found[at]!;
      at = key + 4 + this.bytes;
      for (let from = at - this.width; from < at; from++) piece[row++] = found[from]!;
    }
    return { count, reader: this.pieceReader(piece) };
  }

  private pieceReader(piece: Buffer): StateReader {
    return {
      keyed: () => {},
      groups: (name, take) => name === this.name && take(null, piece, ALL),
      whole: () => undefined,
      due: Number.POSITIVE_INFINITY,
    };
  }

  /** @param length of the value, which begins at `from` */
  private isRow(bytes: Buffer, from: number, length: number): boolean {
    const { head } = this;
    if (length !== this.bytes) return false;
    for (let i = 0; i < head.length; i++) if (bytes[from + i] !== head[i]) return false;
    return true;
  }

  /** As frozen.ts of the kernels lays them out, but all in one key group: all groups are wanted. */
  private emptyPiece(count: number, keyBytes: number): Buffer {
    const bytes = Buffer.alloc(PIECE_HEAD + count * (4 + this.width) + keyBytes);
    [count, this.width, keyBytes, count, count].forEach((n, i) => bytes.writeUInt32LE(n, i * 4));
    return bytes;
  }

  private piece(keys: readonly string[], values: readonly Buffer[]): Buffer {
    const bytes = this.emptyPiece(keys.length, keys.reduce((sum, key) => sum + key.length, 0));
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
