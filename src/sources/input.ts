// in: the FILEs of a job
// out: their bytes, one input after the other, each of whole NDJSON lines

import { fstatSync, statSync } from 'node:fs';
import { isatty } from 'node:tty';
import { UsageError } from '../model/errors.ts';
import type { InputFormat } from '../model/format.ts';
import { inputError } from './failure.ts';
import type { Input } from './reader.ts';
import { SeekableInput } from './seekable.ts';

export type { Input } from './reader.ts';

export interface InputRules {
  readonly format: InputFormat;
}

/** Inputs in the order of the files, none of which means stdin. Throws WeirError at once for a file that cannot be there, UsageError if stdin is a terminal that nobody asked for. */
export function openInputs(files: readonly string[], rules: InputRules): Input[] {
  if (files.length === 0) refuseTerminal();
  const names = files.length === 0 ? ['-'] : files.map((f) => (f === '/dev/stdin' ? '-' : f));
  return names.map((name) => inputOf(name, rules));
}

function refuseTerminal(): void {
  if (isatty(0)) throw new UsageError('no input: stdin is a terminal', 'name a FILE behind the last stage, pipe something in (… | weir …), or name - to type records here');
}

/** Throws for a file that is missing or a directory, so that nothing is printed before. */
function inputOf(file: string, { format }: InputRules): Input {
  try {
    const stat = file === '-' ? fstatSync(0, { bigint: true }) : statSync(file, { bigint: true });
    if (file !== '-' && stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    return new SeekableInput(file, stat, format);
  } catch (error) {
    throw inputError(error, file === '-' ? 'stdin' : file);
  }
}
