// in: words that are to be numbers
// out: the numbers, or a refusal

import { UsageError } from '../model/errors.ts';

/** A whole number of at least `least`. Throws UsageError. */
export function wholeNumber(what: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || !Number.isSafeInteger(value)) {
    throw new UsageError(`${what} is to be a whole number of at least ${least}, not '${text}'`);
  }
  return value;
}
