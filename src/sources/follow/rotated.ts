// in: the directory of a log and its rotated files
// out: which file was begun after another one; which is the one that was read before

import { type BigIntStats, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

export interface Found {
  readonly path: string;
  readonly stat: BigIntStats;
}

/** What a name stands for; undefined: nothing that is a file, or nothing that may be looked at. */
export function look(path: string): Found | undefined {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat?.isFile() ? { path, stat } : undefined;
  } catch {
    return undefined;
  }
}

/** The file that `name` stood for after `old`: of those that it has been renamed to since the oldest, or else the one that it stands for now. */
export function successor(name: string, old: BigIntStats): Found | undefined {
  const current = look(name);
  const rotated = filesBeside(name)
    .filter(({ path, stat }) => isRotation(basename(path), basename(name)) && !sameFile(stat, old) && isNewer(stat, old))
    .filter(({ stat }) => !current || !sameFile(stat, current.stat));
  return rotated.reduce<Found | undefined>((oldest, file) => (oldest && !isNewer(oldest.stat, file.stat) ? oldest : file), undefined) ?? (current && !sameFile(current.stat, old) ? current : undefined);
}

/** The files of this device and inode in the directory of `name`: one, unless it has several names. */
export function findInode(name: string, dev: string, ino: string): Found[] {
  return filesBeside(name).filter(({ stat }) => String(stat.ino) === ino && String(stat.dev) === dev);
}

function filesBeside(name: string): Found[] {
  try {
    const folder = dirname(realpathOr(name));
    return readdirSync(folder).flatMap((file) => look(join(folder, file)) ?? []);
  } catch {
    return [];
  }
}

/** A link leads to where its file is rotated; a name that stands for nothing now to its own directory. */
function realpathOr(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return name;
  }
}

function sameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** By last change; files of one tick of the clock by their birth, where the file system knows it. */
function isNewer(a: BigIntStats, b: BigIntStats): boolean {
  return a.mtimeNs === b.mtimeNs ? a.birthtimeNs > b.birthtimeNs : a.mtimeNs > b.mtimeNs;
}

/** `app.log.1`, `app.log-20260101`, `app-2026-01-01T10.log`, `app.1.log` for `app.log`: a number or a date is put in, and nothing else. */
function isRotation(file: string, name: string): boolean {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  if (file.startsWith(name)) return STAMP.test(file.slice(name.length));
  return extension !== '' && file.startsWith(stem) && file.endsWith(extension) && STAMP.test(file.slice(stem.length, file.length - extension.length));
}

const STAMP = /^[._-]?\d[\d._:TZ+-]*$/;
