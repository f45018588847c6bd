// in: the FILEs of a job
// out: their bytes, one input after the other, each of whole NDJSON lines

import { type BigIntStats, fstatSync, type Stats, statSync } from 'node:fs';
import { isatty } from 'node:tty';
import { UsageError } from '../model/errors.ts';
import { inputError } from './failure.ts';
import { FollowInput } from './follow/input.ts';
import type { Input, InputRules } from './rules.ts';
import { SeekableInput } from './seekable.ts';

export type { Input, InputRules } from './rules.ts';

/**
 * Inputs in the order of the files, none of which means stdin; files that are followed are one input.
 * Throws WeirError at once for a file that cannot be there, UsageError if stdin is a terminal that nobody asked for.
 */
export function openInputs(files: readonly string[], rules: InputRules): Input[] {
  if (files.length === 0) refuseTerminal();
  const names = files.length === 0 ? ['-'] : files.map((f) => (f === '/dev/stdin' ? '-' : f));
  if (rules.follow && !isPipe(names)) return [follow(names, rules)];
  return names.map((name) => new SeekableInput(name, check(name), rules));
}

/** What is written to a pipe comes out of it as it is written: there is nothing to follow. */
function isPipe(names: readonly string[]): boolean {
  const stat = names.length > 1 ? undefined : names[0] === '-' ? fstatSync(0) : existing(names[0]!);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

function follow(names: readonly string[], rules: InputRules): Input {
  for (const name of new Set(names)) {
    if (name === '-') throw new UsageError('stdin cannot be followed: it has no name', 'name the FILE behind the last stage, or leave -F out');
    if (existing(name)) check(name);
  }
  return new FollowInput([...new Set(names)], rules);
}

function existing(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}

function refuseTerminal(): void {
  if (isatty(0)) throw new UsageError('no input: stdin is a terminal', 'name a FILE behind the last stage, pipe something in (… | weir …), or name - to type records here');
}

/** Throws for a file that is missing or a directory, so that nothing is printed before. */
function check(file: string): BigIntStats {
  try {
    const stat = file === '-' ? fstatSync(0, { bigint: true }) : statSync(file, { bigint: true });
    if (file !== '-' && stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    return stat;
  } catch (error) {
    throw inputError(error, file === '-' ? 'stdin' : file);
  }
}
