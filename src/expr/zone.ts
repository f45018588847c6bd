// in: instants as ms since 1970 in UTC, and IANA names of time zones
// out: local time and back, and the borders of local days, weeks and months

const DAY = 86_400_000;

/** A time zone's clock. Its offsets come from the system's zone data. */
export interface Zone {
  readonly name: string;
  /** What local clocks show at `ms`, minus UTC, in ms. */
  offset(ms: number): number;
}

const UTC: Zone = { name: 'UTC', offset: () => 0 };
const known = new Map<string, Zone>();

/** The zone of that name: an IANA name (any case), `UTC`, `Z`, or an offset such as `+02:00`. Throws RangeError for what is none. */
export function zoneOf(name: string): Zone {
  const found = known.get(name);
  if (found !== undefined) return found;
  const zone = fixedZone(name) ?? new SystemZone(name);
  known.set(name, zone);
  return zone;
}

/** Whether there is a zone of that name. */
export function isZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

function fixedZone(name: string): Zone | undefined {
  if (/^(utc|gmt|z|etc\/utc)$/i.test(name)) return UTC;
  const match = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(name);
  if (match === null) return undefined;
  const offset = (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000;
  return { name, offset: () => offset };
}

/** One UTC day: the offset before and behind `at`, the instant of the day's only change (or the day's end, if there is none). */
interface DayOffsets {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** Asking Intl for an offset takes microseconds, so it is asked twice for a day, and for the second of a change only on the day of one. */
class SystemZone implements Zone {
  private readonly format: Intl.DateTimeFormat;
  private readonly days = new Map<number, DayOffsets>();
  private lastDay = Number.NaN;
  private last: DayOffsets = { at: 0, before: 0, after: 0 };
  readonly name: string;

  constructor(name: string) {
    const numeric = 'numeric' as const;
    const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric, era: 'short' as const };
    this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', calendar: 'gregory', ...fields });
    this.name = this.format.resolvedOptions().timeZone;
  }

  offset(ms: number): number {
    const day = Math.floor(ms / DAY);
    if (day !== this.lastDay) {
      this.last = this.days.get(day) ?? this.measure(day);
      this.lastDay = day;
    }
    return ms < this.last.at ? this.last.before : this.last.after;
  }

  private measure(day: number): DayOffsets {
    if (this.days.size > 20_000) this.days.clear();
    const [from, to] = [day * DAY, (day + 1) * DAY];
    const [before, after] = [this.ask(from), this.ask(to)];
    const found = before === after ? { at: to, before, after } : { at: this.change(from, to, before), before, after };
    this.days.set(day, found);
    return found;
  }

  /** The first second in (from, to] with another offset than `before`. */
  private change(from: number, to: number, before: number): number {
    let [low, high] = [from / 1000, to / 1000];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.ask(middle * 1000) === before) low = middle;
      else high = middle;
    }
    return high * 1000;
  }

  private ask(ms: number): number {
    const date = new Date(ms);
    if (Number.isNaN(date.getTime())) return 0;
    const part: Record<string, string> = {};
    for (const { type, value } of this.format.formatToParts(date)) part[type] = value;
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    const local = utc(year, Number(part['month']), Number(part['day']));
    return local + ((Number(part['hour']) * 60 + Number(part['minute'])) * 60 + Number(part['second'])) * 1000 - Math.floor(ms / 1000) * 1000;
  }
}

/** What local clocks show at an instant, as ms since 1970 as if the zone were UTC. */
export function toLocal(ms: number, zone: Zone): number {
  return ms + zone.offset(ms);
}

/**
 * The instant at which local clocks show `local`. Where they show it twice, the earlier; where they skip it, as long after the gap as it is
 * behind the gap's start (what java.time does, and Temporal's `compatible`).
 */
export function toInstant(local: number, zone: Zone): number {
  const before = zone.offset(local - DAY);
  const after = zone.offset(local + DAY);
  if (before === after && zone.offset(local - before) === before) return local - before;
  if (zone.offset(local - before) === before) return local - before;
  if (zone.offset(local - after) === after) return local - after;
  return local - before;
}

/** Midnight UTC of a date, in ms; months count from 1 and may overflow, years below 100 mean what they say. */
export function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

/** Days since 1970-01-01 on local calendars. */
export function localDay(ms: number, zone: Zone): number {
  return Math.floor(toLocal(ms, zone) / DAY);
}

/** The instant at which that local day begins. */
export function dayStart(day: number, zone: Zone): number {
  return toInstant(day * DAY, zone);
}

/** Months since January 1970 on local calendars. */
export function localMonth(ms: number, zone: Zone): number {
  const date = new Date(toLocal(ms, zone));
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** The instant at which that local month begins. */
export function monthStart(month: number, zone: Zone): number {
  return toInstant(utc(1970 + Math.floor(month / 12), 1 + (((month % 12) + 12) % 12), 1), zone);
}

/** Weeks since Monday 1969-12-29, the week of 1970-01-01. */
export function localWeek(ms: number, zone: Zone): number {
  return Math.floor((localDay(ms, zone) + 3) / 7);
}

/** The instant at which that week's Monday begins. */
export function weekStart(week: number, zone: Zone): number {
  return dayStart(week * 7 - 3, zone);
}

export const startOfDay = (ms: number, zone: Zone): number => dayStart(localDay(ms, zone), zone);
export const startOfWeek = (ms: number, zone: Zone): number => weekStart(localWeek(ms, zone), zone);
export const startOfMonth = (ms: number, zone: Zone): number => monthStart(localMonth(ms, zone), zone);

/** The same time of the day, so many local days on. */
export function addDays(ms: number, days: number, zone: Zone): number {
  return toInstant(toLocal(ms, zone) + days * DAY, zone);
}

/** The same time of the day, so many months on; the last day of the month where it is too short. */
export function addMonths(ms: number, months: number, zone: Zone): number {
  const local = toLocal(ms, zone);
  const date = new Date(local);
  const first = utc(date.getUTCFullYear(), date.getUTCMonth() + 1 + months, 1);
  const target = new Date(first);
  const length = new Date(utc(target.getUTCFullYear(), target.getUTCMonth() + 2, 0)).getUTCDate();
  const time = local - Math.floor(local / DAY) * DAY;
  return toInstant(first + (Math.min(date.getUTCDate(), length) - 1) * DAY + time, zone);
}
