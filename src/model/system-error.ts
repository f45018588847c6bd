// in: what the system says about a file, and what that means in words
// out: an error that names the file and says what to do

import { WeirError } from './errors.ts';

/** By the system's code: what has happened, and what to do about it. */
export type Meanings = Readonly<Record<string, readonly [meaning: string, help?: string]>>;

/** Exit 1. A WeirError stays as it is. @param name what it is about, such as a file's name */
export function systemError(error: unknown, name: string, meanings: Meanings): WeirError {
  if (error instanceof WeirError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const [meaning, help] = meanings[code ?? ''] ?? [message];
  return new WeirError(`${name}: ${meaning}`, 1, help);
}
