// in: an object or array whose bytes a scan has been over
// out: its members or elements, as tokens

import { Byte, skipSpace, Type } from './json-bytes';
import { checkedType, checkString, checkValue } from './json-check';
import { skipValue } from './json-skip';

let resume: usize = 0;
let value_type: Type = Type.missing;

/** Where listElements or listMembers stopped for lack of room: its `from` for the next call; 0: nothing is left. */
export function walkPosition(): usize {
  return resume;
}

/** p: at a value; returns the address behind it, `value_type` its type. A word that is not JSON (nobody asked for it when it was scanned) passes for a number. */
function passValue(p: usize): usize {
  const end = checkValue(p);
  value_type = checkedType();
  if (end) return end;
  const c = load<u8>(p);
  value_type = c == Byte.quote ? Type.escaped : c == Byte.openObject ? Type.object : c == Byte.openList ? Type.array : Type.number;
  return skipValue(p);
}

/** p: behind a value; returns the address of the next one (or its name), or 0 at the closing bracket. */
// @ts-ignore: decorator
@inline
function behindComma(p: usize): usize {
  p = skipSpace(p);
  return load<u8>(p) == Byte.comma ? skipSpace(p + 1) : 0;
}

/** p: at an opening bracket; returns the address of what is first inside, or 0 where it is empty. */
function firstInside(p: usize): usize {
  const closer = load<u8>(p) + 2;
  p = skipSpace(p + 1);
  return load<u8>(p) == closer ? 0 : p;
}

// @ts-ignore: decorator
@inline
function putToken(start: usize, end: usize, type: usize, i: usize, from: usize, to: usize): void {
  store<u32>(start + (i << 2), <u32>from);
  store<u32>(end + (i << 2), <u32>to);
  store<u8>(type + i, value_type);
}

/** Lists the elements of the array at `at`, `max` of them at most, from `from` on (0: from its first). Returns how many; walkPosition() tells whether that was all. */
export function listElements(at: usize, from: usize, max: u32, start: usize, end: usize, type: usize): u32 {
  let p = from ? from : firstInside(at);
  let n: u32 = 0;
  while (p && n < max) {
    const behind = passValue(p);
    if (!behind) break;
    putToken(start, end, type, n++, p, behind);
    p = behindComma(behind);
  }
  resume = n == max ? p : 0;
  return n;
}

/**
 * Lists the members of the object at `at` (white space may stand before it), `max` of them at most, from `from` on (0: from its first).
 * keyStart and keyEnd: the name with its quotes; keyType: whether it has escapes. Returns how many; walkPosition() tells whether that was all.
 */
export function listMembers(at: usize, from: usize, max: u32, keyStart: usize, keyEnd: usize, keyType: usize, start: usize, end: usize, type: usize): u32 {
  let p = from ? from : firstInside(skipSpace(at));
  let n: u32 = 0;
  while (p && n < max) {
    const nameEnd = checkString(p + 1);
    value_type = checkedType();
    putToken(keyStart, keyEnd, keyType, n, p, nameEnd);
    const value = skipSpace(skipSpace(nameEnd) + 1);
    const behind = passValue(value);
    if (!behind) break;
    putToken(start, end, type, n++, value, behind);
    p = behindComma(behind);
  }
  resume = n == max ? p : 0;
  return n;
}

/** The address of element `index` of the array at p, or 0. */
function elementAt(p: usize, index: u32): usize {
  p = firstInside(p);
  for (; p && index; index--) {
    p = skipValue(p);
    if (p) p = behindComma(p);
  }
  return p;
}

/** The tokens of element `index` of the arrays that are the tokens of the selected rows; missing where there is none. */
export function scanElements(sel: usize, count: u32, start: usize, type: usize, index: u32, outStart: usize, outEnd: usize, outType: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(sel + (k << 2));
    const isArray = load<u8>(type + row) == Type.array;
    const p = isArray ? elementAt(<usize>load<u32>(start + (row << 2)), index) : 0;
    const end = p ? passValue(p) : 0;
    if (end) putToken(outStart, outEnd, outType, row, p, end);
    else store<u8>(outType + row, Type.missing);
  }
}
