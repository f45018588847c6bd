// in: bytes of JSON tokens in kernel memory
// out: what a token is, its JavaScript value, and JSON text that keeps its literals

/** What a token of a record is; the scanner writes these codes. `missing`: the record has no such field. */
export const Type = {
  missing: 0,
  /** a string without escapes */
  string: 1,
  /** a string with at least one backslash */
  escaped: 2,
  number: 3,
  true: 4,
  false: 5,
  null: 6,
  object: 7,
  array: 8,
  /** a time of weir's own, such as a window bound: prints as its bytes, is ms since the epoch in expressions */
  time: 9,
} as const;

/**
 * JSON text that is kept as it was written (`1.10`, `12345678901234567890`, a whole record), so that no literal changes on its way.
 * A value column may hold one in place of a JavaScript value.
 */
export class JsonText {
  private parsed: unknown = undefined;
  private isParsed = false;
  /** @param bytes the UTF-8 bytes of the JSON text, one char a byte (latin1) */
  constructor(readonly bytes: string) {}

  /** The JavaScript value; parsed once. */
  get value(): unknown {
    if (!this.isParsed) {
      this.parsed = parseBytes(this.bytes);
      this.isParsed = true;
    }
    return this.parsed;
  }

  /** So that JSON.stringify of something that holds one prints the value. */
  toJSON(): unknown {
    return this.value;
  }
}

/** JSON.parse of UTF-8 bytes that are held one char a byte. */
export function parseBytes(bytes: string): unknown {
  return JSON.parse(decodeBytes(bytes));
}

/** UTF-8 bytes held one char a byte → the string that they spell. */
export function decodeBytes(bytes: string): string {
  return /[^\x00-\x7f]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

/** A string → its UTF-8 bytes, one char a byte. */
export function encodeBytes(text: string): string {
  return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** A field's JavaScript value: JSON text is parsed, anything else is itself. */
export function unwrap(value: unknown): unknown {
  return value instanceof JsonText ? value.value : value;
}

/** A value as a field holds it: a number that is not finite is null, as it prints. */
export function fieldValue(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
