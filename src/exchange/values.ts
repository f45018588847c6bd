// in: values of a column, JSON text among them
// out: bytes, and the same values again

import { deserialize, serialize } from 'node:v8';
import { JsonText } from '../model/token.ts';

/** Stands for a JsonText; no plain object of a record has this prototype-less shape with this one key. */
const MARK = '\0json';

/** The structured clone of values, with JsonText kept as it is. */
export function encodeValues(values: readonly unknown[]): Buffer {
  return serialize(values.map(marked));
}

/** The way back. */
export function decodeValues(bytes: Buffer): unknown[] {
  const values = deserialize(bytes) as unknown[];
  return values.map(unmarked);
}

function marked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof JsonText) return { [MARK]: value.bytes };
  if (Array.isArray(value)) return value.map(marked);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, marked(member)]));
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unmarked);
  const object = value as Record<string, unknown>;
  if (typeof object[MARK] === 'string') return new JsonText(object[MARK]);
  for (const name of Object.keys(object)) object[name] = unmarked(object[name]);
  return object;
}
