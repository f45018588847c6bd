// in: a DUR as a person writes it, such as `1h30m` or `1mo`
// out: milliseconds, and the calendar unit where it is one

import { TextError } from './errors.ts';

export type CalendarUnit = 'day' | 'week' | 'month';

export interface Duration {
  /** fixed length; of calendar units the usual one (a month: 30 days), good for comparing sizes only */
  readonly ms: number;
  /** whole days, weeks or months, where they were asked for: as long as the calendar of a zone says */
  readonly calendar?: { readonly unit: CalendarUnit; readonly count: number };
}

export interface DurationRules {
  /** may be below zero */
  readonly negative?: boolean;
  /** must be above zero */
  readonly positive?: boolean;
  /** `1d`, `1w` and `1mo` are calendar units: a window's size */
  readonly calendar?: boolean;
}

interface Term {
  readonly count: number;
  readonly unit: string;
  readonly end: number;
}

const LENGTHS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, mo: 30 * 86_400_000 };
const CALENDAR: Readonly<Record<string, CalendarUnit>> = { d: 'day', w: 'week', mo: 'month' };
const HELP = 'a duration is a number and a unit (ms s m h d w), or a sum of them: 250ms, 10s, 1h30m';

/** Throws TextError with the place that is wrong. */
export function parseDuration(text: string, rules: DurationRules = {}): Duration {
  const sign = /^[+-]/.test(text) ? 1 : 0;
  const terms = splitTerms(text, sign);
  const ms = terms.reduce((sum, t) => sum + t.count * LENGTHS[t.unit]!, 0) * (text[0] === '-' ? -1 : 1);
  if (ms < 0 && !rules.negative) throw wrong(text, 'a duration here is not negative');
  if (ms === 0 && rules.positive) throw wrong(text, 'a duration here is more than 0');
  if (!Number.isSafeInteger(ms)) throw wrong(text, Number.isInteger(ms) ? 'this duration is too long' : 'a duration is a whole number of milliseconds');
  const calendar = calendarOf(text, terms, rules.calendar === true);
  return calendar && ms > 0 ? { ms, calendar } : { ms };
}

function splitTerms(text: string, from: number): Term[] {
  if (/^[+-]?0$/.test(text)) return [{ count: 0, unit: 'ms', end: text.length }];
  const terms: Term[] = [];
  for (let at = from; at < text.length || terms.length === 0; at = terms.at(-1)!.end) terms.push(nextTerm(text, at));
  return terms;
}

function nextTerm(text: string, at: number): Term {
  const match = /^(\d+(?:\.\d+)?)([a-zA-Zµ]*)/.exec(text.slice(at));
  if (!match) throw new TextError(`'${text}' is not a duration`, text, at, text.length, HELP);
  const [all, digits, unit] = [match[0], match[1]!, match[2]!];
  const unitAt = at + digits.length;
  if (unit === '') throw new TextError('a duration needs a unit', text, at, unitAt, HELP);
  if (!Object.hasOwn(LENGTHS, unit)) throw new TextError(`'${unit}' is not a unit of time`, text, unitAt, at + all.length, HELP);
  return { count: Number(digits), unit, end: at + all.length };
}

/** One whole number of days, weeks or months; a month is nothing else. */
function calendarOf(text: string, terms: readonly Term[], allowed: boolean): Duration['calendar'] {
  const [term] = terms;
  const hasMonth = terms.some((t) => t.unit === 'mo');
  if (hasMonth && !allowed) throw wrong(text, 'a month has no fixed length', 'only the size of a window may be in months; 30d is fixed');
  if (hasMonth && (terms.length > 1 || !Number.isInteger(term!.count))) throw wrong(text, 'months stand alone, in whole numbers');
  const unit = CALENDAR[term!.unit];
  return allowed && unit && terms.length === 1 && Number.isInteger(term!.count) ? { unit, count: term!.count } : undefined;
}

function wrong(text: string, message: string, help?: string): TextError {
  return new TextError(message, text, 0, text.length, help);
}
