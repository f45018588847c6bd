// in: a token in kernel memory
// out: its JavaScript value

import type { TokenColumn } from './column.ts';
import { parseBytes, Type } from './token.ts';

/** UTF-8 bytes [start, end) of memory as a string. */
export function decodeText(memory: Buffer, start: number, end: number): string {
  for (let i = start; i < end; i++) if (memory[i]! > 127) return memory.utf8Slice(start, end);
  return memory.latin1Slice(start, end);
}

/** The value of row `row`. Numbers and times must have been parsed into `num`. */
export function decodeToken(memory: Buffer, column: TokenColumn, row: number): unknown {
  switch (column.type[row]) {
    case Type.number:
    case Type.time:
      return column.num[row];
    case Type.string:
      return decodeText(memory, column.start[row]! + 1, column.end[row]! - 1);
    case Type.true:
      return true;
    case Type.false:
      return false;
    case Type.null:
      return null;
    case Type.missing:
      return undefined;
    default:
      return parseBytes(memory.latin1Slice(column.start[row]!, column.end[row]!));
  }
}
