// in: a job with --state level
// out: a database for its keyed state, made when there is more than fits into memory, and gone when the job is over

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { WeirError } from '../model/errors.ts';
import type { Operator } from '../model/stage.ts';
import type { Evicted } from '../model/state.ts';
import { type Holder, isAlive, thisProcess } from '../snapshot/lock.ts';
import { makeFolder } from '../snapshot/make-folder.ts';
import { LevelStore } from '../state/level/store.ts';
import { CachedOperator } from './cached-operator.ts';
import { StateCache } from './state-cache.ts';

const NAME = /^weir-state-(\d+)-/;
const HOLDER = 'holder';

/** Keyed state on disk, of all operators of a job. */
export class StateDisk {
  private store: LevelStore | undefined;
  private folder: string | undefined;
  private operators = 0;
  private readonly remove = () => {
    this.store?.close();
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  };

  /** @param parent where the database's folder is to be; not given: where temporary files are. What dead processes have left there goes. */
  constructor(private readonly parent = tmpdir()) {
    removeLeftovers(parent);
  }

  /** Puts an operator's keyed state on disk; what has its state is returned, and takes its batches, if it has one input. Operators without any stay as they are. */
  behind(operator: Operator, context: { evicted: Evicted }): Operator {
    if (!operator.evictable) return operator;
    const cache = new StateCache(operator.evictable, () => this.open(), String.fromCharCode(this.operators++));
    context.evicted = cache;
    return new CachedOperator(operator, cache);
  }

  private open(): LevelStore {
    return (this.store ??= new LevelStore(join(this.make(), 'state')));
  }

  private make(): string {
    try {
      makeFolder(this.parent);
      this.folder = mkdtempSync(join(this.parent, `weir-state-${process.pid}-`));
      process.on('exit', this.remove);
      writeFileSync(join(this.folder, HOLDER), JSON.stringify(thisProcess()));
      return this.folder;
    } catch (error) {
      throw new WeirError(`no room for state in ${this.parent}: ${(error as Error).message}`, 1, 'name another place with TMPDIR');
    }
  }

  /** The job is over. */
  async close(): Promise<void> {
    await this.store?.end();
    this.remove();
    process.off('exit', this.remove);
  }
}

/** Removes what dead processes have left in a folder. */
export function removeLeftovers(parent: string): void {
  try {
    for (const name of readdirSync(parent)) {
      const pid = NAME.exec(name)?.[1];
      if (pid !== undefined && !isAlive(holderOf(join(parent, name), Number(pid)))) rmSync(join(parent, name), { recursive: true, force: true });
    }
  } catch {
    // They are somebody else's, or there is no such place yet: making the folder will tell.
  }
}

/** Who made the folder; a death may have come before it was written down. */
function holderOf(folder: string, pid: number): Holder {
  try {
    return JSON.parse(readFileSync(join(folder, HOLDER), 'utf8')) as Holder;
  } catch {
    return { pid, start: '', host: hostname() };
  }
}
