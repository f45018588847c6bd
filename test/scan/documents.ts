// in: a random generator
// out: JSON documents as people and programs write them, and broken ones

import type { Random } from './helpers.ts';

const WORDS = ['', 'a', 'id', 'user', 'price', 'Grüße', '日本', '😀', 'a b', '__proto__', 'x'.repeat(15), 'y'.repeat(16), 'z'.repeat(120), 'quote"d', 'back\\slash', 'new\nline', '\u0001', '/', '{', ']', ',', ':'];
const NUMBERS = ['0', '-0', '1', '-1', '12.50', '1e5', '1E-7', '2.5e+10', '12345678901234567890', '0.1', '-0.000001', '9007199254740993', '1e400', '123456789.123456789'];

function space(r: Random): string {
  if (r.chance(0.9)) return '';
  return Array.from({ length: r.int(3) + 1 }, () => r.pick([' ', '\t', '  ', '\r', ' '.repeat(20)])).join('');
}

/** One of the ways to write a character in a JSON string. */
function character(r: Random, c: string): string {
  if (r.chance(0.9)) return JSON.stringify(c).slice(1, -1);
  if (c === '/' && r.chance(0.5)) return '\\/';
  return c.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

export function stringText(r: Random, value: string): string {
  return `"${[...value].map((c) => character(r, c)).join('')}"`;
}

function text(r: Random): string {
  return Array.from({ length: r.int(4) }, () => r.pick(WORDS)).join('');
}

function list(r: Random, items: string[], open: string, close: string): string {
  return `${open}${space(r)}${items.join(`${space(r)},${space(r)}`)}${space(r)}${close}`;
}

function member(r: Random, name: string, depth: number): string {
  return `${stringText(r, name)}${space(r)}:${space(r)}${valueText(r, depth)}`;
}

export function valueText(r: Random, depth: number): string {
  const kind = r.int(depth > 0 ? 10 : 8);
  if (kind < 3) return r.pick(NUMBERS);
  if (kind < 6) return stringText(r, text(r));
  if (kind < 8) return r.pick(['true', 'false', 'null']);
  if (kind === 8) return list(r, Array.from({ length: r.int(4) }, () => valueText(r, depth - 1)), '[', ']');
  return objectText(r, Array.from({ length: r.int(4) }, () => r.pick(WORDS)), depth - 1);
}

/** An object of members of these names (duplicates allowed). */
export function objectText(r: Random, names: readonly string[], depth = 3): string {
  return list(r, names.map((name) => member(r, name, depth)), '{', '}');
}

/** Names of members, as a stream of records has them: some shapes that come again and again, now and then another. */
export function shapes(r: Random): readonly (readonly string[])[] {
  return Array.from({ length: r.int(12) + 1 }, () => Array.from({ length: r.int(8) }, () => r.pick(WORDS)));
}

/** Lines of records, with blank ones among them; the last one may lack its newline. */
export function documentText(r: Random, records: number): string {
  const forms = shapes(r);
  let out = '';
  for (let i = 0; i < records; i++) {
    if (r.chance(0.05)) out += r.pick(['\n', ' \t\n', '\r\n']);
    const names = r.chance(0.1) ? r.shuffle(r.pick(forms)) : r.pick(forms);
    out += space(r) + objectText(r, names, r.int(3)) + space(r) + r.pick(['\n', '\n', '\n', '\r\n']);
  }
  return r.chance(0.2) ? out.replace(/\r?\n$/, '') : out;
}

const BYTES = Buffer.from('{}[]",:\\ \n\r\t0123456789.eE+-truefalsn u\x01\x1f/abz_\x7f');

/** The same bytes with a few of them changed, taken out, doubled or put in, or the end cut off. */
export function mutate(r: Random, bytes: Buffer): Buffer {
  let out: Buffer = Buffer.from(bytes);
  for (let n = r.int(4) + 1; n > 0 && out.length > 0; n--) {
    const at = r.int(out.length);
    const byte = Buffer.from([BYTES[r.int(BYTES.length)]!]);
    const kind = r.int(16);
    if (kind < 6) out[at] = byte[0]!;
    else if (kind < 10) out = Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + r.int(3))]);
    else if (kind < 13) out = Buffer.concat([out.subarray(0, at), byte, out.subarray(at)]);
    else if (kind < 15) out = Buffer.concat([out.subarray(0, at), out.subarray(Math.max(0, at - r.int(8)))]);
    else if (r.chance(0.2)) out = out.subarray(0, at);
  }
  return out;
}
