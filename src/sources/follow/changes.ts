// in: the name of a file
// out: when something may have happened to it

import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Tells when a file, or what its name stands for, has changed. The system's word for it (inotify) comes at once, but not for
 * files of other machines, so whoever waits gives a time after which to look anyway.
 */
export class Changes {
  private readonly watchers = new Map<'name' | 'file', FSWatcher>();
  private happened = false;
  private wake: (() => void) | undefined;
  private closed = false;

  constructor(private readonly path: string) {}

  /** Whether the system tells of changes to the name and to the file. */
  get isTold(): boolean {
    return this.watchers.size === 2;
  }

  /** The name stands for another file now. Changes to the one before are still noticed, when somebody looks. */
  watchFile(): void {
    this.watchName();
    this.set('file', () => watch(this.path, () => this.poke()));
  }

  /** Until something has happened since the last call, `ms` are over, or all is closed. */
  wait(ms: number): Promise<void> {
    // The directory may have come only now.
    if (!this.watchers.has('name')) this.watchName();
    if (this.happened || this.closed) {
      this.happened = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
    });
  }

  /** Ends a wait. */
  close(): void {
    this.closed = true;
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
    this.wake?.();
  }

  /** Names come and go in the directory; what happens within its files is for `watchFile`, as the name may be a link to elsewhere. */
  private watchName(): void {
    const name = basename(this.path);
    this.set('name', () => watch(dirname(this.path), (event, changed) => void (event === 'rename' && (changed === null || changed === name) && this.poke())));
  }

  private set(what: 'name' | 'file', start: () => FSWatcher): void {
    // A read that was going on while all was closed may come here.
    if (this.closed) return;
    this.watchers.get(what)?.close();
    this.watchers.delete(what);
    try {
      const watcher = start();
      this.watchers.set(what, watcher);
      watcher.on('error', () => this.watchers.delete(what));
    } catch {
      // No such file or directory yet, or no more watches to be had: looking from time to time does, too.
    }
  }

  private poke(): void {
    if (this.wake) this.wake();
    else this.happened = true;
  }
}
