// in: times (ms since 1970, or ISO-8601 text) and zones
// out: the functions of time; what is no time gives undefined

import { type Duration, parseDuration } from '../../model/duration.ts';
import { toTime } from '../iso.ts';
import { formatter } from '../strftime.ts';
import { timeParser } from '../strptime.ts';
import { dayStart, isZone, localDay, localMonth, localWeek, monthStart, toInstant, toLocal, weekStart, type Zone, zoneOf } from '../zone.ts';
import { ArgumentError, define, type FunctionContext, type FunctionDefinition, type FunctionEntry } from './definition.ts';

const DAY = 86_400_000;

/** The zone of a call: its last argument, or the job's. */
function zones(context: FunctionContext, at: number): (name: unknown) => Zone | undefined {
  const constant = context.constants[at];
  if (constant !== undefined && (typeof constant !== 'string' || !isZone(constant))) throw new ArgumentError(`'${constant}' is no time zone`, at);
  const standard = zoneOf(context.zone);
  const fixed = typeof constant === 'string' ? zoneOf(constant) : undefined;
  return (name) => {
    if (name === undefined || name === null) return standard;
    if (fixed !== undefined) return fixed;
    return typeof name === 'string' && isZone(name) ? zoneOf(name) : undefined;
  };
}

/** A function `f(t, zone?)` of an instant. */
function ofTime(f: (ms: number, zone: Zone) => unknown): FunctionDefinition['create'] {
  return (context) => {
    const zone = zones(context, 1);
    return (value, name) => {
      const there = zone(name);
      const ms = there === undefined ? Number.NaN : toTime(value, there);
      return Number.isNaN(ms) ? undefined : f(ms, there!);
    };
  };
}

/** Makes something of the format in argument 1 once, and keeps it. */
function cached<T>(make: (format: string) => T, constant: unknown): (format: unknown) => T | undefined {
  const known = new Map<string, T | undefined>();
  if (typeof constant === 'string') known.set(constant, checked(make, constant));
  return (format) => {
    if (typeof format !== 'string') return undefined;
    if (!known.has(format)) known.set(format, attempt(() => make(format)));
    return known.get(format);
  };
}

function checked<T>(make: (format: string) => T, constant: string): T {
  try {
    return make(constant);
  } catch (error) {
    throw new ArgumentError((error as Error).message, 1);
  }
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

const isoDate = formatter('%Y-%m-%d');

/** Dates by local day: the same few come again and again. */
function createDate(context: FunctionContext): (...args: unknown[]) => unknown {
  const known = new Map<number, string>();
  const utc = zoneOf('UTC');
  const date = ofTime((ms, zone) => {
    const day = localDay(ms, zone);
    let text = known.get(day);
    if (text === undefined) {
      if (known.size > 1000) known.clear();
      text = isoDate(day * DAY, utc);
      known.set(day, text);
    }
    return text;
  });
  return date(context);
}

function createFormat(context: FunctionContext): (...args: unknown[]) => unknown {
  const formats = cached(formatter, context.constants[1]);
  const zone = zones(context, 2);
  return (value, format, name) => {
    const [there, write] = [zone(name), formats(format)];
    const ms = there === undefined ? Number.NaN : toTime(value, there);
    return write === undefined || Number.isNaN(ms) ? undefined : write(ms, there!);
  };
}

function createParse(context: FunctionContext): (...args: unknown[]) => unknown {
  const formats = cached(timeParser, context.constants[1]);
  const zone = zones(context, 2);
  return (text, format, name) => {
    const [there, read] = [zone(name), formats(format)];
    if (there === undefined || read === undefined || typeof text !== 'string') return undefined;
    const ms = read(text, there);
    return Number.isNaN(ms) ? undefined : ms;
  };
}

type Floor = (ms: number, zone: Zone) => number;
const CALENDAR: Readonly<Record<NonNullable<Duration['calendar']>['unit'], [number: Floor, start: Floor]>> = {
  day: [localDay, dayStart],
  week: [localWeek, weekStart],
  month: [localMonth, monthStart],
};

/** Units are counted from 1970 on local clocks, so that hours are local ones. */
function floorOf(size: string): Floor {
  const { ms: step, calendar } = parseDuration(size, { positive: true, calendar: true });
  if (calendar !== undefined) {
    const [number, start] = CALENDAR[calendar.unit];
    return (ms, zone) => start(Math.floor(number(ms, zone) / calendar.count) * calendar.count, zone);
  }
  return (ms, zone) => {
    const offset = zone.offset(ms);
    const start = Math.floor((ms + offset) / step) * step - offset;
    return zone.offset(start) === offset ? start : toInstant(start + offset, zone);
  };
}

function createFloor(context: FunctionContext): (...args: unknown[]) => unknown {
  const floors = cached(floorOf, context.constants[1]);
  const zone = zones(context, 2);
  return (value, size, name) => {
    const [there, floor] = [zone(name), floors(size)];
    const ms = there === undefined ? Number.NaN : toTime(value, there);
    return floor === undefined || Number.isNaN(ms) ? undefined : floor(ms, there!);
  };
}

/** A unit of local time, such as minutes of an hour. */
function part(ms: number, zone: Zone, size: number, count: number): number {
  const whole = Math.floor(toLocal(ms, zone) / size);
  return whole - Math.floor(whole / count) * count;
}

const unit = (name: string, help: string, result: unknown, f: (ms: number, zone: Zone) => unknown): FunctionEntry => ({
  usage: `${name}(t, zone?)`,
  min: 1,
  max: 2,
  help,
  example: [`${name}("2025-03-09T14:05:06.789Z")`, result],
  create: ofTime(f),
});

const ENTRIES: Readonly<Record<string, FunctionEntry>> = {
  date: { ...unit('date', "the date of a time, as 'YYYY-MM-DD'", '2025-03-09', () => ''), create: createDate },
  hour: unit('hour', 'the hour of a time, 0 to 23', 14, (ms, zone) => part(ms, zone, 3_600_000, 24)),
  minute: unit('minute', 'the minute of a time, 0 to 59', 5, (ms, zone) => part(ms, zone, 60_000, 60)),
  day_of_week: unit('day_of_week', 'the day of the week, as ISO counts: 1 is Monday, 7 Sunday', 7, (ms, zone) => ((((localDay(ms, zone) + 3) % 7) + 7) % 7) + 1),
  epoch: unit('epoch', 'a time as ms since 1970', 1741529106789, (ms) => ms),
  format_time: {
    usage: 'format_time(t, format, zone?)',
    min: 2,
    max: 3,
    help: "a time written with strftime's letters: %Y %y %m %d %e %j %H %I %p %M %S %L (ms) %a %A %b %B %u %w %V %G %U %W %z %Z %s %F %T %D %R %r %x %X %c %%",
      example: ['format_time("2025-03-09T14:05:06Z", "%a %e %b, %H:%M", "Europe/Berlin")', 'Sun  9 Mar, 15:05'],
    create: createFormat,
  },
  parse_time: {
    usage: 'parse_time(text, format, zone?)',
    min: 2,
    max: 3,
    help: "ms since 1970 of a time written with strptime's letters; without %z it is local time of the zone",
      example: ['parse_time("09/Mar/2025:14:05:06 +0100", "%d/%b/%Y:%H:%M:%S %z")', 1741525506000],
    create: createParse,
  },
  floor_time: {
    usage: 'floor_time(t, size, zone?)',
    min: 2,
    max: 3,
    help: "the start, in ms, of the minutes, hours, days ('1d'), weeks ('1w', from Monday) or months ('1mo') that a time falls into",
      example: ['floor_time("2025-03-09T14:05:06Z", "1h")', 1741528800000],
    create: createFloor,
  },
  event_time: {
    usage: 'event_time()',
    min: 0,
    max: 0,
    help: "the record's event time in ms",
    kind: 'number',
    example: ['event_time()', 1000],
    create: () => () => undefined,
  },
  watermark: {
    usage: 'watermark()',
    min: 0,
    max: 0,
    help: 'the watermark before the record in ms; null before the first',
    kind: 'number',
    example: ['watermark()', 999],
    create: () => () => undefined,
  },
};

export const TIME_FUNCTIONS: readonly FunctionDefinition[] = define('time', ENTRIES);
