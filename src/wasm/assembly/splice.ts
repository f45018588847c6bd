// in: lines of records, and what their members are called
// out: lines that join two of them; rows' bytes in memory of their own
//
// A shape: u32 members, then for each: u32 address and u32 length of `"name":`.
// A program: u32 members, then for each of a right record, in its order: u32 length of `"name":` · u32 what becomes of it ·
// u32 address and u32 length of `,"name":` as it is called in the joined record.

import { alloc } from './heap';
import { Byte, sameBytes } from './json-bytes';
import { skipValue } from './json-skip';

/** What becomes of a member of a right record. */
const enum Fate {
  dropped = 0,
  named = 1,
  /** it and all behind it stay as they are */
  rest = 2,
  /** not it, but the whole record becomes a member of that name */
  whole = 3,
}

function append(to: usize, from: usize, n: usize): usize {
  memory.copy(to, from, n);
  return to + n;
}

/** Whether the record [p, end) plainly has the members of a shape, without white space between them. A newline stands at `end`. */
export function fitsShape(shape: usize, p: usize, end: usize): bool {
  if (load<u8>(p) != Byte.openObject) return false;
  const members = load<u32>(shape);
  for (let i: u32 = 0; i < members; i++) {
    const d = shape + 4 + (<usize>i << 3);
    const length = <usize>load<u32>(d, 4);
    if (p + length >= end || !sameBytes(p + 1, load<u32>(d), length)) return false;
    p += 1 + length;
    if (load<u8>(p) <= 32) return false;
    p = skipValue(p);
    if (!p || load<u8>(p) != (i + 1 == members ? Byte.closeObject : Byte.comma)) return false;
  }
  return members > 0 && p + 1 == end;
}

/** Writes the left record with what the program makes of the right one behind its own members; both are of the shapes that it is for. Returns the address behind it. */
export function splice(program: usize, to: usize, left: usize, leftEnd: usize, right: usize, rightEnd: usize): usize {
  to = append(to, left, leftEnd - left - 1);
  const members = load<u32>(program);
  let p = right + 1;
  for (let i: u32 = 0; i < members; i++) {
    const d = program + 4 + (<usize>i << 4);
    const fate = load<u32>(d, 4);
    if (fate == Fate.rest) {
      store<u8>(to, Byte.comma);
      return append(to + 1, p, rightEnd - p);
    }
    if (fate != Fate.dropped) to = append(to, load<u32>(d, 8), load<u32>(d, 12));
    if (fate == Fate.whole) {
      to = append(to, right, rightEnd - right);
      break;
    }
    const value = p + load<u32>(d);
    p = skipValue(value);
    if (fate == Fate.named) to = append(to, value, p - value);
    p++;
  }
  store<u8>(to, Byte.closeObject);
  return to + 1;
}

/** Copies a line to memory of its own, length + 1 bytes with its newline; returns its address. */
export function keepLine(from: usize, length: usize): usize {
  const at = alloc(length + 1);
  memory.copy(at, from, length);
  store<u8>(at + length, Byte.newline);
  return at;
}

/** Copies bytes; returns the address behind them. */
export function copyBytes(to: usize, from: usize, n: usize): usize {
  return append(to, from, n);
}
