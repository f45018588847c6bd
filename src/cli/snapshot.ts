// in: the words behind `weir snapshot`
// out: a refusal, until there are snapshots

import { UsageError } from '../model/errors.ts';

export async function action(): Promise<number> {
  throw new UsageError('snapshot is not built yet');
}
