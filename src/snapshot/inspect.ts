// in: a directory of snapshots
// out: what is in it, for people: a row per snapshot, the content of one, what is wrong with each

import { Exit, WeirError } from '../model/errors.ts';
import { type Snapshot, SnapshotDirectory } from './directory.ts';
import type { StatesRead } from './states.ts';

/** A snapshot as `ls` and `verify` list it. */
export interface Listed {
  readonly id: string;
  readonly snapshot?: Snapshot;
  /** why it cannot be used */
  readonly reason?: string;
}

/** All snapshots, oldest first, each compared with its checksums. */
export async function list(dir: string): Promise<Listed[]> {
  const directory = new SnapshotDirectory(dir);
  const found: Listed[] = [];
  for (const id of await directory.ids()) {
    try {
      found.push({ id, snapshot: await directory.read(id) });
    } catch (error) {
      found.push({ id, reason: (error as Error).message });
    }
  }
  return found;
}

/** One snapshot with its state; the newest one that is whole, unless `id` names another. Throws WeirError (exit 3). */
export async function open(dir: string, id: string | undefined, warn: (text: string) => void): Promise<{ snapshot: Snapshot; states: StatesRead }> {
  const directory = new SnapshotDirectory(dir);
  const snapshot = id === undefined ? await directory.newest((name, reason) => warn(`snapshot ${name} is left out: ${reason}`)) : await one(directory, id);
  if (!snapshot) throw new WeirError(`there are no snapshots in ${dir}`, Exit.snapshot, 'name the DIR of --snapshots');
  return { snapshot, states: directory.states(snapshot) };
}

async function one(directory: SnapshotDirectory, name: string): Promise<Snapshot> {
  const ids = await directory.ids();
  const id = ids.find((i) => i === name) ?? ids.find((i) => Number.parseInt(i, 10) === Number(name));
  if (id === undefined) throw new WeirError(`there is no snapshot '${name}' in ${directory.path}`, Exit.snapshot, ids.length > 0 ? `there are ${ids.join(', ')}` : undefined);
  try {
    return await directory.read(id);
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw new WeirError(`snapshot ${id} in ${directory.path} cannot be used: ${(error as Error).message}`, Exit.snapshot, 'name another one');
  }
}
