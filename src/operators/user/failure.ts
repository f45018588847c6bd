// in: what user code threw
// out: the error that a person needs: the line of the module, and the record that it was given

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Batch } from '../../model/batch.ts';
import { type GivenToCode, ModuleError } from '../../model/errors.ts';
import { decodeBytes } from '../../model/token.ts';

const EXCERPT = 80;

/** The names that a module goes by. */
export interface ModuleName {
  readonly stage: string;
  /** as typed */
  readonly file: string;
  readonly path: string;
  /** the default export, where there is no file to get it from */
  readonly module?: unknown;
}

/** The error to throw for one that user code threw. */
export function moduleError(error: unknown, { stage, file, path }: ModuleName, given: GivenToCode): ModuleError {
  const frame = error instanceof Error ? userFrame(error) : undefined;
  const place = frame === undefined ? file : `${frame.path === path ? file : relative('', frame.path)}:${frame.line}`;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : `threw ${text(error)}`;
  return new ModuleError(`${stage}: ${place}: ${what}`, given, error instanceof Error ? error.stack : undefined);
}

/** The innermost call on the stack that is neither ours nor node's. */
function userFrame({ stack = '' }: Error): { path: string; line: string } | undefined {
  for (const line of stack.split('\n')) {
    const match = /^\s+at (?:.* \()?((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):\d+\)?$/.exec(line);
    const path = match && (match[1]!.startsWith('file:') ? fileURLToPath(match[1]!) : match[1]!);
    if (path && path !== __filename) return { path, line: match[2]! };
  }
  return undefined;
}

/** A value in a message. */
export function text(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return value.constructor === Object || !value.constructor ? 'an object' : `an instance of ${value.constructor.name}`;
  return typeof value === 'function' ? 'a function' : String(value);
}

/** A record and where it stands, for a message. `record`: its JSON, one char a byte. */
export function givenRecord(batch: Batch, row: number, record: string): GivenToCode {
  return { text: excerpt(record), source: batch.origin.source, line: batch.origin.line(row) };
}

/** The beginning of a record's JSON (one char a byte), for a message. */
export function excerpt(record: string): string {
  const shown = decodeBytes(record);
  return shown.length > EXCERPT ? `${shown.slice(0, EXCERPT)}…` : shown;
}
