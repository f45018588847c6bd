// in: numbers as they are written
// out: their exact sum, whatever their order

import { JsonText } from '../../model/token.ts';
import { addDecimals, type Decimal, parseDecimal, printSum, ZERO } from '../decimal.ts';
import { Limbs } from './limbs.ts';

/** Decimal places that are added up as integers in doubles. */
const MAX_PLACES = 9;
const POWERS = Array.from({ length: MAX_PLACES + 1 }, (_, places) => 10 ** places);
/** Integers below this have 15 digits at most, which a double's text tells exactly. */
const MAX_PART = 1e15;
/** A sum of parts is moved to the exact one before it can pass 2^53. */
const MAX_SMALL = 4e15;

const MANY = 8;

/** A value as a decimal; `undefined` if it is no number. */
export function decimalOf(value: unknown): Decimal | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? parseDecimal(value) : undefined;
  return value instanceof JsonText ? parseDecimal(value.bytes) : undefined;
}

/**
 * A sum of decimals. Values of up to 15 digits with few decimal places are added as scaled integers in a double (`small` · 10^-`places`);
 * what does not fit goes to a bigint (`large`), or by way of limbs. All are exact, so the result depends on nothing but the values.
 */
export class DecimalSum {
  /** Those of the sums before: most sums of a job are of the same values. */
  private static usual = 0;
  private places = DecimalSum.usual;
  private small = 0;
  private large: Decimal = ZERO;
  /** how many values went to `large` one by one; where there are many, the next ones of their kind go to `limbs` */
  private manyDigits = 0;
  private limbs: Limbs | undefined;

  /** Adds `sign` · value; false, and nothing is changed, if it is no number. */
  add(value: unknown, sign: 1 | -1 = 1): boolean {
    if (typeof value === 'number') {
      const power = POWERS[this.places]!;
      const part = Math.round(value * power);
      if (part < MAX_PART && part > -MAX_PART && part / power === value) {
        this.addPart(part * sign);
        return true;
      }
    }
    if (typeof value === 'number' && this.addFiner(value, sign)) return true;
    if (typeof value === 'number' && this.manyDigits > MANY) {
      this.limbs ??= new Limbs();
      if (this.limbs.full) this.flush();
      if (this.limbs.add(value, sign)) return true;
    }
    return this.addDecimal(decimalOf(value), sign);
  }

  /** Adds a value that has more places than those before, but few; false: it has not. */
  private addFiner(value: number, sign: 1 | -1): boolean {
    for (let places = this.places + 1; places <= MAX_PLACES; places++) {
      const part = Math.round(value * POWERS[places]!);
      if (part >= MAX_PART || part <= -MAX_PART) return false;
      if (part / POWERS[places]! !== value) continue;
      this.flush();
      DecimalSum.usual = this.places = places;
      this.addPart(part * sign);
      return true;
    }
    return false;
  }

  private addPart(part: number): void {
    this.small += part;
    if (this.small > MAX_SMALL || this.small < -MAX_SMALL) this.flush();
  }

  private addDecimal(value: Decimal | undefined, sign: 1 | -1): boolean {
    if (value === undefined) return false;
    const { int, scale } = value;
    this.manyDigits++;
    this.addInteger(int * BigInt(sign), scale);
    return true;
  }

  private flush(): void {
    if (this.limbs !== undefined) this.large = addDecimals(this.large, this.limbs.take());
    if (this.small !== 0) this.large = addDecimals(this.large, { int: BigInt(this.small), scale: this.places });
    this.small = 0;
  }

  /** Adds `int` · 10^-`scale`. */
  addInteger(int: bigint, scale: number): void {
    this.large = addDecimals(this.large, { int, scale });
  }

  merge(other: DecimalSum): void {
    this.large = addDecimals(this.large, other.total());
  }

  total(): Decimal {
    this.flush();
    return this.large;
  }

  /** A number, or JsonText where no double prints as the sum. */
  print(): number | JsonText {
    const isSmall = this.large.int === 0n && this.limbs === undefined && this.small < MAX_PART && this.small > -MAX_PART;
    return isSmall ? this.small / POWERS[this.places]! : printedSum(this.total());
  }

  save(): [string, number] {
    const { int, scale } = this.total();
    return [String(int), scale];
  }

  static load([int, scale]: [string, number]): DecimalSum {
    const sum = new DecimalSum();
    sum.large = { int: BigInt(int), scale };
    return sum;
  }
}

/** A sum as it is printed, also one that was added up elsewhere. */
export function printedSum(total: Decimal): number | JsonText {
  const printed = printSum(total);
  return typeof printed === 'string' ? new JsonText(printed) : printed;
}
