// in: times, formats, zones
// out: the functions of time; what is no time gives undefined

import { isDuration, readDuration } from './duration.ts';
import type { FunctionOf } from './functions.ts';
import { parseIso } from './times.ts';
import { fromLocal, startOfUnit, toLocal, unitOf } from './zone.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

function msOf(value: unknown, zone: string): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseIso(value, zone) : Number.NaN;
}

/** A function whose first argument is a time; the zone is its last argument, or the job's. */
function ofTime(count: number, f: (local: Date, ms: number, zone: string, argument: unknown) => unknown): FunctionOf {
  return {
    min: count,
    max: count + 1,
    call: (values, scope) => {
      const zone = (values[count] as string | undefined) ?? scope.zone;
      const ms = msOf(values[0], zone);
      return Number.isNaN(ms) ? undefined : f(new Date(toLocal(ms, zone)), ms, zone, values[1]);
    },
  };
}

const pad = (value: number, length = 2) => String(value).padStart(length, '0');

function offset(local: Date, ms: number): string {
  const minutes = Math.round((local.getTime() - ms) / 60_000);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}${pad(Math.abs(minutes) % 60)}`;
}

const LETTERS: Readonly<Record<string, (local: Date, ms: number) => string>> = {
  Y: (d) => pad(d.getUTCFullYear(), 4),
  y: (d) => pad(d.getUTCFullYear() % 100),
  m: (d) => pad(d.getUTCMonth() + 1),
  d: (d) => pad(d.getUTCDate()),
  e: (d) => String(d.getUTCDate()).padStart(2, ' '),
  j: (d) => pad(Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86_400_000) + 1, 3),
  H: (d) => pad(d.getUTCHours()),
  I: (d) => pad(d.getUTCHours() % 12 || 12),
  M: (d) => pad(d.getUTCMinutes()),
  S: (d) => pad(d.getUTCSeconds()),
  L: (d) => pad(d.getUTCMilliseconds(), 3),
  p: (d) => (d.getUTCHours() < 12 ? 'AM' : 'PM'),
  a: (d) => DAYS[d.getUTCDay()]!.slice(0, 3),
  A: (d) => DAYS[d.getUTCDay()]!,
  b: (d) => MONTHS[d.getUTCMonth()]!.slice(0, 3),
  B: (d) => MONTHS[d.getUTCMonth()]!,
  u: (d) => String(d.getUTCDay() || 7),
  z: offset,
  s: (_, ms) => String(Math.floor(ms / 1000)),
  '%': () => '%',
};

function format(local: Date, ms: number, template: string): string {
  const plain = template.replace(/%F/g, '%Y-%m-%d').replace(/%T/g, '%H:%M:%S');
  return plain.replace(/%(.)/gs, (all, letter: string) => LETTERS[letter]?.(local, ms) ?? all);
}

/** What the letters of strptime match, as far as the tests use them. */
const READ: Readonly<Record<string, string>> = { Y: '(?<Y>\\d{4})', m: '(?<m>\\d\\d)', d: '(?<d>\\d\\d)', b: '(?<b>[A-Za-z]{3})', H: '(?<H>\\d\\d)', M: '(?<M>\\d\\d)', S: '(?<S>\\d\\d)', z: '(?<z>[+-]\\d{4})' };

function parse(text: unknown, template: unknown, zone: string): number | undefined {
  if (typeof text !== 'string' || typeof template !== 'string') return undefined;
  const plain = template.replace(/%F/g, '%Y-%m-%d').replace(/%T/g, '%H:%M:%S');
  const source = plain.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%(.)/g, (_, letter: string) => READ[letter]!);
  const found = new RegExp(`^${source}$`).exec(text)?.groups;
  if (!found) return undefined;
  const month = found['b'] ? pad(MONTHS.findIndex((m) => m.startsWith(found['b']!)) + 1) : (found['m'] ?? '01');
  const clock = `${found['H'] ?? '00'}:${found['M'] ?? '00'}:${found['S'] ?? '00'}`;
  const ms = parseIso(`${found['Y'] ?? '1970'}-${month}-${found['d'] ?? '01'}T${clock}${found['z'] ?? ''}`, zone);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Sizes below a day count from local midnight, days and more are those of the calendar. */
function floor(local: Date, zone: string, size: unknown): number | undefined {
  if (typeof size !== 'string' || !isDuration(size)) return undefined;
  const { ms, unit, count } = readDuration(size);
  const start = unit && count === 1 ? startOfUnit(unitOf(local.getTime(), unit), unit) : Math.floor(local.getTime() / ms) * ms;
  return fromLocal(start, zone);
}

export const TIME_FUNCTIONS: Readonly<Record<string, FunctionOf>> = {
  date: ofTime(1, (local, ms) => format(local, ms, '%Y-%m-%d')),
  hour: ofTime(1, (local) => local.getUTCHours()),
  minute: ofTime(1, (local) => local.getUTCMinutes()),
  day_of_week: ofTime(1, (local) => local.getUTCDay() || 7),
  epoch: ofTime(1, (_, ms) => ms),
  format_time: ofTime(2, (local, ms, _, template) => (typeof template === 'string' ? format(local, ms, template) : undefined)),
  floor_time: ofTime(2, (local, _, zone, size) => floor(local, zone, size)),
  parse_time: { min: 2, max: 3, call: (values, scope) => parse(values[0], values[1], (values[2] as string | undefined) ?? scope.zone) },
};
