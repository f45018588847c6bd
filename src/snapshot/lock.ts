// in: a directory of snapshots
// out: at most one job at a time that holds it; the hold ends with the process, however it ends

import { existsSync, linkSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Exit, WeirError } from '../model/errors.ts';
import { snapshotError } from './files.ts';

/** Whoever holds a directory. A process is known by its number and its start, as numbers are used again. */
export interface Holder {
  readonly pid: number;
  /** when it started, in the system's own words; '' where the system does not say */
  readonly start: string;
  readonly host: string;
}

const FILE = 'lock';

export class SnapshotLock {
  private constructor(
    private readonly path: string,
    private readonly guard: Server | undefined,
  ) {}

  /** Throws WeirError (exit 3) where a living process holds the directory. */
  static async take(dir: string): Promise<SnapshotLock> {
    const guard = await bindGuard(dir);
    try {
      const holder = holderOf(dir);
      if (holder && isAlive(holder)) throw inUse(dir, holder);
      claim(dir);
      return new SnapshotLock(join(dir, FILE), guard);
    } catch (error) {
      guard?.close();
      throw snapshotError(error, dir);
    }
  }

  release(): void {
    try {
      unlinkSync(this.path);
    } catch {
      // Gone already, with the directory: there is nothing to hold.
    }
    this.guard?.close();
  }
}

/** What the lock says; undefined: nobody holds the directory. */
export function holderOf(dir: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, FILE), 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

export const thisProcess = (): Holder => ({ pid: process.pid, start: startOf(process.pid), host: hostname() });

export function isAlive({ pid, start, host }: Holder): boolean {
  // Of another machine we cannot know, so it counts as alive.
  if (host !== hostname()) return true;
  if (start !== '') return startOf(pid) === start;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(dir: string, holder: Holder | undefined): WeirError {
  const who = holder ? ` (process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`})` : '';
  const help = holder && holder.host !== hostname() ? `if no weir runs there any more, remove ${join(dir, FILE)}` : 'wait until it has ended, or name another directory with --snapshots';
  return new WeirError(`${dir} is in use by another weir${who}`, Exit.snapshot, help);
}

/** The file appears with its content, or not at all: of several that come at once one wins. What is there is of the dead. */
function claim(dir: string): void {
  const mine = join(dir, `.lock-${process.pid}`);
  writeFileSync(mine, `${JSON.stringify(thisProcess())}\n`);
  try {
    if (existsSync(join(dir, FILE))) renameSync(mine, join(dir, FILE));
    else linkSync(mine, join(dir, FILE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inUse(dir, holderOf(dir));
    throw error;
  } finally {
    try {
      unlinkSync(mine);
    } catch {
      // It was renamed.
    }
  }
}

/**
 * Linux has sockets with a name and no file, which only one process can bind and which die with it. That settles who takes over
 * from the dead where two try at once; elsewhere, and between containers, the file alone has to do.
 */
function bindGuard(dir: string): Promise<Server | undefined> {
  if (process.platform !== 'linux') return Promise.resolve(undefined);
  const { dev, ino } = statSync(dir);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? reject(inUse(dir, holderOf(dir))) : resolve(undefined)));
    server.listen({ path: `\0weir-snapshots-${dev}-${ino}` }, () => resolve(server.unref()));
  });
}

/** Boot and tick at which a process started, from /proc; '' where there is none such, or it only waits to be buried. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program stands in brackets, and may itself hold any.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return 'ZX'.includes(fields[0]!) ? '' : `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${fields[19]}`;
  } catch {
    return '';
  }
}
