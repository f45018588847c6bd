// in: a directory of snapshots
// out: the newest one that is whole; new ones that exist whole or not at all; old ones gone
//
// DIR/00000007/ is a snapshot, DIR/00000008-savepoint/ one that is kept until somebody removes it. What is being written
// or removed has a name that starts with a dot, so that a death at any moment leaves nothing that looks like a snapshot.

import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Exit, WeirError } from '../model/errors.ts';
import { fault } from '../model/fault.ts';
import { checkFile, FileWriter, snapshotError, syncFolder } from './files.ts';
import { makeFolder } from './make-folder.ts';
import { type Manifest, manifestText, parseManifest } from './manifest.ts';
import { readStateFile, type StatesRead } from './states.ts';

const NAME = /^\d{8,}(-savepoint)?$/;
const LEFTOVER = /^\.(new|old|lock)-\d+/;
const MANIFEST = 'manifest.json';

export interface Snapshot {
  /** the name of its folder */
  readonly id: string;
  readonly manifest: Manifest;
}

/** A snapshot and where it is, as plain data. */
export interface SnapshotPlace {
  readonly directory: string;
  readonly snapshot: Snapshot;
}

/** State of all operators of a snapshot by their place. */
export function readStates({ directory, snapshot }: SnapshotPlace): StatesRead {
  return new SnapshotDirectory(directory).states(snapshot);
}

export class SnapshotDirectory {
  constructor(readonly path: string) {}

  /** Makes the directory if it is not there. Throws WeirError. */
  make(): Promise<void> {
    return this.explained(async () => makeFolder(this.path));
  }

  /** What there is, oldest first, whole or not. Throws WeirError. */
  async ids(): Promise<string[]> {
    const names = await this.explained(() => readdir(this.path));
    return names.filter((name) => NAME.test(name)).sort();
  }

  /** One snapshot, all files of which have been compared with their checksums. Throws Error with a reason; WeirError (exit 3) for a format of another weir. */
  async read(id: string): Promise<Snapshot> {
    const folder = join(this.path, id);
    const text = await readFile(join(folder, MANIFEST), 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new Error(error.code === 'ENOENT' ? 'it has no manifest' : `its manifest cannot be read (${error.code})`);
    });
    const manifest = parseManifest(text, folder);
    for (const file of manifest.files) await checkFile(folder, file);
    return { id, manifest };
  }

  /**
   * The newest snapshot that is whole; undefined: there is none at all.
   * @param refuse is told of each newer one that is not, and why
   * Throws WeirError (exit 3) where there are snapshots, and none is whole.
   */
  async newest(refuse: (id: string, reason: string) => void): Promise<Snapshot | undefined> {
    const ids = await this.ids();
    for (const id of ids.toReversed()) {
      try {
        return await this.read(id);
      } catch (error) {
        if (error instanceof WeirError) throw error;
        refuse(id, (error as Error).message);
      }
    }
    if (ids.length === 0) return undefined;
    throw new WeirError(`no snapshot in ${this.path} is whole`, Exit.snapshot, 'start anew with --fresh, or restore the directory from a copy');
  }

  /** State of all operators by their place, merged over the subtasks that wrote it, of the wanted key groups (all of them by default); read from its files as it is asked for. */
  states({ id, manifest }: Snapshot, wanted?: ReadonlySet<number>): StatesRead {
    const merged: StatesRead = new Map();
    for (const { name, length } of manifest.files) readStateFile(join(this.path, id, name), length, merged, wanted);
    return merged;
  }

  /**
   * A new snapshot: written beside, brought to disk, then named.
   * @param write puts the files of state into a folder, and gives the manifest that lists them, when all it speaks of is on disk
   * Throws WeirError; nothing of it is left then.
   */
  publish(write: (folder: string) => Promise<Manifest>, savepoint: boolean): Promise<Snapshot> {
    return this.explained(async () => {
      const last = (await this.ids()).at(-1);
      const id = String(Number.parseInt(last ?? '0', 10) + 1).padStart(8, '0') + (savepoint ? '-savepoint' : '');
      const folder = join(this.path, `.new-${id}`);
      await mkdir(folder);
      fault('snapshot.folder');
      try {
        const manifest = await write(folder);
        await this.finish(folder, id, manifest);
        return { id, manifest };
      } catch (error) {
        await rm(folder, { recursive: true, force: true }).catch(() => {});
        throw error;
      }
    });
  }

  private async finish(folder: string, id: string, manifest: Manifest): Promise<void> {
    const file = await FileWriter.create(folder, MANIFEST);
    await file.write(Buffer.from(manifestText(manifest))).catch(async (error) => {
      await file.abandon();
      throw error;
    });
    fault('snapshot.manifest');
    await Promise.all([file.finish(), syncFolder(folder)]);
    fault('snapshot.ready');
    await rename(folder, join(this.path, id));
    fault('snapshot.renamed');
    await syncFolder(this.path);
    fault('snapshot.published');
  }

  /** Removes all but the newest `keep`; savepoints stay, and so count for nothing. `unusable` go first, whatever their age. `needed` stays. */
  prune(keep: number, unusable: ReadonlySet<string> = new Set(), needed?: string): Promise<void> {
    return this.explained(async () => {
      const ids = (await this.ids()).filter((id) => !unusable.has(id) && !id.endsWith('-savepoint'));
      const old = keep > 0 ? ids.slice(0, -keep) : ids;
      for (const id of [...unusable, ...old]) if (id !== needed) await this.remove(id);
    });
  }

  /** Removes one. It is renamed first: half of a snapshot must not look like one. */
  remove(id: string): Promise<void> {
    return this.explained(async () => {
      fault('prune.begin');
      const gone = join(this.path, `.old-${id}`);
      await rename(join(this.path, id), gone).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      fault('prune.renamed');
      await rm(gone, { recursive: true, force: true });
      fault('prune.done');
    });
  }

  /** Removes what a death has left half written or half removed. Only for whoever holds the lock. */
  tidy(): Promise<void> {
    return this.explained(async () => {
      for (const name of await readdir(this.path)) if (LEFTOVER.test(name)) await rm(join(this.path, name), { recursive: true, force: true });
    });
  }

  private async explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw snapshotError(error, this.path);
    }
  }
}
