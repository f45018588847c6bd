// in: numbers and key bytes
// out: their JSON text

const NUMBER: u8 = 5;
const STRING: u8 = 6;
const OTHER: u8 = 7;
const ZERO: u8 = 0x80;
const TINY: u8 = 0x81;
const NORMAL: i32 = 0x82 + 40;
const HUGE: u8 = 0xf0;

/** Digits of a number while it is printed; a number's key has two of them a byte and no limit, so longer ones go straight through. */
const digits = memory.data(32, 16);

/** Types of printed tokens, as in the model's `Type`. */
let printedType: u8 = 0;

/** What the last `printComponent` printed. */
export function lastType(): u8 {
  return printedType;
}

/** An unsigned integer in decimal; returns the address behind it. */
export function putInteger(value: u64, at: usize): usize {
  if (value == 0) {
    store<u8>(at, 48);
    return at + 1;
  }
  let n: usize = 0;
  while (value) {
    const q = value / 10;
    store<u8>(digits + n++, <u8>(value - q * 10) + 48);
    value = q;
  }
  while (n) store<u8>(at++, load<u8>(digits + --n));
  return at;
}

/** A number below 10^-6: its digits stand at [at, at + length); rewrites them as d.ddde-x. */
function putSmall(at: usize, length: u32, scale: u32): usize {
  let end = at + length;
  if (length > 1) {
    memory.copy(at + 2, at + 1, length - 1);
    store<u8>(at + 1, 46);
    end++;
  }
  store<u16>(end, 0x2d65);
  return putInteger(<u64>(scale - length + 1), end + 2);
}

/** mantissa × 10^-scale without trailing zeros, exact, in JavaScript's notation; scale ≤ 18. */
export function putDecimal(mantissa: i64, scale: u32, at: usize): usize {
  if (mantissa < 0) store<u8>(at++, 45);
  let m = mantissa < 0 ? 0 - <u64>mantissa : <u64>mantissa;
  while (scale && m % 10 == 0) {
    m /= 10;
    scale--;
  }
  if (!scale) return putInteger(m, at);
  const end = putInteger(m, at);
  let length = <u32>(end - at);
  if (scale >= length + 6) return putSmall(at, length, scale);
  if (length <= scale) {
    const zeros = scale + 1 - length;
    memory.copy(at + zeros, at, length);
    memory.fill(at, 48, zeros);
    length += zeros;
  }
  const point = at + length - scale;
  memory.copy(point + 1, point, scale);
  store<u8>(point, 46);
  return at + length + 1;
}

const HEX = memory.data<u8>([48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102]);

function putUnicodeEscape(code: u32, at: usize): usize {
  store<u16>(at, 0x755c);
  for (let i: u32 = 0; i < 4; i++) store<u8>(at + 2 + i, load<u8>(HEX + ((code >> (12 - 4 * i)) & 15)));
  return at + 6;
}

/** A character below 0x20, a quote or a backslash as JSON.stringify escapes it. */
function putEscape(c: u8, at: usize): usize {
  const letter: u8 = c == 10 ? 110 : c == 9 ? 116 : c == 13 ? 114 : c == 8 ? 98 : c == 12 ? 102 : c == 34 || c == 92 ? c : 0;
  if (!letter) return putUnicodeEscape(c, at);
  store<u8>(at, 92);
  store<u8>(at + 1, letter);
  return at + 2;
}

/** The bytes of a string component at p (up to its 00) as a JSON string; sets where the component ends. */
function putString(p: usize, at: usize): usize {
  store<u8>(at++, 34);
  for (;;) {
    const c = load<u8>(p++);
    if (c == 0) {
      if (load<u8>(p) != 0xff) break;
      p++;
      at = putUnicodeEscape(0, at);
    } else if (c < 32 || c == 34 || c == 92) at = putEscape(c, at);
    else if (c == 0xed && load<u8>(p) >= 0xa0) {
      at = putUnicodeEscape(0xd000 | (((<u32>load<u8>(p)) & 63) << 6) | ((<u32>load<u8>(p, 1)) & 63), at);
      p += 2;
    } else store<u8>(at++, c);
  }
  componentEnd = p;
  store<u8>(at, 34);
  return at + 1;
}

let componentEnd: usize = 0;

/** Digit i of the packed digits at p, whose bytes are inverted where `flip` is 0xff. */
function digitAt(p: usize, i: i32, flip: u8): u8 {
  const pair = (load<u8>(p + (i >> 1)) ^ flip) - 1;
  return i & 1 ? pair % 10 : pair / 10;
}

function putDigits(p: usize, from: i32, to: i32, n: i32, flip: u8, at: usize): usize {
  for (let i = from; i < to; i++) store<u8>(at++, i < n ? digitAt(p, i, flip) + 48 : 48);
  return at;
}

/** JavaScript's notation for 0.d1…dn × 10^e (ECMA-262, Number::toString), with exact digits; plain too where they are more than a double holds. */
function putNotation(p: usize, n: i32, e: i32, flip: u8, at: usize): usize {
  if (e > 0 && (e <= 21 || (n > 17 && e <= 64))) {
    at = putDigits(p, 0, e, n, flip, at);
    if (n <= e) return at;
    store<u8>(at++, 46);
    return putDigits(p, e, n, n, flip, at);
  }
  if (e <= 0 && e > -6) {
    store<u16>(at, 0x2e30);
    memory.fill(at + 2, 48, -e);
    return putDigits(p, 0, n, n, flip, at + 2 - e);
  }
  at = putDigits(p, 0, 1, n, flip, at);
  if (n > 1) {
    store<u8>(at++, 46);
    at = putDigits(p, 1, n, n, flip, at);
  }
  store<u8>(at, 101);
  store<u8>(at + 1, e > 0 ? 43 : 45);
  return putInteger(e > 0 ? <u64>(e - 1) : <u64>(1 - e), at + 2);
}

/** The number component behind its tag at p. */
function putNumberKey(p: usize, at: usize): usize {
  let c = load<u8>(p++);
  if (c == ZERO) {
    componentEnd = p;
    store<u8>(at, 48);
    return at + 1;
  }
  const flip: u8 = c < ZERO ? 0xff : 0;
  c ^= flip;
  if (flip) store<u8>(at++, 45);
  let e = <i32>c - NORMAL;
  if (c == TINY || c == HUGE) {
    const bits = load<u32>(p);
    e = <i32>(bswap<u32>(flip ? ~bits : bits) - 0x80000000);
    p += 4;
  }
  let pairs: i32 = 0;
  while ((load<u8>(p + pairs) ^ flip) != 0) pairs++;
  componentEnd = p + pairs + 1;
  const n = digitAt(p, 2 * pairs - 1, flip) ? 2 * pairs : 2 * pairs - 1;
  return putNotation(p, n, e, flip, at);
}

function putOther(p: usize, at: usize): usize {
  let n: usize = 0;
  while (load<u8>(p + n) != 0) n++;
  memory.copy(at, p, n);
  componentEnd = p + n + 1;
  return at + n;
}

function putWord(word: u64, n: usize, at: usize): usize {
  store<u64>(at, word);
  return at + n;
}

/** Prints the key component at p as JSON; returns the address behind the text. `componentBehind()` tells where the next one starts. */
export function printComponent(p: usize, at: usize): usize {
  const tag = load<u8>(p);
  componentEnd = p + 1;
  if (tag == NUMBER) {
    printedType = 3;
    return putNumberKey(p + 1, at);
  }
  if (tag == STRING) {
    const end = putString(p + 1, at);
    printedType = 1;
    for (let q = at + 1; q < end; q++) if (load<u8>(q) == 92) printedType = 2;
    return end;
  }
  if (tag == OTHER) {
    printedType = load<u8>(p + 1) == 91 ? 8 : 7;
    return putOther(p + 1, at);
  }
  printedType = tag == 2 ? 6 : tag == 3 ? 5 : 4;
  if (tag == 2) return putWord(0x6c6c756e, 4, at);
  return tag == 3 ? putWord(0x65736c6166, 5, at) : putWord(0x65757274, 4, at);
}

/** Where the component behind the one printed last starts. */
export function componentBehind(): usize {
  return componentEnd;
}
