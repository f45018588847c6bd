// in: random choices
// out: lines of input: times out of order, keys of all types, numbers of all sizes, escapes, members in any order

import type { Random } from './random.ts';

/** How times of a job look. */
export interface Clock {
  readonly unit: 's' | 'ms';
  readonly iso: boolean;
  readonly base: number;
  /** ms between two records, on average */
  readonly step: number;
  /** ms that a record may be behind */
  readonly jitter: number;
}

const KEYS = ['"a"', '"b"', '"a"', '"b"', '"c"', '"é"', '"\\u0061"', '1', '1.0', '10e-1', '2', '"1"', 'null', 'true', 'false', '9007199254740993', '9007199254740992', '[1,2]', '{"q":1,"p":2}', '"a\\nb"', '"😀"', '-0', '0'];
const NUMBERS = ['0', '1', '2', '3', '5', '7', '-1', '10', '0.1', '0.2', '1.10', '2.50', '1e3', '1E-2', '-0', '100', '12345678901234567890', '0.30000000000000004', '-7.25', '1e21', '123456789.987654321'];
const ODD = ['null', '"5"', 'true', '[]', '{}', '"x"'];
const TEXTS = ['"abc"', '"Abc d"', '""', '"a\\"b"', '"\\u00e9t\\u00e9"', '"日本"', '"tab\\t"', '"a/b/c"', '"back\\\\slash"', 'null', '"12"'];
const ELEMENTS = ['1', '1.50', '"e"', 'null', '{"a":1}', '[2]', 'true'];

export function randomClock(random: Random): Clock {
  const base = random.pick([0, -40, 1_767_225_600_000, 1_774_742_400_000]);
  const step = random.pick([1, 3, 10, 1000, 60_000]);
  return { unit: 'ms', iso: base > 0 && random.chance(0.4), base, step, jitter: random.pick([0, 2 * step, 8 * step, 25 * step]) };
}

function list(random: Random): string {
  const elements = Array.from({ length: random.int(0, 3) }, () => random.pick(ELEMENTS));
  return `[${elements.join(random.pick([',', ', ']))}]`;
}

/** `unique`: no name twice, none with escapes in it. */
function members(random: Random, time: string, tidy: boolean, unique: boolean): [string, string][] {
  const all: [string, string][] = [
    ['"ts"', time],
    ['"k"', random.pick(tidy ? KEYS.slice(0, 5) : KEYS)],
    ['"x"', !tidy && random.chance(0.1) ? random.pick(ODD) : random.pick(NUMBERS)],
    ['"y"', String(random.int(0, 4))],
    ['"s"', random.pick(TEXTS)],
    ['"o"', `{"a":${random.pick(NUMBERS)},"b":${list(random)}}`],
    ['"list"', random.chance(0.1) ? random.pick(ODD) : list(random)],
  ];
  const kept = all.filter(([name]) => name === '"ts"' || tidy || !random.chance(0.08));
  if (!tidy && !unique && random.chance(0.05)) kept.push([random.pick(['"k"', '"x"', '"\\u0078"']), random.pick(NUMBERS)]);
  return tidy ? kept : random.shuffle(kept);
}

/** One record; white space where JSON allows it, now and then. */
function line(random: Random, time: string, tidy: boolean, unique: boolean): string {
  const blank = () => (!tidy && random.chance(0.06) ? random.pick([' ', '  ', '\t']) : '');
  const parts = members(random, time, tidy, unique).map(([name, value]) => `${blank()}${name}${blank()}:${blank()}${value}${blank()}`);
  return `${blank()}{${parts.join(',')}}${blank()}`;
}

export function randomLines(random: Random, clock: Clock, count: number, unique = false): string[] {
  const tidy = random.chance(0.3);
  let now = clock.base;
  return Array.from({ length: count }, () => {
    now += random.chance(0.3) ? 0 : random.int(0, 2 * clock.step);
    const ms = now - random.int(0, clock.jitter);
    return line(random, clock.iso ? `"${new Date(ms).toISOString()}"` : String(ms), tidy, unique);
  });
}

/** Some of the lines torn, with something behind them, or with a time that is none. */
export function spoil(random: Random, lines: readonly string[]): string[] {
  return lines.map((text) => {
    if (!random.chance(0.15)) return text;
    return random.pick([
      text.trim().slice(0, random.int(1, text.trim().length - 1)),
      `${text}}`,
      `${text} ${text}`,
      `[${text}]`,
      'null',
      text.replace(/"ts"(\s*):\s*[^\s,}]+/, '"ts"$1:null'),
    ]);
  });
}
