// in: JavaScript values by row
// out: tokens of their JSON text, in kernel memory

import type { Batch } from '../model/batch.ts';
import type { TokenColumn } from '../model/column.ts';
import { JsonText, Type } from '../model/token.ts';
import { type Memory, memory } from './memory.ts';

const QUOTE = 34;
/** Bytes that a short value's text takes at most: no number is longer. */
const SHORT = 32;

function typeOfText(first: number): number {
  if (first === QUOTE) return Type.escaped;
  if (first === 123) return Type.object;
  if (first === 91) return Type.array;
  if (first === 116) return Type.true;
  if (first === 102) return Type.false;
  return first === 110 ? Type.null : Type.number;
}

function putInteger(bytes: Uint8Array, value: number, at: number): number {
  if (value < 0) {
    bytes[at++] = 45;
    value = -value;
  }
  let end = at + 1;
  for (let v = value; v >= 10; v = Math.floor(v / 10)) end++;
  for (let p = end - 1, v = value; p >= at; p--) {
    const q = Math.floor(v / 10);
    bytes[p] = 48 + v - q * 10;
    v = q;
  }
  return end;
}

function putNumber(m: Memory, value: number, at: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return putInteger(m.memory, value, at);
  const text = String(value);
  for (let i = 0; i < text.length; i++) m.memory[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** Writes a string as JSON; returns the address behind it. */
function putText(m: Memory, text: string, at: number): number {
  m.needScratch(at, text.length * 3 + SHORT);
  return at + m.memory.utf8Write(text, at);
}

/** Writes the JSON text of a value at `at`; sets the token of row `row`; returns the address behind the text. */
export function putValue(m: Memory, column: TokenColumn, row: number, value: unknown, at: number): number {
  let end = at;
  let type: number = Type.missing;
  if (typeof value === 'number' && Number.isFinite(value)) {
    m.needScratch(at, SHORT);
    end = putNumber(m, value, at);
    type = Type.number;
    column.num[row] = value;
  } else if (typeof value === 'string') {
    end = putText(m, JSON.stringify(value), at);
    type = Type.escaped;
  } else if (value instanceof JsonText) {
    m.needScratch(at, value.bytes.length + SHORT);
    end = m.put(value.bytes, at);
    type = typeOfText(m.memory[at]!);
    if (type === Type.number) column.num[row] = Number(value.bytes);
  } else if (value !== undefined) {
    const text = JSON.stringify(value);
    if (text !== undefined) {
      end = putText(m, text, at);
      type = typeOfText(m.memory[at]!);
    }
  }
  column.start[row] = at;
  column.end[row] = end;
  column.type[row] = type;
  return end;
}

/** The selected rows of a value column as tokens, at the top of the scratch stack; whoever asks gives the stack back. */
export function tokenize(batch: Batch, values: readonly unknown[], column: TokenColumn): void {
  const m = memory();
  let at = m.kernels.scratchTop();
  for (let k = 0; k < batch.count; k++) {
    const row = batch.sel[k]!;
    at = putValue(m, column, row, values[row], at);
  }
  m.kernels.scratchSet(at);
  column.parsed = true;
}
