// in: a format of strptime's letters
// out: a function that reads times written so

import { civil, clock, offsetOf } from './iso.ts';
import { DAYS, expand, MONTHS } from './strftime.ts';
import { toInstant, utc, type Zone } from './zone.ts';

const names = (list: readonly string[]) => list.flatMap((name) => [name, name.slice(0, 3)]).join('|');
const short = (list: readonly string[], name: string) => list.findIndex((each) => each.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase());

/** What a letter matches. */
const PATTERNS: Readonly<Record<string, string>> = {
  Y: '[+-]?\\d{4,6}',
  y: '\\d\\d',
  m: '\\d{1,2}',
  d: '\\s?\\d{1,2}',
  e: '\\s?\\d{1,2}',
  j: '\\d{1,3}',
  H: '\\d{1,2}',
  k: '\\s?\\d{1,2}',
  I: '\\d{1,2}',
  l: '\\s?\\d{1,2}',
  M: '\\d{1,2}',
  S: '\\d{1,2}',
  L: '\\d{1,9}',
  f: '\\d{1,9}',
  p: '[AaPp][Mm]',
  a: names(DAYS),
  A: names(DAYS),
  b: names(MONTHS),
  h: names(MONTHS),
  B: names(MONTHS),
  z: 'Z|[+-]\\d\\d:?\\d\\d|[+-]\\d\\d',
  Z: 'UTC|GMT|Z',
  s: '-?\\d+',
};

/** Texts of the letters that matched. */
type Found = Readonly<Record<string, string | undefined>>;

/** A reader of times in `format`: ms, or NaN where the text is not written so. Throws an Error that names a letter that there is not. */
export function timeParser(format: string): (text: string, zone: Zone) => number {
  const letters: string[] = [];
  const source = expand(format)
    .split(/(%.|%$|\s+)/su)
    .filter((part) => part !== '')
    .map((part) => partPattern(part, letters))
    .join('');
  const pattern = new RegExp(`^${source}$`, 'i');
  return (text, zone) => {
    const match = pattern.exec(text.trim());
    if (match === null) return Number.NaN;
    return instant(Object.fromEntries(letters.map((letter, i) => [letter, match[i + 1]!.trim()])), zone);
  };
}

function partPattern(part: string, letters: string[]): string {
  if (/^\s/.test(part)) return '\\s+';
  if (part[0] !== '%') return part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  const letter = part.slice(1);
  if (letter === '%') return '%';
  const pattern = PATTERNS[letter];
  if (pattern === undefined) throw new Error(`'${part}' is no part of a time format that can be read`);
  letters.push(letter);
  return `(${pattern})`;
}

function instant(found: Found, zone: Zone): number {
  const fraction = found['L'] ?? found['f'] ?? '';
  if (found['s'] !== undefined) return Number(found['s']) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  const local = date(found) + clock(hour(found), Number(found['M'] ?? 0), Number(found['S'] ?? 0), fraction);
  if (Number.isNaN(local)) return Number.NaN;
  if (found['z'] !== undefined) return local - offsetOf(found['z']);
  return found['Z'] !== undefined ? local : toInstant(local, zone);
}

function date(found: Found): number {
  const year = yearOf(found);
  if (found['j'] !== undefined) return Number(found['j']) >= 1 && Number(found['j']) <= 366 ? utc(year, 1, Number(found['j'])) : Number.NaN;
  const name = found['b'] ?? found['B'] ?? found['h'];
  const month = name !== undefined ? short(MONTHS, name) + 1 : Number(found['m'] ?? 1);
  return civil(year, month, Number(found['d'] ?? found['e'] ?? 1));
}

/** Two digits are 1969 to 2068, as in POSIX; no year is 1970. */
function yearOf(found: Found): number {
  if (found['Y'] !== undefined) return Number(found['Y']);
  if (found['y'] === undefined) return 1970;
  const year = Number(found['y']);
  return year < 69 ? 2000 + year : 1900 + year;
}

function hour(found: Found): number {
  const twelve = found['I'] ?? found['l'];
  if (twelve === undefined) return Number(found['H'] ?? found['k'] ?? 0);
  const value = Number(twelve);
  if (value < 1 || value > 12) return Number.NaN;
  return (value % 12) + (found['p']?.toLowerCase() === 'pm' ? 12 : 0);
}
