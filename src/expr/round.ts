// in: a double and a number of digits
// out: the double rounded as its decimal text would be

import { digitsOf } from './decimal.ts';

/** Rounds half away from zero at so many digits behind the point (negative: before it), by the number's shortest text: round(1.005, 2) is 1.01. */
export function roundDecimal(x: number, places: number): number {
  if (!Number.isFinite(x) || !Number.isInteger(places)) return Number.NaN;
  if (places === 0) return (Math.abs(x % 1) >= 0.5 ? Math.trunc(x) + Math.sign(x) : Math.trunc(x)) || 0;
  const quick = roundQuickly(x, places);
  if (!Number.isNaN(quick)) return quick;
  const { digits, point, negative } = digitsOf(String(x))!;
  const keep = point + places;
  if (keep >= digits.length) return x;
  if (keep < 0 || digits === '') return 0;
  const up = digits.charCodeAt(keep) >= 53 /* 5 */ ? 1n : 0n;
  const kept = BigInt(digits.slice(0, keep) || '0') + up;
  return Number(`${negative ? '-' : ''}${kept}e${-places}`) || 0;
}

/** Where x is small and far enough from a half, doubles tell the integer that is kept; NaN elsewhere. */
function roundQuickly(x: number, places: number): number {
  if (places < 1 || places > 9) return Number.NaN;
  const power = 10 ** places;
  const scaled = x * power;
  if (scaled > 1e8 || scaled < -1e8) return Number.NaN;
  const below = Math.floor(scaled);
  const part = scaled - below;
  return part > 0.499999 && part < 0.500001 ? Number.NaN : (part > 0.5 ? below + 1 : below) / power + 0;
}
