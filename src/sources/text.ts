// in: the name of a file
// out: its text

import { readFileSync } from 'node:fs';
import { inputError } from './failure.ts';

/** The whole of a small file, such as a .weir file; `-` is stdin. Throws WeirError. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw inputError(error, file);
  }
}
