// in: bytes that another process of the job is to have
// out: a place in a file in memory, where it reads them; places are used again when their block is done
//
// A socket holds some 200 KB and hands them out 64 KB at a time, each a turn of two event loops; a file in memory costs one copy in, one copy out.

import { mkdtempSync, openSync, readSync, rmSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '../wasm/memory.ts';
import { Area } from '../wasm/area.ts';

/** Less than this goes by the socket just as fast. */
const LEAST_PARCEL = 4096;
const SHARED_MEMORY = '/dev/shm';
/** Sizes are powers of two, so that a place fits whatever comes next. */
const LEAST_BITS = 12;

/** Opens files that have no name, so that nothing of them stays whatever happens. */
export function openParcelFiles(count: number): number[] {
  const folder = makeFolder();
  try {
    return Array.from({ length: count }, (_, i) => {
      const file = join(folder, String(i));
      const fd = openSync(file, 'wx+', 0o600);
      unlinkSync(file);
      return fd;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeFolder(): string {
  try {
    statfsSync(SHARED_MEMORY);
    return mkdtempSync(join(SHARED_MEMORY, 'weir-'));
  } catch {
    return mkdtempSync(join(tmpdir(), 'weir-'));
  }
}

interface Sent {
  readonly block: number;
  readonly place: number;
  readonly bits: number;
}

/** bytes of a note: place f64, length u32, sender u32 */
const NOTE = 16;

/** The parcels that one process sends and gets. */
export class Parcels {
  /** by size */
  private readonly free: number[][] = [];
  private sent: Sent[] = [];
  private end = 0;
  private isFull = false;

  /**
   * @param fdOf the file that a subtask sends by
   * @param own this process's subtask
   */
  constructor(
    private readonly fdOf: (subtask: number) => number,
    private readonly own: number,
  ) {}

  /** Writes what is in an area to the file; returns a note that tells where. Undefined: there is no room, or it is not worth it. */
  put(block: number, area: Area): Buffer | undefined {
    if (this.isFull || area.used < LEAST_PARCEL) return undefined;
    const bits = Math.max(LEAST_BITS, 32 - Math.clz32(area.used - 1));
    const place = this.free[bits]?.pop() ?? this.append(bits);
    try {
      for (let n = 0; n < area.used; ) n += writeSync(this.fdOf(this.own), memory().memory, area.at + n, area.used - n, place + n);
    } catch {
      // Shared memory may be small: the socket takes the rest.
      this.isFull = true;
      return undefined;
    }
    this.sent.push({ block, place, bits });
    return this.note(place, area.used);
  }

  /** Reads the parcel that a note is about. */
  take(note: Buffer): Area {
    const [place, length, sender] = [note.readDoubleLE(0), note.readUInt32LE(8), note.readUInt32LE(12)];
    const area = new Area(length);
    for (let n = 1; n > 0 && area.used < length; area.used += n) n = readSync(this.fdOf(sender), memory().memory, area.next, length - area.used, place + area.used);
    return area;
  }

  /** Nobody needs parcels of blocks before this one any more: their places may be used again. */
  done(block: number): void {
    const kept: Sent[] = [];
    for (const parcel of this.sent) {
      if (parcel.block < block) (this.free[parcel.bits] ??= []).push(parcel.place);
      else kept.push(parcel);
    }
    this.sent = kept;
  }

  private append(bits: number): number {
    const place = this.end;
    this.end += 2 ** bits;
    return place;
  }

  private note(place: number, length: number): Buffer {
    const note = Buffer.alloc(NOTE);
    note.writeDoubleLE(place, 0);
    note.writeUInt32LE(length, 8);
    note.writeUInt32LE(this.own, 12);
    return note;
  }
}
