// in: a format of strftime's letters
// out: a function that writes instants so

import { toLocal, utc, type Zone } from './zone.ts';

export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** An instant, and what local clocks show then. */
class Moment {
  private date: Date | undefined;
  constructor(
    readonly ms: number,
    readonly zone: Zone,
    /** ms since 1970 as if in UTC */
    private readonly clock: number,
  ) {}

  get local(): Date {
    return (this.date ??= new Date(this.clock));
  }

  /** A unit of the time of the day, such as minutes of an hour. */
  part(size: number, count: number): number {
    const whole = Math.floor(this.clock / size);
    return whole - Math.floor(whole / count) * count;
  }
}

type Field = (moment: Moment) => string;

const two = (value: number) => (value < 10 ? `0${value}` : String(value));
const three = (value: number) => String(value).padStart(3, '0');
const blank = (value: number) => String(value).padStart(2, ' ');
const year = ({ local }: Moment) => {
  const value = local.getUTCFullYear();
  return value < 0 ? `-${String(-value).padStart(4, '0')}` : String(value).padStart(4, '0');
};
const hour = (m: Moment) => m.part(3_600_000, 24);
const hour12 = (m: Moment) => hour(m) % 12 || 12;
const dayOfYear = ({ local }: Moment) => Math.floor((local.getTime() - utc(local.getUTCFullYear(), 1, 1)) / 86_400_000) + 1;

function offset({ ms, zone }: Moment): string {
  const minutes = Math.round(zone.offset(ms) / 60_000);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

function zoneName({ ms, zone }: Moment): string {
  if (zone.name === 'UTC') return 'UTC';
  if (/^[+-]/.test(zone.name)) return zone.name;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone.name, timeZoneName: 'short' }).formatToParts(ms);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone.name;
}

/** Monday-based weeks of ISO 8601: the year and the number of the week. */
function isoWeek({ local }: Moment): { year: number; week: number } {
  const weekday = (local.getUTCDay() + 6) % 7;
  const thursday = new Date(local.getTime() + (3 - weekday) * 86_400_000);
  const first = utc(thursday.getUTCFullYear(), 1, 1);
  return { year: thursday.getUTCFullYear(), week: Math.floor((thursday.getTime() - first) / 604_800_000) + 1 };
}

/** The number of a week of the year that begins on `first` (0 is Sunday); days before the first such one are in week 0. */
function week(m: Moment, first: 0 | 1): number {
  const weekday = (m.local.getUTCDay() + 7 - first) % 7;
  return Math.floor((dayOfYear(m) + 6 - weekday) / 7);
}

const FIELDS: Readonly<Record<string, Field>> = {
  Y: year,
  C: ({ local }) => two(Math.floor(local.getUTCFullYear() / 100)),
  y: ({ local }) => two(((local.getUTCFullYear() % 100) + 100) % 100),
  m: ({ local }) => two(local.getUTCMonth() + 1),
  d: ({ local }) => two(local.getUTCDate()),
  e: ({ local }) => blank(local.getUTCDate()),
  j: (m) => three(dayOfYear(m)),
  H: (m) => two(hour(m)),
  k: (m) => blank(hour(m)),
  I: (m) => two(hour12(m)),
  l: (m) => blank(hour12(m)),
  M: (m) => two(m.part(60_000, 60)),
  S: (m) => two(m.part(1000, 60)),
  L: (m) => three(m.part(1, 1000)),
  f: (m) => three(m.part(1, 1000)),
  p: (m) => (hour(m) < 12 ? 'AM' : 'PM'),
  P: (m) => (hour(m) < 12 ? 'am' : 'pm'),
  a: ({ local }) => DAYS[local.getUTCDay()]!.slice(0, 3),
  A: ({ local }) => DAYS[local.getUTCDay()]!,
  b: ({ local }) => MONTHS[local.getUTCMonth()]!.slice(0, 3),
  h: ({ local }) => MONTHS[local.getUTCMonth()]!.slice(0, 3),
  B: ({ local }) => MONTHS[local.getUTCMonth()]!,
  u: ({ local }) => String(local.getUTCDay() || 7),
  w: ({ local }) => String(local.getUTCDay()),
  G: (m) => String(isoWeek(m).year),
  g: (m) => two(((isoWeek(m).year % 100) + 100) % 100),
  V: (m) => two(isoWeek(m).week),
  U: (m) => two(week(m, 0)),
  W: (m) => two(week(m, 1)),
  z: offset,
  Z: zoneName,
  s: ({ ms }) => String(Math.floor(ms / 1000)),
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

/** Letters that stand for several others. */
export const SHORTHANDS: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y', r: '%I:%M:%S %p', x: '%m/%d/%y', X: '%H:%M:%S', c: '%a %b %e %H:%M:%S %Y' };

export function expand(format: string): string {
  return format.replace(/%([a-zA-Z%])/g, (all, letter: string) => SHORTHANDS[letter] ?? all);
}

/** A writer of instants (ms) in `format`. Throws an Error that names a letter that there is not. */
export function formatter(format: string): (ms: number, zone: Zone) => string {
  const fields = expand(format)
    .split(/(%.|%$)/su)
    .filter((part) => part !== '')
    .map(fieldOf);
  return (ms, zone) => {
    const moment = new Moment(ms, zone, toLocal(ms, zone));
    let out = '';
    for (const field of fields) out += typeof field === 'string' ? field : field(moment);
    return out;
  };
}

function fieldOf(part: string): string | Field {
  if (part[0] !== '%') return part;
  const field = FIELDS[part.slice(1)];
  if (field === undefined) throw new Error(`'${part}' is no part of a time format; write '%%' for a percent sign`);
  return field;
}
