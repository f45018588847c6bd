// in: doubles whose shortest texts have up to 18 digits, such as results of expressions
// out: their exact sum as decimals, without a bigint for each

import { addDecimals, type Decimal, ZERO } from '../decimal.ts';

const MAX_DIGITS = 18;
const LIMB = 1e9;
/** Limbs are below 10^9, so a double adds up so many of them without loss. */
const MAX_ADDED = 4_000_000;
const POINT = 46;

/** Sums of the high and the low nine digits, by the number of decimal places. */
export class Limbs {
  private readonly high = new Float64Array(MAX_DIGITS + 1);
  private readonly low = new Float64Array(MAX_DIGITS + 1);
  private added = 0;

  /** Nothing may be added before the next `take`. */
  get full(): boolean {
    return this.added >= MAX_ADDED;
  }

  /** Adds `sign` · value; false, and nothing is changed, if its text is too long or has an exponent. */
  add(value: number, sign: 1 | -1): boolean {
    const text = String(value);
    const start = value < 0 ? 1 : 0;
    const point = text.indexOf('.');
    const places = point < 0 ? 0 : text.length - point - 1;
    const digits = text.length - start - (point < 0 ? 0 : 1);
    if (digits > MAX_DIGITS) return false;
    let [high, low] = [0, 0];
    for (let i = start, left = digits; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === POINT) continue;
      if (unit < 48 || unit > 57) return false;
      if (left-- > 9) high = high * 10 + unit - 48;
      else low = low * 10 + unit - 48;
    }
    const factor = value < 0 ? -sign : sign;
    this.high[places]! += high * factor;
    this.low[places]! += low * factor;
    this.added++;
    return true;
  }

  /** What was added since the last call. */
  take(): Decimal {
    let total = ZERO;
    for (let places = 0; places <= MAX_DIGITS && this.added > 0; places++) {
      const int = BigInt(this.high[places]!) * BigInt(LIMB) + BigInt(this.low[places]!);
      if (int !== 0n) total = addDecimals(total, { int, scale: places });
    }
    this.high.fill(0);
    this.low.fill(0);
    this.added = 0;
    return total;
  }
}
