// in: numbers as they are written
// out: exact decimals, and the doubles nearest to what is made of them

/** The number `int` · 10^-`scale`. */
export interface Decimal {
  readonly int: bigint;
  readonly scale: number;
}

/** A number's digits without leading or trailing zeros: 0.d1d2d3… · 10^`point`. Zero has no digits. */
export interface Digits {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

/** Powers of ten beyond this are no numbers that anyone adds up: larger ones count as no number, smaller ones as zero. */
const MAX_POINT = 1100;

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Takes a number's text apart, as JSON, JavaScript or people write it; `undefined` if it is none. */
export function digitsOf(text: string): Digits | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const all = whole + fraction;
  if (all === '') return undefined;
  const first = all.search(/[1-9]/);
  if (first < 0) return { negative: false, digits: '', point: 0 };
  const digits = all.slice(first).replace(/0+$/, '');
  return { negative: sign === '-', digits, point: whole.length - first + Number(exponent) };
}

/** The decimal that a text or a double (by its shortest text) spells; `undefined` if it is no number, or beyond 10^1100. */
export function parseDecimal(value: string | number): Decimal | undefined {
  const parts = digitsOf(typeof value === 'number' ? String(value) : value);
  if (parts === undefined || parts.point > MAX_POINT) return undefined;
  if (parts.digits === '' || parts.point < -MAX_POINT) return ZERO;
  const scale = parts.digits.length - parts.point;
  const int = BigInt(parts.negative ? `-${parts.digits}` : parts.digits);
  return scale < 0 ? { int: int * pow10(-scale), scale: 0 } : { int, scale };
}

export const ZERO: Decimal = { int: 0n, scale: 0 };

const powers: bigint[] = [];

/** 10^n as a bigint, n >= 0. */
export function pow10(n: number): bigint {
  return (powers[n] ??= 10n ** BigInt(n));
}

/** The decimal's integer at a scale not below its own. */
export function atScale(value: Decimal, scale: number): bigint {
  return scale === value.scale ? value.int : value.int * pow10(scale - value.scale);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { int: atScale(a, scale) + atScale(b, scale), scale };
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { int: a.int * b.int, scale: a.scale + b.scale };
}

/** Order of two decimals: negative, 0 or positive. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const [x, y] = [atScale(a, scale), atScale(b, scale)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Order of two numbers by their digits, however large their exponents are. */
export function compareDigits(a: Digits, b: Digits): number {
  const [signA, signB] = [signOf(a), signOf(b)];
  if (signA !== signB) return signA - signB;
  if (signA === 0) return 0;
  if (a.point !== b.point) return (a.point - b.point) * signA;
  return a.digits === b.digits ? 0 : a.digits < b.digits ? -signA : signA;
}

const signOf = (value: Digits) => (value.digits === '' ? 0 : value.negative ? -1 : 1);

export function digitsOfDecimal(value: Decimal): Digits {
  const negative = value.int < 0n;
  const all = String(negative ? -value.int : value.int);
  const digits = all.replace(/0+$/, '');
  return digits === '' ? { negative: false, digits, point: 0 } : { negative, digits, point: all.length - value.scale };
}

/** Digits that a double holds; more of them are written without an exponent up to so many places. */
const DOUBLE_DIGITS = 17;
const MAX_PLACES = 64;

/** The one text of a number, the same as the kernels write for keys: JavaScript's notation (ECMA-262, Number::toString) with all of its digits. */
export function printDigits({ digits, point, negative }: Digits): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  const n = digits.length;
  if (point > 0 && (point <= 21 || (n > DOUBLE_DIGITS && point <= MAX_PLACES))) {
    return n <= point ? sign + digits.padEnd(point, '0') : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  }
  if (point <= 0 && point > -6) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  const fraction = n > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${fraction}e${point > 0 ? '+' : ''}${point - 1}`;
}

/** The double nearest to a decimal. */
export function toNumber(value: Decimal): number {
  return Number(`${value.int}e${-value.scale}`);
}

/** Digits up to which a sum prints exactly. */
const MAX_DIGITS = 38;

/** A sum as it is printed: exactly up to 38 digits, beyond as the nearest double. A number, or the text of one that no double prints as. */
export function printSum(value: Decimal): number | string {
  const digits = digitsOfDecimal(value);
  if (digits.digits.length > MAX_DIGITS) return toNumber(value);
  const text = printDigits(digits);
  const number = Number(text);
  return String(number) === text ? number : text;
}

const bits = (value: bigint) => value.toString(2).length;

/** The double nearest to `numerator` / `denominator` (> 0), ties to even; rounded once. */
export function divideToNumber(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  if (numerator < 0n) return -divideToNumber(-numerator, denominator);
  // as many binary places as make the quotient 53 or 54 bits long, but no more than doubles have
  let places = Math.min(54 - (bits(numerator) - bits(denominator)), 1074);
  let quotient = roundedQuotient(numerator, denominator, places);
  if (bits(quotient) > 53) {
    places -= bits(quotient) - 53;
    quotient = roundedQuotient(numerator, denominator, places);
  }
  return scaleByPower(Number(quotient), -places);
}

/** numerator · 2^places / denominator as an integer, ties to even. */
function roundedQuotient(numerator: bigint, denominator: bigint, places: number): bigint {
  const [n, d] = places >= 0 ? [numerator << BigInt(places), denominator] : [numerator, denominator << BigInt(-places)];
  const quotient = n / d;
  const twice = (n % d) * 2n;
  return twice > d || (twice === d && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** value · 2^power for an integer of at most 53 bits, without rounding on the way. */
function scaleByPower(value: number, power: number): number {
  if (power > 900) return value * 2 ** 900 * 2 ** (power - 900);
  return power < -1000 ? (value * 2 ** (power + 100)) / 2 ** 100 : value * 2 ** power;
}

/** The double nearest to the square root of `numerator` / `denominator` (>= 0, > 0). */
export function rootToNumber(numerator: bigint, denominator: bigint): number {
  if (numerator <= 0n) return 0;
  // the root of n·2^(2p)/d, as an integer of 64 bits or more whose last bit says whether something was cut off
  const places = Math.max(0, 66 - Math.floor((bits(numerator) - bits(denominator)) / 2));
  const shifted = numerator << BigInt(2 * places);
  const whole = shifted / denominator;
  const root = integerRoot(whole);
  const exact = root * root === whole && whole * denominator === shifted;
  return divideToNumber(exact ? root * 2n : root * 2n + 1n, 1n << BigInt(places + 1));
}

/** The largest integer whose square is not above `value`, by Newton's method. */
export function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let x = 1n << BigInt((bits(value) + 1) >> 1);
  for (;;) {
    const next = (x + value / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}
