// in: sizes, slides and steps as the person wrote them
// out: the grid of windows that they mean, fixed or by the calendar of a zone

import { type Duration, parseDuration } from '../../model/duration.ts';
import { UsageError } from '../../model/errors.ts';
import type { Point, StageCall } from '../../model/stage.ts';
import { cumulating, type Grid, hopping, type Line, milliseconds, tumbling } from './grid.ts';
import { calendarLine, moved } from './lines.ts';

/** A number of whole units on a line. */
interface Extent {
  readonly line: Line;
  readonly count: number;
}

/** Days since the epoch, of the first Monday after it. */
const FIRST_MONDAY = 4;

/** A window's size, slide or step. Throws TextError, UsageError. */
export function windowSize(text: string, what: string): Duration {
  const size = parseDuration(text, { calendar: true, negative: true });
  if (size.ms <= 0) throw new UsageError(`${what} is to be more than 0, not '${text}'`);
  return size;
}

/** `--offset`, which is to be below the window's size, and below its slide (as in Flink's SlidingEventTimeWindows). Throws UsageError. */
function windowOffset(call: StageCall, size: Duration, slide = size): number {
  const text = call.options['offset'] as string | undefined;
  const offset = text === undefined ? 0 : parseDuration(text, { negative: true }).ms;
  const limit = Math.abs(offset) < size.ms ? 'slide' : 'size';
  if (limit === 'slide' && Math.abs(offset) < slide.ms) return offset;
  throw new UsageError(`--offset ${text} is not below the ${limit} of the window`, 'an offset moves where windows start, by less than one of them');
}

function extent({ calendar, ms }: Duration, point: Point): Extent {
  if (!calendar) return { line: milliseconds, count: ms };
  return { line: calendarLine(calendar.unit, point.settings.zone), count: calendar.count };
}

/** A size in days, where it is one of days or weeks. */
function inDays({ calendar }: Duration): number | undefined {
  if (calendar?.unit === 'day') return calendar.count;
  return calendar?.unit === 'week' ? calendar.count * 7 : undefined;
}

export function tumbleGrid(text: string, call: StageCall, point: Point): Grid {
  const size = windowSize(text, 'SIZE');
  const { line, count } = extent(size, point);
  return tumbling(moved(line, windowOffset(call, size)), count, 0);
}

export function hopGrid(sizeText: string, slideText: string, call: StageCall, point: Point): Grid {
  const size = windowSize(sizeText, 'SIZE');
  const slide = windowSize(slideText, 'SLIDE');
  const offset = windowOffset(call, size, slide);
  const days = [inDays(size), inDays(slide)] as const;
  if (size.calendar?.unit === slide.calendar?.unit) {
    const { line, count } = extent(size, point);
    return hopping(moved(line, offset), count, extent(slide, point).count, 0);
  }
  if (days[0] !== undefined && days[1] !== undefined) {
    const origin = slide.calendar?.unit === 'week' ? FIRST_MONDAY : 0;
    return hopping(moved(calendarLine('day', point.settings.zone), offset), days[0], days[1], origin);
  }
  fixedOnly([size, slide], point, `${sizeText} and ${slideText}`);
  return hopping(moved(milliseconds, offset), size.ms, slide.ms, 0);
}

/** Days and weeks have a fixed length in UTC only; months never have. */
function fixedOnly(sizes: readonly Duration[], point: Point, text: string): void {
  const isFixed = sizes.every(({ calendar }) => !calendar || (calendar.unit !== 'month' && point.settings.zone === 'UTC'));
  if (!isFixed) throw new UsageError(`${text}: one is no fixed number of the other`, 'write both in months, both in days or weeks, or both in hours (24h is always 24 hours)');
}

export function cumulateGrid(maxText: string, stepText: string, call: StageCall, point: Point): Grid {
  const max = windowSize(maxText, 'MAX');
  const step = windowSize(stepText, 'STEP');
  const offset = windowOffset(call, max);
  const whole = extent(max, point);
  const part = stepExtent(max, step, point);
  if (!isMultiple(max, step)) throw new UsageError(`MAX (${maxText}) is no multiple of STEP (${stepText})`, 'steps must fill the window');
  return cumulating(moved(whole.line, offset), whole.count, part.count, 0, moved(part.line, offset));
}

/** Steps are counted from the start of their window, so those of weeks are ones of days. */
function stepExtent(max: Duration, step: Duration, point: Point): Extent {
  const days = inDays(step);
  if (days !== undefined && max.calendar) return { line: calendarLine('day', point.settings.zone), count: days };
  if (step.calendar && !max.calendar) fixedOnly([max, step], point, 'MAX and STEP');
  return step.calendar && !max.calendar ? { line: milliseconds, count: step.ms } : extent(step, point);
}

/** The last step of a month may be shorter. */
function isMultiple(max: Duration, step: Duration): boolean {
  if (max.calendar?.unit === 'month') return step.calendar?.unit !== 'month' || max.calendar.count % step.calendar.count === 0;
  return max.ms % step.ms === 0;
}

const KINDS: Record<string, (parts: readonly string[], call: StageCall, point: Point) => Grid> = {
  tumble: ([size], call, point) => tumbleGrid(size!, call, point),
  hop: ([size, slide], call, point) => hopGrid(size!, slide!, call, point),
  cumulate: ([max, step], call, point) => cumulateGrid(max!, step!, call, point),
};

/** KIND of the stage `window`, such as `hop:10s/2s`; the gap of a session. Throws UsageError. */
export function windowKind(text: string, call: StageCall, point: Point): { grid: Grid } | { gap: string } {
  const [kind, rest = ''] = splitOnce(text, ':');
  const parts = rest.split('/');
  if (kind === 'session' && rest !== '') return { gap: rest };
  const wanted = kind === 'tumble' ? 1 : 2;
  const make = KINDS[kind];
  if (!make || parts.length !== wanted || parts.includes('')) {
    throw new UsageError(`'${text}' is no kind of window`, 'one of tumble:5s, hop:10s/2s, cumulate:1h/10m, session:30m');
  }
  return { grid: make(parts, call, point) };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
