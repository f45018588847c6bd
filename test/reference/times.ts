// in: times as numbers or ISO-8601 text
// out: ms, and times as weir prints them

import { parseDecimal } from './decimal.ts';
import { Lit, litOf, plain, type Value } from './lit.ts';
import { fromLocal } from './zone.ts';

export type TimeUnit = 's' | 'ms' | 'us' | 'ns';
const PER_MS: Readonly<Record<TimeUnit, number>> = { s: 3, ms: 0, us: -3, ns: -6 };

const ISO = /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** ms of a text; NaN if it is no time. Without a zone in it, it is what the clock shows in `zone`. */
export function parseIso(text: string, zone: string): number {
  const found = ISO.exec(text);
  if (!found) return Number.NaN;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = found;
  const fields = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  const local = localTime(...fields) + Number(fraction.padEnd(3, '0').slice(0, 3));
  if (offset === undefined) return Number.isNaN(local) ? local : fromLocal(local, zone);
  return local - offsetMs(offset);
}

function localTime(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN;
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  return date.setUTCHours(hour, minute, second);
}

function offsetMs(offset: string): number {
  if (/^z$/i.test(offset)) return 0;
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset)!;
  return (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
}

/** The event time that a value says: a number in `unit` (exact, as it is written), or a text. NaN: it says none. */
export function eventTime(value: Value, unit: TimeUnit, zone: string): number {
  if (value instanceof Lit && value.ms !== undefined) return value.ms;
  const seen = plain(value);
  if (typeof seen === 'string') return parseIso(seen, zone);
  if (typeof seen !== 'number' || !Number.isFinite(seen)) return Number.NaN;
  const { mantissa, scale } = parseDecimal(litOf(value)!.text);
  return floorDecimal(mantissa, scale - PER_MS[unit]);
}

function floorDecimal(mantissa: bigint, scale: number): number {
  if (scale <= 0) return Number(mantissa * 10n ** BigInt(-scale));
  const unit = 10n ** BigInt(scale);
  const quotient = mantissa / unit;
  return Number(mantissa < 0n && mantissa % unit !== 0n ? quotient - 1n : quotient);
}

/** A time of weir's own. */
export function ownTime(ms: number, how: 'iso' | 'ms'): Lit {
  return new Lit(how === 'ms' ? String(ms) : `"${new Date(ms).toISOString()}"`, ms);
}
