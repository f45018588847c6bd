// in: numbers as they are written
// out: exact decimals: sums, comparisons, notation, and the doubles nearest to quotients and roots

/** mantissa × 10^-scale */
export interface Decimal {
  readonly mantissa: bigint;
  readonly scale: number;
}

export const ZERO: Decimal = { mantissa: 0n, scale: 0 };

export function parseDecimal(text: string): Decimal {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  return { mantissa: BigInt(`${whole}${fraction}`) * (sign ? -1n : 1n), scale: fraction.length - Number(exponent) };
}

/** Both mantissas for the same, greater scale. */
function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.mantissa * 10n ** BigInt(scale - a.scale), b.mantissa * 10n ** BigInt(scale - b.scale), scale];
}

export function add(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = align(a, b);
  return { mantissa: x + y, scale };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { mantissa: -b.mantissa, scale: b.scale });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { mantissa: a.mantissa * b.mantissa, scale: a.scale + b.scale };
}

export function compare(a: Decimal, b: Decimal): number {
  const [x, y] = align(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Digits without zeros at either end, and the place of the point: 0.digits × 10^exponent. */
function digitsOf({ mantissa, scale }: Decimal): { sign: string; digits: string; exponent: number } {
  const all = (mantissa < 0n ? -mantissa : mantissa).toString();
  return { sign: mantissa < 0n ? '-' : '', digits: all.replace(/0+$/, ''), exponent: all.length - scale };
}

/** How many digits it takes to write the number down, without zeros at either end. */
export function countDigits(d: Decimal): number {
  return digitsOf(d).digits.length;
}

/** JavaScript's notation with all digits; plain up to 64 places where they are more than a double holds (17). */
export function notation(d: Decimal): string {
  if (d.mantissa === 0n) return '0';
  const { sign, digits, exponent } = digitsOf(d);
  const n = digits.length;
  if (exponent > 0 && (exponent <= 21 || (n > 17 && exponent <= 64))) {
    if (n <= exponent) return sign + digits.padEnd(exponent, '0');
    return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
  }
  if (exponent <= 0 && exponent > -6) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  const power = exponent - 1;
  return `${sign}${digits[0]}${n > 1 ? `.${digits.slice(1)}` : ''}e${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}

export function toDouble({ mantissa, scale }: Decimal): number {
  return Number(`${mantissa}e${-scale}`);
}

/** Digits of a quotient or root beyond which one more tells only whether there is a rest. */
const DIGITS = 200;

/** The double nearest to a / b. */
export function quotient(a: Decimal, b: Decimal): number {
  const shift = BigInt(DIGITS + b.mantissa.toString().length);
  const over = a.mantissa * 10n ** shift;
  return sticky(over / b.mantissa, over % b.mantissa !== 0n, a.scale - b.scale + Number(shift));
}

/** The double nearest to the square root of a / b, which is not negative. */
export function rootOfQuotient(a: Decimal, b: Decimal): number {
  const scale = a.scale - b.scale;
  const even = Math.abs(scale % 2);
  const shift = BigInt(2 * (DIGITS + b.mantissa.toString().length) + even);
  const square = (a.mantissa * 10n ** shift) / b.mantissa;
  const root = integerRoot(square);
  return sticky(root, true, (scale + Number(shift)) / 2, root * root * b.mantissa === a.mantissa * 10n ** shift);
}

/** One digit more than the mantissa has says whether something was cut off behind it, so that reading the text rounds correctly. */
function sticky(mantissa: bigint, rest: boolean, scale: number, exact = !rest): number {
  if (exact) return Number(`${mantissa}e${-scale}`);
  return Number(`${mantissa === 0n ? '' : mantissa}1e${-(scale + 1)}`);
}

function integerRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const better = (x + n / x) >> 1n;
    if (better >= x) return x;
    x = better;
  }
}
