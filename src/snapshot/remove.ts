// in: a directory of snapshots
// out: the directory without them

import { rmdir } from 'node:fs/promises';
import { Exit, WeirError } from '../model/errors.ts';
import { SnapshotDirectory } from './directory.ts';
import { SnapshotLock } from './lock.ts';

/** Removes one snapshot, or all of them and the directory if nothing else is in it. Gives their names. Throws WeirError (exit 3) while a job holds the directory. */
export async function remove(dir: string, name: string | undefined): Promise<string[]> {
  const directory = new SnapshotDirectory(dir);
  const ids = await directory.ids();
  const wanted = name === undefined ? ids : ids.filter((id) => id === name || Number.parseInt(id, 10) === Number(name));
  if (name !== undefined && wanted.length === 0) throw new WeirError(`there is no snapshot '${name}' in ${dir}`, Exit.snapshot, ids.length > 0 ? `there are ${ids.join(', ')}` : undefined);
  if (wanted.length === 0) return [];
  const lock = await SnapshotLock.take(dir);
  try {
    await directory.tidy();
    for (const id of wanted) await directory.remove(id);
  } finally {
    lock.release();
  }
  // Whatever else is in it stays, and so does it.
  if (name === undefined) await rmdir(dir).catch(() => {});
  return wanted;
}
