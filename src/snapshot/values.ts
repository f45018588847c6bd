// in: values that state is made of
// out: compact bytes of them, and back: a million small ones in about a second, which the structured clone of v8 does not reach

import { deserialize, serialize } from 'node:v8';
import type { StateValue } from '../model/state.ts';

/** First byte of a value. Names of members are written once, then by number. */
enum Tag {
  undefined,
  null,
  false,
  true,
  integer,
  negative,
  double,
  bigint,
  latin1,
  utf16,
  bytes,
  array,
  object,
  /** what only the structured clone knows: maps, sets, dates */
  other,
}

const FIRST_BYTES = 1 << 16;

/** Writes values one behind the other. */
export class ValueWriter {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private used = 0;
  private readonly names = new Map<string, number>();

  /** What has been written, valid until `clear`. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.used);
  }

  /** Begins anew. */
  clear(): void {
    this.used = 0;
    this.forget();
  }

  /** What comes now can be read by itself. */
  forget(): void {
    this.names.clear();
  }

  value(value: StateValue): void {
    switch (typeof value) {
      case 'number':
        return this.number(value);
      case 'string':
        return this.string(value);
      case 'boolean':
        return this.tag(value ? Tag.true : Tag.false);
      case 'undefined':
        return this.tag(Tag.undefined);
      case 'bigint':
        this.tag(Tag.bigint);
        return this.string(String(value));
      default:
        return value === null ? this.tag(Tag.null) : this.object(value as object);
    }
  }

  private room(n: number): void {
    if (this.used + n <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + n));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }

  private tag(tag: Tag): void {
    this.room(12);
    this.bytes[this.used++] = tag;
  }

  /** A whole number from 0 to 2^32 - 1, in 1 to 5 bytes. */
  private count(n: number): void {
    this.room(8);
    while (n > 127) {
      this.bytes[this.used++] = (n & 127) | 128;
      n >>>= 7;
    }
    this.bytes[this.used++] = n;
  }

  private number(n: number): void {
    if (n >>> 0 === n && !Object.is(n, -0)) {
      this.tag(Tag.integer);
      this.count(n);
    } else if (-n >>> 0 === -n && n !== 0) {
      this.tag(Tag.negative);
      this.count(-n);
    } else {
      this.tag(Tag.double);
      this.used = this.bytes.writeDoubleLE(n, this.used);
    }
  }

  private string(text: string): void {
    const latin1 = isLatin1(text);
    this.tag(latin1 ? Tag.latin1 : Tag.utf16);
    this.count(text.length);
    this.room(text.length * 2);
    this.used += latin1 ? this.bytes.latin1Write(text, this.used) : this.bytes.ucs2Write(text, this.used);
  }

  private object(value: object): void {
    if (value instanceof Uint8Array) this.raw(Tag.bytes, value);
    else if (Array.isArray(value)) {
      this.tag(Tag.array);
      this.count(value.length);
      for (let i = 0; i < value.length; i++) this.value(value[i]);
    } else if (isPlain(value)) this.members(value);
    else this.raw(Tag.other, serialize(value));
  }

  private raw(tag: Tag, bytes: Uint8Array): void {
    this.tag(tag);
    this.count(bytes.length);
    this.room(bytes.length);
    this.bytes.set(bytes, this.used);
    this.used += bytes.length;
  }

  private members(value: object): void {
    const names = Object.keys(value);
    this.tag(Tag.object);
    this.count(names.length);
    for (const name of names) {
      const known = this.names.get(name);
      this.count(known ?? this.names.size);
      if (known === undefined) {
        this.names.set(name, this.names.size);
        this.string(name);
      }
      this.value((value as Record<string, unknown>)[name]);
    }
  }
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return false;
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Reads what a ValueWriter wrote. The bytes must be whole: their checksum has been looked at. */
export class ValueReader {
  private at = 0;
  private readonly names: string[] = [];

  constructor(private readonly bytes: Buffer) {}

  /** Bytes that have been read. */
  get position(): number {
    return this.at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  value(): StateValue {
    const tag: Tag = this.bytes[this.at++]!;
    switch (tag) {
      case Tag.null:
        return null;
      case Tag.false:
        return false;
      case Tag.true:
        return true;
      case Tag.integer:
        return this.count();
      case Tag.negative:
        return -this.count();
      case Tag.double:
        this.at += 8;
        return this.bytes.readDoubleLE(this.at - 8);
      case Tag.bigint:
        return BigInt(this.value() as string);
      case Tag.undefined:
        return undefined;
      default:
        return this.long(tag, this.count());
    }
  }

  private long(tag: Tag, n: number): StateValue {
    const start = this.at;
    if (tag === Tag.array) return this.array(n);
    if (tag === Tag.object) return this.members(n);
    this.at += tag === Tag.utf16 ? n * 2 : n;
    if (tag === Tag.latin1) return this.bytes.latin1Slice(start, this.at);
    if (tag === Tag.utf16) return this.bytes.ucs2Slice(start, this.at);
    return tag === Tag.bytes ? new Uint8Array(this.bytes.subarray(start, this.at)) : deserialize(Buffer.from(this.bytes.subarray(start, this.at)));
  }

  /** Array.from takes three times as long. */
  private array(n: number): StateValue[] {
    const values = new Array<StateValue>(n);
    for (let i = 0; i < n; i++) values[i] = this.value();
    return values;
  }

  private members(n: number): object {
    const value: Record<string, unknown> = {};
    for (let i = 0; i < n; i++) {
      const number = this.count();
      if (number === this.names.length) this.names.push(this.value() as string);
      const name = this.names[number]!;
      if (name === '__proto__') Object.defineProperty(value, name, { value: this.value(), enumerable: true, configurable: true, writable: true });
      else value[name] = this.value();
    }
    return value;
  }

  private count(): number {
    let n = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++]!;
      n += (byte & 127) * scale;
      if (byte < 128) return n;
    }
  }
}
