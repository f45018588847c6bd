// in: tokens of key fields
// out: key bytes whose order as bytes is the order of keys, one key equal to another iff their bytes are; and JSON text of them
//
// A key is its components one after the other, each self-delimiting:
//   null or missing 02 · false 03 · true 04 · number 05 c digits 00 · string 06 bytes 00 · any other 07 canonical JSON 00
// A number is 0.d1d2d3… × 10^E without leading and trailing zeros, exact whatever its size: c tells sign and E,
// digits go two to a byte (value + 1); a negative one has all bytes behind 05 inverted. A byte 00 in a string is 00 FF.

const NULL: u8 = 2;
const FALSE: u8 = 3;
const TRUE: u8 = 4;
const NUMBER: u8 = 5;
const STRING: u8 = 6;
const OTHER: u8 = 7;

const ZERO: u8 = 0x80;
const TINY: u8 = 0x81;
const NORMAL: i32 = 0x82 + 40;
const HUGE: u8 = 0xf0;

const T_STRING: u8 = 1;
const T_ESCAPED: u8 = 2;
const T_NUMBER: u8 = 3;
const T_TRUE: u8 = 4;
const T_FALSE: u8 = 5;
const T_OBJECT: u8 = 7;
const T_ARRAY: u8 = 8;
const T_TIME: u8 = 9;

// @ts-ignore: decorator
@inline
function isDigit(c: u8): bool {
  return <u8>(c - 48) < 10;
}

/** Bytes that the key of a row takes at most, for components of `length` bytes of token text in all. */
export function keyBound(length: usize, components: u32): usize {
  return length * 2 + <usize>components * 16;
}

/** Writes the exponent byte (and bytes) of a number that is not zero. */
function putExponent(at: usize, e: i32): usize {
  if (e >= -40 && e <= 40) {
    store<u8>(at, <u8>(NORMAL + e));
    return at + 1;
  }
  store<u8>(at, e < 0 ? TINY : HUGE);
  store<u32>(at + 1, bswap<u32>(<u32>e + 0x80000000));
  return at + 5;
}

/** The value of the exponent part of a literal at p (behind e or E), within ±2^29. */
function literalExponent(p: usize, end: usize): i32 {
  let negative = false;
  if (load<u8>(p) == 45 || load<u8>(p) == 43) negative = load<u8>(p++) == 45;
  let e: i32 = 0;
  for (; p < end; p++) if (e < 0x20000000 / 10) e = e * 10 + (load<u8>(p) - 48);
  return negative ? -e : e;
}

/** Digits of the literal [p, end) as a component; the number's end in `at` is returned. */
function putNumber(p: usize, end: usize, at: usize): usize {
  store<u8>(at++, NUMBER);
  const from = at;
  const negative = load<u8>(p) == 45;
  if (negative) p++;
  let digitsEnd = p;
  let point: usize = 0; // digits before the point
  let exponent: i32 = 0;
  while (digitsEnd < end) {
    const c = load<u8>(digitsEnd);
    if (c == 46) point = digitsEnd;
    else if (!isDigit(c)) {
      exponent = literalExponent(digitsEnd + 1, end);
      break;
    }
    digitsEnd++;
  }
  if (!point) point = digitsEnd;
  let first = p;
  while (first < digitsEnd && (load<u8>(first) == 48 || load<u8>(first) == 46)) first++;
  if (first == digitsEnd) {
    store<u8>(at, ZERO);
    return at + 1;
  }
  const e = exponent + (first < point ? <i32>(point - first) : -<i32>(first - point - 1));
  at = putDigits(first, digitsEnd, putExponent(at, e));
  if (negative) for (let q = from; q < at; q++) store<u8>(q, ~load<u8>(q));
  return at;
}

/** Digits [p, end), perhaps with a point among them, two to a byte, without trailing zeros, and 00. */
function putDigits(p: usize, end: usize, at: usize): usize {
  while (load<u8>(end - 1) == 48 || load<u8>(end - 1) == 46) end--;
  while (p < end) {
    if (load<u8>(p) == 46) p++;
    const high = load<u8>(p++) - 48;
    if (p < end && load<u8>(p) == 46) p++;
    const low: u8 = p < end ? load<u8>(p++) - 48 : 0;
    store<u8>(at++, high * 10 + low + 1);
  }
  store<u8>(at, 0);
  return at + 1;
}

function hexDigit(c: u8): u32 {
  return isDigit(c) ? c - 48 : (c | 32) - 87;
}

function hex4(p: usize): u32 {
  return (hexDigit(load<u8>(p)) << 12) | (hexDigit(load<u8>(p, 1)) << 8) | (hexDigit(load<u8>(p, 2)) << 4) | hexDigit(load<u8>(p, 3));
}

function putCodePoint(c: u32, at: usize): usize {
  if (c < 0x80) {
    store<u8>(at++, <u8>c);
    if (c == 0) store<u8>(at++, 0xff);
    return at;
  }
  if (c < 0x800) {
    store<u8>(at++, <u8>(0xc0 | (c >> 6)));
  } else {
    if (c < 0x10000) store<u8>(at++, <u8>(0xe0 | (c >> 12)));
    else {
      store<u8>(at++, <u8>(0xf0 | (c >> 18)));
      store<u8>(at++, <u8>(0x80 | ((c >> 12) & 63)));
    }
    store<u8>(at++, <u8>(0x80 | ((c >> 6) & 63)));
  }
  store<u8>(at, <u8>(0x80 | (c & 63)));
  return at + 1;
}

/** The character of an escape letter other than u. */
function plainEscape(c: u8): u8 {
  if (c == 110) return 10;
  if (c == 116) return 9;
  if (c == 114) return 13;
  if (c == 98) return 8;
  return c == 102 ? 12 : c;
}

/** Unescapes the inside [p, end) of a string token, as UTF-8 (a lone surrogate as its three bytes, so that it stays itself). */
function putUnescaped(p: usize, end: usize, at: usize): usize {
  while (p < end) {
    const c = load<u8>(p++);
    if (c != 92) {
      store<u8>(at++, c);
      continue;
    }
    const letter = load<u8>(p++);
    if (letter != 117) {
      store<u8>(at++, plainEscape(letter));
      continue;
    }
    let code = hex4(p);
    p += 4;
    if (code >>> 10 == 0x36 && p + 6 <= end && load<u16>(p) == 0x755c && hex4(p + 2) >>> 10 == 0x37) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (hex4(p + 2) & 0x3ff);
      p += 6;
    }
    at = putCodePoint(code, at);
  }
  return at;
}

/** Writes one component; returns the address behind it. Objects and arrays must be canonical JSON already. */
function putComponent(type: u8, start: usize, end: usize, at: usize): usize {
  if (type == T_NUMBER) return putNumber(start, end, at);
  if (type == T_STRING || type == T_ESCAPED || type == T_TIME) {
    store<u8>(at++, STRING);
    const inside = end - 1 - (start + 1);
    if (type == T_ESCAPED) at = putUnescaped(start + 1, end - 1, at);
    else {
      memory.copy(at, start + 1, inside);
      at += inside;
    }
    store<u8>(at, 0);
    return at + 1;
  }
  if (type == T_OBJECT || type == T_ARRAY) {
    store<u8>(at++, OTHER);
    memory.copy(at, start, end - start);
    at += end - start;
    store<u8>(at, 0);
    return at + 1;
  }
  store<u8>(at, type == T_TRUE ? TRUE : type == T_FALSE ? FALSE : NULL);
  return at + 1;
}

/** A 64-bit hash of [p, p + n), after wyhash's idea of multiplying and folding 8 bytes at a time. */
export function hashBytes(p: usize, n: usize): u64 {
  let h: u64 = 0x9e3779b97f4a7c15 ^ <u64>n;
  while (n >= 8) {
    h = (h ^ load<u64>(p)) * 0xd6e8feb86659fd93;
    h ^= h >> 32;
    p += 8;
    n -= 8;
  }
  if (n) {
    h = (h ^ (load<u64>(p) & ((<u64>1 << (n << 3)) - 1))) * 0xd6e8feb86659fd93;
    h ^= h >> 32;
  }
  h *= 0xd6e8feb86659fd93;
  return h ^ (h >> 32);
}

/** The hash by which tables find a key. */
export function hashKey(p: usize, n: usize): u32 {
  return <u32>hashBytes(p, n);
}

/** Text bytes of the selected rows' tokens in one column; places of those that are missing may be anything. */
export function tokenBytes(sel: usize, count: u32, start: usize, end: usize, type: usize): usize {
  let sum: usize = 0;
  for (let k: u32 = 0; k < count; k++) {
    const row = <usize>load<u32>(sel + (k << 2));
    if (load<u8>(type + row)) sum += load<u32>(end + (row << 2)) - load<u32>(start + (row << 2));
  }
  return sum;
}

/**
 * Keys of the selected rows. `columns`: for each component the addresses of start, end and type (3 u32).
 * Writes key bytes to `at` and, by row, keyStart, keyLength and hash (low 32 bits). Returns the address behind the last key.
 */
export function encodeKeys(sel: usize, count: u32, columns: usize, components: u32, at: usize, keyStart: usize, keyLength: usize, hashes: usize): usize {
  for (let k: u32 = 0; k < count; k++) {
    const row = <usize>load<u32>(sel + (k << 2));
    const from = at;
    for (let c: u32 = 0; c < components; c++) {
      const d = columns + c * 12;
      const type = load<u8>(<usize>load<u32>(d, 8) + row);
      const start: usize = type ? <usize>load<u32>(<usize>load<u32>(d) + (row << 2)) : 0;
      const end: usize = type ? <usize>load<u32>(<usize>load<u32>(d, 4) + (row << 2)) : 0;
      at = putComponent(type, start, end, at);
    }
    store<u32>(keyStart + (row << 2), <u32>from);
    store<u32>(keyLength + (row << 2), <u32>(at - from));
    store<u32>(hashes + (row << 2), hashKey(from, at - from));
  }
  return at;
}
