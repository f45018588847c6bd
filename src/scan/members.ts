// in: a record's bytes, or an array's, that a scan has been over
// out: the members of its first level; the elements of the array, a run at a time

import { MAX_ROWS, type TokenColumn } from '../model/column.ts';
import { decodeText } from '../model/decode.ts';
import { decodeBytes, Type } from '../model/token.ts';
import { type Memory, memory } from '../wasm/memory.ts';

/** A member of a record: addresses of its name (quotes included) and of its value. */
export interface Member {
  readonly name: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** a code of `Type`; a word that is not JSON (unread members are not checked) passes for a number */
  readonly type: number;
}

const NEWLINE = 10;

let columns: { keys: TokenColumn; values: TokenColumn } | undefined;

function nameOf(m: Memory, keys: TokenColumn, i: number): string {
  const [start, end] = [keys.start[i]!, keys.end[i]!];
  if (keys.type[i] === Type.string) return decodeText(m.memory, start + 1, end - 1);
  return JSON.parse(decodeBytes(m.memory.latin1Slice(start, end)));
}

/** The members of the record [start, end), in its order, duplicates included. */
export function listMembers(start: number, end: number): Member[] {
  const m = memory();
  columns ??= { keys: m.tokens(), values: m.tokens() };
  const { keys, values } = columns;
  const members: Member[] = [];
  let from = 0;
  do {
    const n = m.kernels.listMembers(start, from, MAX_ROWS, keys.at.start, keys.at.end, keys.at.type, values.at.start, values.at.end, values.at.type);
    for (let i = 0; i < n; i++) {
      members.push({ name: nameOf(m, keys, i), keyStart: keys.start[i]!, keyEnd: keys.end[i]!, valueStart: values.start[i]!, valueEnd: values.end[i]!, type: values.type[i]! });
    }
    from = m.kernels.walkPosition() >>> 0;
  } while (from > 0 && from < end);
  return members;
}

/** Names and texts of the members of a JSON object that is given as text (UTF-8, one char a byte), as are the texts. */
export function memberTexts(text: string): [string, string][] {
  const m = memory();
  const size = text.length + 64;
  const at = m.alloc(size);
  const end = m.put(text, at);
  m.memory[end] = NEWLINE;
  const texts = listMembers(at, end).map((member): [string, string] => [member.name, m.memory.latin1Slice(member.valueStart, member.valueEnd)]);
  m.free(at, size);
  return texts;
}

/**
 * Lists elements of the array token at `start` into the rows 0 … of `out`, MAX_ROWS of them at most, from `from` on (0: from its first).
 * Returns how many, and the `from` of the next call (0: that was all).
 */
export function listElements(start: number, from: number, out: TokenColumn): { count: number; next: number } {
  const { kernels } = memory();
  const count = kernels.listElements(start, from, MAX_ROWS, out.at.start, out.at.end, out.at.type);
  out.parsed = false;
  return { count, next: kernels.walkPosition() >>> 0 };
}
