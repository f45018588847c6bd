// in: the environment
// out: sizes that change nothing but speed; tests set others

import { MAX_ROWS } from '../model/column.ts';

export const sizes = {
  /** bytes that are read at a time */
  blockBytes: Number(process.env['WEIR_BLOCK_BYTES']) || undefined,
  /** processes of a job for which -p says nothing */
  parallelism: Number(process.env['WEIR_PARALLELISM']) || undefined,
  /** processes from which on each has its own keys */
  leastKeyed: Number(process.env['WEIR_LEAST_KEYED']) || undefined,
  /** rows after which it is decided whether to add them up before they are dealt out */
  rowsToTell: Number(process.env['WEIR_ROWS_TO_TELL']) || undefined,
  /** keys of an operator that are in memory with --state level; not given: as many as fit */
  stateCache: (Number(process.env['WEIR_STATE_CACHE']) || undefined) as number | undefined,
  /** rows of a batch at most */
  batchRows: Math.min(Number(process.env['WEIR_BATCH_ROWS']) || MAX_ROWS, MAX_ROWS),
};
