// in: times in ms, and names of zones
// out: what clocks show there

import { usage } from './failure.ts';

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...parts });
    formats.set(zone, format);
  }
  return format;
}

export function checkZone(zone: string): string {
  try {
    formatOf(zone);
    return zone;
  } catch {
    throw usage(`unknown time zone ${zone}`);
  }
}

/** ms since the epoch of a clock in UTC that shows what one in the zone shows at `ms`. */
export function toLocal(ms: number, zone: string): number {
  if (zone === 'UTC') return ms;
  const second = Math.floor(ms / 1000) * 1000;
  const parts = Object.fromEntries(formatOf(zone).formatToParts(second).map((p) => [p.type, p.value]));
  const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']));
  local.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']));
  return local.getTime() + (ms - second);
}

/** The time at which the clock shows `local`: the first one if it does so twice, the moment of the jump (and what follows) if it never does. */
export function fromLocal(local: number, zone: string): number {
  if (zone === 'UTC') return local;
  const before = toLocal(local - DAY, zone) - (local - DAY);
  const after = toLocal(local + DAY, zone) - (local + DAY);
  const fits = [local - before, local - after].filter((ms) => toLocal(ms, zone) === local);
  return fits.length > 0 ? Math.min(...fits) : local - before;
}

/** The number of the day, week (from Monday) or month that holds the local time; 1970-01-01 is day 0, its week is week 0. */
export function unitOf(local: number, unit: 'd' | 'w' | 'mo'): number {
  const day = Math.floor(local / DAY);
  if (unit === 'd') return day;
  if (unit === 'w') return Math.floor((day + 3) / 7);
  const date = new Date(local);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** Local time at which a unit starts. */
export function startOfUnit(number: number, unit: 'd' | 'w' | 'mo'): number {
  if (unit === 'd') return number * DAY;
  if (unit === 'w') return (number * 7 - 3) * DAY;
  return Date.UTC(1970 + Math.floor(number / 12), number - Math.floor(number / 12) * 12, 1);
}
