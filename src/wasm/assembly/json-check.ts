// in: the address of a value of a line
// out: the address behind it if it is JSON from its first to its last byte, and its type; 0 and a refusal otherwise

import { Byte, isDigit, Reason, refuse, skipSpace, Type } from './json-bytes';
import { closerAt, isOpen, MAX_DEPTH, pushBracket, refuseBracket, refuseControl, stringStops } from './json-skip';

let checked_type: Type = Type.missing;

/** The type of the token that checkValue or checkString went over last. */
// @ts-ignore: decorator
@inline
export function checkedType(): Type {
  return checked_type;
}

/** The value of a hexadecimal digit, or 16 and more. */
export function hexDigit(c: u32): u32 {
  if (isDigit(c)) return c - Byte.zero;
  const letter = (c | 0x20) - 97;
  return letter < 6 ? letter + 10 : 16;
}

/** Whether c may stand behind a backslash, `u` aside. */
function isEscape(c: u32): bool {
  return c == Byte.quote || c == Byte.backslash || c == Byte.slash || c == 98 || c == Byte.f || c == Byte.n || c == 114 || c == Byte.t;
}

/** p: at a backslash; returns the address behind the escape. */
function checkEscape(p: usize): usize {
  const c: u32 = load<u8>(p, 1);
  if (isEscape(c)) return p + 2;
  if (c < 0x20) return refuseControl(p + 1);
  if (c != 117) return refuse(Reason.badEscape);
  for (let i: usize = 2; i < 6; i++) if (hexDigit(load<u8>(p + i)) > 15) return refuse(Reason.badEscape);
  return p + 6;
}

/** p: behind the opening quote; returns the address behind the closing one. */
// @ts-ignore: decorator
@inline
export function checkString(p: usize): usize {
  checked_type = Type.string;
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
    checked_type = Type.escaped;
    p = checkEscape(p);
    if (!p) return 0;
  }
}

/** The first byte at or behind p that is no digit. */
// @ts-ignore: decorator
@inline
function skipDigits(p: usize): usize {
  while (isDigit(load<u8>(p))) p++;
  return p;
}

/** p: at a digit or a minus sign; returns the address behind the number. */
// @ts-ignore: decorator
@inline
function checkNumber(p: usize): usize {
  if (load<u8>(p) == Byte.minus) p++;
  const whole = p;
  p = skipDigits(p);
  if (p == whole || (load<u8>(whole) == Byte.zero && p > whole + 1)) return refuse(Reason.badNumber);
  if (load<u8>(p) == Byte.dot) {
    const fraction = p + 1;
    p = skipDigits(fraction);
    if (p == fraction) return refuse(Reason.badNumber);
  }
  return (load<u8>(p) | 0x20) == 101 ? checkExponent(p + 1) : p;
}

/** p: behind the `e` of a number. */
function checkExponent(p: usize): usize {
  if (load<u8>(p) == Byte.plus || load<u8>(p) == Byte.minus) p++;
  const end = skipDigits(p);
  return end == p ? refuse(Reason.badNumber) : end;
}

/** p: at a letter, or at something that begins no value. */
function checkWord(p: usize): usize {
  const word = load<u32>(p);
  if (word == 0x65757274) checked_type = Type.trueWord;
  else if (word == 0x6c6c756e) checked_type = Type.nullWord;
  else if (word == 0x736c6166 && load<u8>(p, 4) == 101) checked_type = Type.falseWord;
  else return refuseWord(p);
  return p + (checked_type == Type.falseWord ? 5 : 4);
}

function refuseWord(p: usize): usize {
  const c: u32 = load<u8>(p);
  const nothing = c < 0x20 || c == Byte.comma || c == Byte.colon || c == Byte.closeObject || c == Byte.closeList;
  return refuse(nothing ? Reason.valueExpected : Reason.badWord);
}

/** p: at the first byte of a value that is no object and no array. */
// @ts-ignore: decorator
@inline
function checkScalar(p: usize): usize {
  const c: u32 = load<u8>(p);
  if (c == Byte.quote) return checkString(p + 1);
  if (isDigit(c) || c == Byte.minus) {
    checked_type = Type.number;
    return checkNumber(p);
  }
  return checkWord(p);
}

/** p: at a member's name; returns the address of its value. */
function checkName(p: usize): usize {
  if (load<u8>(p) != Byte.quote) return refuse(Reason.nameExpected);
  p = checkString(p + 1);
  if (!p) return 0;
  p = skipSpace(p);
  return load<u8>(p) == Byte.colon ? skipSpace(p + 1) : refuse(Reason.colonExpected);
}

/** What is said where neither a comma nor the right bracket follows a value. */
function refuseBehindValue(c: u32, closer: u32): usize {
  if (c == Byte.closeObject || c == Byte.closeList || c == Byte.newline) return refuseBracket(closer);
  return refuse(closer == Byte.closeObject ? Reason.commaOrBraceExpected : Reason.commaOrBracketExpected);
}

/**
 * p: behind a value inside brackets; closes as many as close here.
 * Returns the address of the next value, or that behind the outermost bracket; `open_depth` is what is still open.
 */
function checkBehindValue(p: usize, depth: usize): usize {
  while (true) {
    p = skipSpace(p);
    const c: u32 = load<u8>(p);
    const closer = closerAt(depth - 1);
    if (c == Byte.comma) {
      open_depth = depth;
      p = skipSpace(p + 1);
      return closer == Byte.closeObject ? checkName(p) : p;
    }
    if (c != closer) return refuseBehindValue(c, closer);
    p++;
    if (--depth == 0) {
      open_depth = 0;
      return p;
    }
  }
}

let open_depth: usize = 0;

/** p: at an opening bracket; returns the address behind the one that closes it. */
export function checkNested(p: usize): usize {
  const type = load<u8>(p) == Byte.openObject ? Type.object : Type.array;
  let depth: usize = 0;
  do {
    const c: u32 = load<u8>(p);
    if (isOpen(c)) {
      if (depth == MAX_DEPTH) return refuse(Reason.tooDeep);
      pushBracket(depth++, c);
      p = skipSpace(p + 1);
      if (load<u8>(p) != c + 2) {
        if (c == Byte.openObject) p = checkName(p);
        if (!p) return 0;
        continue;
      }
      p++;
      depth--;
    } else {
      p = checkScalar(p);
      if (!p) return 0;
    }
    if (depth) {
      p = checkBehindValue(p, depth);
      if (!p) return 0;
      depth = open_depth;
    }
  } while (depth);
  checked_type = type;
  return p;
}

/** p: at the first byte of any value; returns the address behind it. */
// @ts-ignore: decorator
@inline
export function checkValue(p: usize): usize {
  return isOpen(load<u8>(p)) ? checkNested(p) : checkScalar(p);
}
