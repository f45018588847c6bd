// in: an output, and how far an earlier run has written to it
// out: the same output, to be gone on with where that run's snapshot was taken

import { constants, fstatSync, openSync, readFileSync, readSync, statSync, closeSync } from 'node:fs';
import { resolve } from 'node:path';
import { Exit, WeirError } from '../model/errors.ts';
import { ByteSink, type Start } from './byte-sink.ts';
import { outputError } from './failure.ts';
import type { SinkState } from './sink.ts';

const NOTHING = Buffer.alloc(0);

/** What is known of earlier runs. */
export interface Before {
  /** how far this output was written; undefined: this is the first run */
  readonly state: SinkState | undefined;
  /** nothing was written behind that, so that another output may go on with what follows */
  readonly isClean: boolean;
  /** bytes that went out by this very process, where that cannot be cut back */
  readonly sent?: number | undefined;
}

/**
 * Opens a file (undefined: stdout) and leaves it as it is until `begin`.
 * Throws WeirError: exit 3 where it does not hold what a snapshot expects in it.
 */
export function openResumed(file: string | undefined, before: Before): ByteSink {
  const name = file ?? 'stdout';
  try {
    const fd = file === undefined ? 1 : descriptorOf(file);
    if (!fstatSync(fd).isFile()) return new ByteSink(fd, name, { at: before.state?.bytes ?? 0, cuts: false, tail: NOTHING, seeks: false, sent: before.sent ?? 0 });
    return new ByteSink(fd, name, startOf(fd, name, before));
  } catch (error) {
    throw outputError(error, name);
  }
}

/** Of files, one to read and write that is not emptied. */
function descriptorOf(file: string): number {
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() ?? true;
  return openSync(file, isFile ? constants.O_RDWR | constants.O_CREAT : 'w');
}

function startOf(fd: number, name: string, { state, isClean }: Before): Start {
  const own = fd === 1 ? stdoutStart() : { at: 0, cuts: true, tail: NOTHING, seeks: true, appends: false };
  if (state?.kind !== 'file') return own;
  const tail = Buffer.from(state.tail, 'base64');
  const stat = fstatSync(fd, { bigint: true });
  const isSame = (state.device === String(stat.dev) && state.inode === String(stat.ino)) || (fd !== 1 && state.name === resolve(name));
  const { size } = fstatSync(fd);
  const fits = size >= state.bytes && holds(fd, state.bytes, tail);
  if (fits && (isSame || tail.length > 0)) return { at: state.bytes, cuts: true, tail, seeks: fd !== 1 || (!own.appends && own.at !== state.bytes) };
  if (tail.length === 0 || (isClean && !isSame)) return own;
  if (isSame) throw lost(name, size, state.bytes);
  throw new WeirError(`${name} is not the output that the snapshot was taken with, which was ${state.name}`, Exit.snapshot, `write to ${state.name === 'stdout' ? 'the same file' : state.name} again, or start anew with --fresh`);
}

function lost(name: string, size: number, expected: number): WeirError {
  const is = size < expected ? `has ${size} bytes, but the snapshot expects ${expected} in it` : 'does not hold what was written before the snapshot was taken';
  const help = name === 'stdout' && size < expected ? 'append with `>>` instead of `>`, which empties it, or use -o FILE; --fresh starts anew' : 'put the file back as it was, or start anew with --fresh';
  return new WeirError(`${name} ${is}`, Exit.snapshot, help);
}

/** Where the first byte to stdout would go. */
function stdoutStart(): Start & { appends: boolean } {
  const { size } = fstatSync(1);
  try {
    const info = readFileSync('/proc/self/fdinfo/1', 'latin1');
    const appends = (Number.parseInt(/^flags:\s*(\d+)/m.exec(info)![1]!, 8) & constants.O_APPEND) !== 0;
    return { at: appends ? size : Number(/^pos:\s*(\d+)/m.exec(info)![1]), cuts: false, tail: NOTHING, seeks: false, appends };
  } catch {
    // Elsewhere than on Linux. `>` has emptied it, so that a file with something in it is one that is appended to.
    return { at: size, cuts: false, tail: NOTHING, seeks: false, appends: true };
  }
}

/** Whether these bytes stand before `end`. Of a stdout that cannot be read it is believed. */
function holds(fd: number, end: number, tail: Buffer): boolean {
  const now = Buffer.alloc(tail.length);
  const from = Math.max(0, end - tail.length);
  if (fd !== 1) return readSync(fd, now, 0, tail.length, from) === tail.length && now.equals(tail);
  let readable: number;
  try {
    readable = openSync('/dev/fd/1', 'r');
  } catch {
    return true;
  }
  try {
    return readSync(readable, now, 0, tail.length, from) === tail.length && now.equals(tail);
  } catch {
    return true;
  } finally {
    closeSync(readable);
  }
}
