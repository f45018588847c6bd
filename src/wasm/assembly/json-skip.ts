// in: the address of a value of a line (which ends in a newline)
// out: the address behind it: strings closed and brackets balanced, everything else as it may be; 0 and a refusal otherwise
//
// A newline ends every walk: it is a control character, so no string holds it, and no bracket may stand open across it.

import { alloc } from './heap';
import { Byte, Reason, refuse } from './json-bytes';

/** Brackets may be nested this deep. */
export const MAX_DEPTH: usize = 10000;

const MASK_NUMERIC_STOP: u8 = 0x2c;

/** The closing bracket that each open one waits for. */
const closers = alloc(MAX_DEPTH);

/** Bits of the bytes that matter inside a string: quotes, backslashes and control characters. */
// @ts-ignore: decorator
@inline
export function stringStops(block: v128): u32 {
  // A quote with its second bit turned is a space, and what was below a space stays there.
  const quoteOrControl = i8x16.le_u(v128.xor(block, i8x16.splat(2)), i8x16.splat(0x20));
  return i8x16.bitmask(v128.or(quoteOrControl, i8x16.eq(block, i8x16.splat(<i8>Byte.backslash))));
}

/** Refuses a string for the control character (or the end of the line) at p. */
export function refuseControl(p: usize): usize {
  return refuse(load<u8>(p) == Byte.newline ? Reason.openString : Reason.controlInString);
}

/** p: behind the opening quote; returns the address behind the closing one. What an escape spells is not looked at. */
// @ts-ignore: decorator
@inline
export function skipString(p: usize): usize {
  while (true) {
    const stops = stringStops(v128.load(p));
    if (!stops) {
      p += 16;
      continue;
    }
    p += ctz(stops);
    const c = load<u8>(p);
    if (c == Byte.quote) return p + 1;
    if (c != Byte.backslash) return refuseControl(p);
    if (load<u8>(p, 1) < 0x20) return refuseControl(p + 1);
    p += 2;
  }
}

/** Bits of the bytes that end a bare word: all but letters, digits, signs and dots (and a few that no JSON has outside of strings). */
// @ts-ignore: decorator
@inline
function wordStops(block: v128): u32 {
  const below = i8x16.le_u(block, i8x16.splat(MASK_NUMERIC_STOP));
  const brackets = i8x16.ge_u(v128.or(block, i8x16.splat(0x20)), i8x16.splat(0x7b));
  return i8x16.bitmask(v128.or(v128.or(below, brackets), i8x16.eq(block, i8x16.splat(<i8>Byte.colon))));
}

/** p: at a number, `true`, `false`, `null` or any other bare word; returns the address behind it. */
// @ts-ignore: decorator
@inline
export function skipWord(p: usize): usize {
  const from = p;
  while (true) {
    const stops = wordStops(v128.load(p));
    if (!stops) {
      p += 16;
      continue;
    }
    p += ctz(stops);
    if (load<u8>(p) == Byte.plus) p++;
    else return p > from ? p : refuse(Reason.valueExpected);
  }
}

/** Bits of brackets, quotes and control characters. */
// @ts-ignore: decorator
@inline
function nestedStops(block: v128): u32 {
  const folded = v128.or(block, i8x16.splat(0x20));
  const open = i8x16.eq(folded, i8x16.splat(<i8>Byte.openObject));
  const close = i8x16.eq(folded, i8x16.splat(<i8>Byte.closeObject));
  const quoteOrControl = i8x16.le_u(v128.xor(block, i8x16.splat(2)), i8x16.splat(0x20));
  return i8x16.bitmask(v128.or(v128.or(open, close), quoteOrControl));
}

/** What is said where another bracket, or the end of the line, stands in place of `closer`. */
export function refuseBracket(closer: u32): usize {
  return refuse(closer == Byte.closeObject ? Reason.braceExpected : Reason.bracketExpected);
}

// @ts-ignore: decorator
@inline
export function isOpen(c: u32): bool {
  return (c | 0x20) == Byte.openObject;
}

/** Notes an open bracket at `depth`: `}` closes `{`, `]` closes `[`. */
// @ts-ignore: decorator
@inline
export function pushBracket(depth: usize, c: u32): void {
  store<u8>(closers + depth, c + 2);
}

/** The bracket that closes the one opened at `depth`. */
// @ts-ignore: decorator
@inline
export function closerAt(depth: usize): u32 {
  return load<u8>(closers + depth);
}

/** p: at an opening bracket; returns the address behind the one that closes it. */
export function skipNested(p: usize): usize {
  let depth: usize = 0;
  while (true) {
    let stops = nestedStops(v128.load(p));
    let next = p + 16;
    for (; stops; stops &= stops - 1) {
      const at = p + ctz(stops);
      const c: u32 = load<u8>(at);
      if (c == Byte.quote) {
        next = skipString(at + 1);
        if (!next) return 0;
        break;
      }
      if (isOpen(c)) {
        if (depth == MAX_DEPTH) return refuse(Reason.tooDeep);
        pushBracket(depth++, c);
      } else if (c > 0x20) {
        if (c != closerAt(--depth)) return refuseBracket(closerAt(depth));
        if (!depth) return at + 1;
      } else if (c == Byte.newline) return refuseBracket(closerAt(depth - 1));
    }
    p = next;
  }
}

/** p: at the first byte of any value; returns the address behind it. */
// @ts-ignore: decorator
@inline
export function skipValue(p: usize): usize {
  const c: u32 = load<u8>(p);
  if (c == Byte.quote) return skipString(p + 1);
  if (isOpen(c)) return skipNested(p);
  return skipWord(p);
}
