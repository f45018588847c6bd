// in: nothing
// out: words for the bytes of JSON, the types of tokens and the reasons for refusing a line; the place where a refusal is noted

/** Bytes with a meaning in JSON. */
export const enum Byte {
  tab = 9,
  newline = 10,
  carriageReturn = 13,
  space = 32,
  quote = 34,
  plus = 43,
  comma = 44,
  minus = 45,
  dot = 46,
  slash = 47,
  zero = 48,
  colon = 58,
  openList = 91,
  backslash = 92,
  closeList = 93,
  f = 102,
  n = 110,
  t = 116,
  openObject = 123,
  closeObject = 125,
}

/** What a token is, as src/model/token.ts says. */
export const enum Type {
  missing = 0,
  string = 1,
  escaped = 2,
  number = 3,
  trueWord = 4,
  falseWord = 5,
  nullWord = 6,
  object = 7,
  array = 8,
  time = 9,
}

/** Why a line is refused; src/scan/reasons.ts has the sentences. */
export const enum Reason {
  none = 0,
  notObject = 1,
  openString = 2,
  controlInString = 3,
  badEscape = 4,
  nameExpected = 5,
  colonExpected = 6,
  valueExpected = 7,
  commaOrBraceExpected = 8,
  commaOrBracketExpected = 9,
  braceExpected = 10,
  bracketExpected = 11,
  openObject = 12,
  trailing = 13,
  badNumber = 14,
  badWord = 15,
  tooDeep = 16,
}

let reason: Reason = Reason.none;

/** Notes why; returns the 0 that stands for "no address". The fast path notes, too, and is not asked. */
export function refuse(why: Reason): usize {
  reason = why;
  return 0;
}

/** Why the last line was refused: a code of `Reason`. */
export function refusal(): i32 {
  return reason;
}

// @ts-ignore: decorator
@inline
export function isSpace(c: u32): bool {
  return c == Byte.space || c == Byte.tab || c == Byte.carriageReturn;
}

// @ts-ignore: decorator
@inline
export function isDigit(c: u32): bool {
  return c - Byte.zero < 10;
}

/** The first byte at or behind p that is no white space within a line. */
// @ts-ignore: decorator
@inline
export function skipSpace(p: usize): usize {
  while (isSpace(load<u8>(p))) p++;
  return p;
}

/** Whether two ranges of `length` bytes are the same. */
export function sameBytes(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  for (; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/** The address of the newline at or behind p. */
export function lineEnd(p: usize): usize {
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(<i8>Byte.newline)));
    if (found) return p + ctz(found);
    p += 16;
  }
}
