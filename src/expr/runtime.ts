// in: JavaScript values of a row
// out: what the operators make of them where compiled code cannot do it in place; nothing here ever throws

import type { Batch } from '../model/batch.ts';
import type { TokenColumn } from '../model/column.ts';
import { JsonText, Type } from '../model/token.ts';

/** A value without its literal. */
export function plain(value: unknown): unknown {
  return typeof value === 'object' && value instanceof JsonText ? value.value : value;
}

/** Own members only; length and elements of strings and arrays; undefined under anything else. */
export function get(value: unknown, key: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  const name = typeof key === 'object' ? text(key) : (key as string | number);
  if (typeof value === 'string') return name === 'length' ? value.length : typeof name === 'number' ? value[name] : undefined;
  if (typeof value !== 'object' || name === undefined || !Object.hasOwn(value, name)) return undefined;
  return plain((value as Record<string | number, unknown>)[name]);
}

/** JavaScript's number of a value; NaN where JavaScript would throw. */
export function num(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return Number(value);
  const primitive = text(value);
  return primitive === undefined ? Number.NaN : Number(primitive);
}

/** The number of a side of a comparison: null and missing make it false, as NaN does. */
export function side(value: unknown): number {
  return value === null || value === undefined ? Number.NaN : num(value);
}

/** A finite number as it is, NaN for anything else. */
export function finite(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
}

/** JavaScript's string of a value; undefined where JavaScript would throw. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  try {
    return String(value);
  } catch {
    return undefined;
  }
}

/** Objects and arrays as the strings that operators see; the rest as it is. */
function primitive(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? text(value) : value;
}

export function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const [left, right] = [primitive(a), primitive(b)];
  if (isThrown(a, left) || isThrown(b, right)) return undefined;
  return (left as string) + (right as string);
}

const isThrown = (value: unknown, made: unknown) => made === undefined && value !== undefined;

export function eq(a: unknown, b: unknown): boolean {
  return a === b && a !== null && a !== undefined;
}

export function ne(a: unknown, b: unknown): boolean {
  return a !== b && a !== null && a !== undefined && b !== null && b !== undefined;
}

/**
 * eq of two fields: an object or array in one is not the one in the other, even if the other was set to it;
 * whether that is still known must not depend on where the stages run.
 */
export function eqOther(a: unknown, b: unknown): boolean {
  return eq(a, b) && typeof a !== 'object';
}

export function neOther(a: unknown, b: unknown): boolean {
  return ne(a, b) || (typeof a === 'object' && a !== null && a === b);
}

export function lt(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (a === null || a === undefined || b === null || b === undefined) return false;
  return (primitive(a) as string) < (primitive(b) as string);
}

export function le(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  if (a === null || a === undefined || b === null || b === undefined) return false;
  return (primitive(a) as string) <= (primitive(b) as string);
}

/** A part of a template, or a side of `+` with a string. */
export function str(value: unknown): string {
  return typeof value === 'string' ? value : (text(value) ?? '');
}

/** What `...x` spreads into an array or into arguments: elements of an array, characters of a string, nothing of the rest. */
export function spread(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? [...value] : [];
}

/** What `...x` spreads into an object. */
export function members(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** A key that is computed in an object literal. */
export function key(value: unknown): string {
  return str(value);
}

/** Whether [start, start + bytes.length) of memory are these bytes. */
export function same(memory: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (memory[start + i] !== bytes[i]) return false;
  return true;
}

/** A token as its own bytes, so that no literal changes; null, true and false as such. */
export function literal(batch: Batch, column: TokenColumn, row: number): unknown {
  const type = column.type[row]!;
  if (type === Type.missing || type === Type.null || type === Type.true || type === Type.false) return batch.read(column, row);
  return new JsonText(batch.memory.latin1Slice(column.start[row]!, column.end[row]!));
}

/** A token as its value, if that tells all of it; numbers and parts that a double would change, objects and arrays as their bytes. */
export function exact(batch: Batch, column: TokenColumn, row: number): unknown {
  const type = column.type[row]!;
  if (type === Type.number ? isExact(column.num[row]!, column.end[row]! - column.start[row]!) : type < Type.object || type === Type.time) {
    return batch.read(column, row);
  }
  return new JsonText(batch.memory.latin1Slice(column.start[row]!, column.end[row]!));
}

/**
 * Whether the shortest text of a double spells the same number as the literal of so many characters that it was parsed from.
 * It does up to 15 digits, but for numbers too large or too small for a double's full precision.
 */
export function isExact(value: number, length: number): boolean {
  if (length > 15) return false;
  // the shortest literal that becomes 0 without being 0 is 1e-324
  if (value === 0) return length < 6;
  return value < 1e290 && value > -1e290 && (value > 1e-290 || value < -1e-290);
}
