// in: a stage's words
// out: the parallelism that it asks for

import { UsageError } from '../model/errors.ts';
import type { StageCall } from '../model/stage.ts';

/** What `--subtasks` says. Throws UsageError. */
export function subtasksOf({ options }: StageCall): number | undefined {
  const text = options['subtasks'];
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^[1-9]\d{0,3}$/.test(text)) throw new UsageError(`--subtasks takes a whole number from 1 on, not '${String(text)}'`);
  return Number(text);
}
