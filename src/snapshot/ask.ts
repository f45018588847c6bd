// in: a directory of snapshots that a running job holds
// out: a savepoint that the job has taken

import { setTimeout as sleep } from 'node:timers/promises';
import { Exit, WeirError } from '../model/errors.ts';
import { SnapshotDirectory } from './directory.ts';
import { holderOf, isAlive } from './lock.ts';

const LOOK_MS = 20;

/** Asks the job for a savepoint and waits until it is there. Gives its name. Throws WeirError (exit 3) where no job runs, or it ends before. */
export async function askForSavepoint(dir: string): Promise<string> {
  const directory = new SnapshotDirectory(dir);
  const holder = holderOf(dir);
  if (!holder || !isAlive(holder)) throw new WeirError(`no weir runs with --snapshots ${dir}`, Exit.snapshot, 'a job that has been stopped by Ctrl-C has left a snapshot already: `weir snapshot ls` lists it');
  const before = new Set(await directory.ids());
  try {
    process.kill(holder.pid, 'SIGUSR1');
  } catch (error) {
    throw new WeirError(`process ${holder.pid} cannot be asked for a savepoint: ${(error as Error).message}`, Exit.failed, 'ask as the user who runs it, on the machine where it runs');
  }
  for (;;) {
    const isOver = !isAlive(holder);
    const taken = (await directory.ids()).find((id) => id.endsWith('-savepoint') && !before.has(id));
    if (taken !== undefined) return taken;
    if (isOver) throw new WeirError(`the job (process ${holder.pid}) ended before it had taken a savepoint`, Exit.snapshot, '`weir snapshot ls` lists what it has left');
    await sleep(LOOK_MS);
  }
}
