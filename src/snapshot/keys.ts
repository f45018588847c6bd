// in: a key's encoded bytes (their order is the order of keys; wasm/assembly/keys.ts writes them and says how)
// out: its components as JSON, for people

enum Kind {
  null = 2,
  false,
  true,
  number,
  string,
}

const ZERO = 0x80;
const TINY = 0x81;
const NORMAL = 0x82 + 40;
const HUGE = 0xf0;

/** JSON of each component. @param key one char a byte */
export function keyJson(key: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < key.length; ) {
    const kind: Kind = key.charCodeAt(at++);
    if (kind < Kind.number) parts.push(kind === Kind.null ? 'null' : String(kind === Kind.true));
    else {
      const { json, end } = kind === Kind.number ? number(key, at) : kind === Kind.string ? string(key, at) : other(key, at);
      parts.push(json);
      at = end;
    }
  }
  return parts;
}

interface Component {
  readonly json: string;
  readonly end: number;
}

/** 0.d1d2d3… × 10^E: a byte (or five) for E, two digits to a byte, 00; all inverted where it is negative. */
function number(key: string, at: number): Component {
  const first = key.charCodeAt(at);
  if (first === ZERO) return { json: '0', end: at + 1 };
  const flip = first < ZERO ? 255 : 0;
  const byte = (i: number) => key.charCodeAt(i) ^ flip;
  const tag = byte(at++);
  let exponent = tag - NORMAL;
  if (tag === TINY || tag === HUGE) {
    exponent = [0, 1, 2, 3].reduce((n, i) => n * 256 + byte(at + i), 0) - 2 ** 31;
    at += 4;
  }
  let digits = '';
  for (; byte(at) !== 0; at++) digits += String(byte(at) - 1).padStart(2, '0');
  return { json: (flip ? '-' : '') + literal(digits.replace(/0+$/, ''), exponent), end: at + 1 };
}

function literal(digits: string, exponent: number): string {
  if (exponent > 0 && exponent <= 21) return digits.length <= exponent ? digits.padEnd(exponent, '0') : `${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
  if (exponent <= 0 && exponent > -6) return `0.${'0'.repeat(-exponent)}${digits}`;
  return `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${exponent - 1}`;
}

/** UTF-8; 00 ends it, 00 FF is a zero byte in it. */
function string(key: string, at: number): Component {
  let end = key.indexOf('\0', at);
  while (key.charCodeAt(end + 1) === 255) end = key.indexOf('\0', end + 2);
  const bytes = Buffer.from(key.slice(at, end).replaceAll('\0\xff', '\0'), 'latin1');
  return { json: JSON.stringify(bytes.toString('utf8')), end: end + 1 };
}

function other(key: string, at: number): Component {
  const end = key.indexOf('\0', at);
  return { json: Buffer.from(key.slice(at, end), 'latin1').toString('utf8'), end: end + 1 };
}
