// in: the bytes of a checked JSON string, between its quotes
// out: whether it spells given UTF-8 bytes; masks of rows whose string does

import { Byte, sameBytes, Type } from './json-bytes';
import { hexDigit } from './json-check';

let behind: usize = 0;

/** The four hexadecimal digits at p. */
function hex4(p: usize): u32 {
  let unit: u32 = 0;
  for (let i: usize = 0; i < 4; i++) unit = (unit << 4) | hexDigit(load<u8>(p + i));
  return unit;
}

/** The code point of the escape at p (at its backslash); `behind` is the address behind it. Half a surrogate pair stands for itself. */
function escapedPoint(p: usize): u32 {
  const c = load<u8>(p, 1);
  behind = p + 2;
  if (c != 117) return controlOf(c);
  behind = p + 6;
  const high = hex4(p + 2);
  if (high >> 10 != 0x36 || load<u16>(p, 6) != 0x755c) return high;
  const low = hex4(p + 8);
  if (low >> 10 != 0x37) return high;
  behind = p + 12;
  return 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
}

/** What a letter behind a backslash stands for. */
function controlOf(c: u32): u32 {
  if (c == Byte.n) return Byte.newline;
  if (c == Byte.t) return Byte.tab;
  if (c == 114) return Byte.carriageReturn;
  if (c == 98) return 8;
  return c == Byte.f ? 12 : c;
}

/** How many bytes the UTF-8 of a code point has. */
// @ts-ignore: decorator
@inline
function utf8Length(point: u32): usize {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/** The UTF-8 bytes of a code point, the first one lowest. */
function utf8(point: u32): u32 {
  if (point < 0x80) return point;
  const last = 0x80 | (point & 0x3f);
  if (point < 0x800) return (0xc0 | (point >> 6)) | (last << 8);
  const third = 0x80 | ((point >> 6) & 0x3f);
  if (point < 0x10000) return (0xe0 | (point >> 12)) | (third << 8) | (last << 16);
  return (0xf0 | (point >> 18)) | ((0x80 | ((point >> 12) & 0x3f)) << 8) | (third << 16) | (last << 24);
}

/** Writes the bytes that the string [p, end) spells; returns the address behind them, never more than its own length further on. */
export function unescapeText(p: usize, end: usize, at: usize): usize {
  while (p < end) {
    if (load<u8>(p) != Byte.backslash) {
      store<u8>(at++, load<u8>(p++));
      continue;
    }
    const point = escapedPoint(p);
    const bytes = utf8(point);
    const length = utf8Length(point);
    for (let i: usize = 0; i < length; i++) store<u8>(at + i, <u8>(bytes >> (<u32>i << 3)));
    at += length;
    p = behind;
  }
  return at;
}

/** Whether the string [p, end), which has escapes, spells the `length` bytes at `text`. */
export function spells(p: usize, end: usize, text: usize, length: usize): bool {
  const textEnd = text + length;
  while (p < end) {
    if (load<u8>(p) != Byte.backslash) {
      if (text >= textEnd || load<u8>(p) != load<u8>(text)) return false;
      p++;
      text++;
      continue;
    }
    const point = escapedPoint(p);
    const bytes = utf8(point);
    const n = utf8Length(point);
    if (text + n > textEnd) return false;
    for (let i: usize = 0; i < n; i++) if (load<u8>(text + i) != <u8>(bytes >> (<u32>i << 3))) return false;
    text += n;
    p = behind;
  }
  return text == textEnd;
}

/** mask[row] = 1 where the token is a string that spells the `length` bytes at `text`, else 0; of the selected rows. */
export function equalsConstant(sel: usize, count: u32, start: usize, end: usize, type: usize, text: usize, length: usize, mask: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(sel + (k << 2));
    const from = <usize>load<u32>(start + (row << 2)) + 1;
    const to = <usize>load<u32>(end + (row << 2)) - 1;
    const t = load<u8>(type + row);
    let equal = false;
    if (t == Type.string) equal = to - from == length && sameBytes(from, text, length);
    else if (t == Type.escaped) equal = spells(from, to, text, length);
    store<u8>(mask + row, equal ? 1 : 0);
  }
}
