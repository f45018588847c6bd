// in: a DUR
// out: milliseconds, and whether it is a whole number of calendar units

import { usage } from './failure.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, mo: 2_592_000_000 };

export interface Duration {
  /** of calendar units the usual length */
  readonly ms: number;
  readonly unit?: 'd' | 'w' | 'mo';
  readonly count?: number;
}

const TERM = /(\d+(?:\.\d+)?)(ms|mo|s|m|h|d|w)/g;

export function isDuration(text: string): boolean {
  return /^[+-]?(?:0|(?:\d+(?:\.\d+)?(?:ms|mo|s|m|h|d|w))+)$/.test(text);
}

/** Any whole number of ms, `1h30m`, `-8h`. */
export function readDuration(text: string): Duration {
  if (!isDuration(text)) throw usage(`not a duration: ${text}`);
  const terms = [...text.matchAll(TERM)].map((m) => ({ count: Number(m[1]), unit: m[2]! }));
  const ms = terms.reduce((sum, t) => sum + t.count * UNITS[t.unit]!, 0) * (text.startsWith('-') ? -1 : 1);
  if (!Number.isInteger(ms)) throw usage(`not a whole number of milliseconds: ${text}`);
  const [term] = terms;
  if (terms.length !== 1 || !/^(d|w|mo)$/.test(term!.unit) || !Number.isInteger(term!.count)) return { ms };
  return { ms, unit: term!.unit as 'd' | 'w' | 'mo', count: term!.count };
}

/** A length in ms that is not negative. */
export function readLength(text: string): number {
  const { ms, unit } = readDuration(text);
  if (ms < 0) throw usage(`negative: ${text}`);
  if (unit === 'mo') throw usage('a month has no fixed length');
  return ms;
}

/** A length in ms above zero. */
export function readPositive(text: string): number {
  const ms = readLength(text);
  if (ms <= 0) throw usage(`not above 0: ${text}`);
  return ms;
}
