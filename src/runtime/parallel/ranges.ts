// in: ranges of files
// out: the lines that start in them, in kernel memory

import { openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { Area } from '../../wasm/area.ts';
import { WeirError } from '../../model/errors.ts';
import { inputError } from '../../sources/failure.ts';
import { memory } from '../../wasm/memory.ts';

/** Bytes behind a range that are read with it, since its last line mostly ends there. */
const SLACK = 1 << 15;
const NEWLINE = 10;
const LINE_LIMIT = 64 << 20;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const readFile = promisify(read);

/** Bytes start … end-1 of a file. */
export interface Range {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** the file is read up to here only: what is behind it is no part of its last line, even if that has no newline */
  readonly limit?: number;
}

/** The whole lines that start in a range. */
export interface Loaded {
  readonly area: Area;
  /** addresses */
  readonly start: number;
  readonly end: number;
  /** where in the file they start */
  readonly offset: number;
}

/** Slower than this, in bytes per ms, a read has waited for the disk, or the process for its turn. */
const DISK_SPEED = 1 << 19;
/** So many in a row were not by chance. */
const SLOW_READS = 4;
/** Ranges that are read ahead until it is tried again without. */
const AHEAD = 64;

/** Reads ranges; keeps files open. */
export class RangeReader {
  private readonly files = new Map<string, number>();
  /** Whether it pays to read ahead: what lies in the system's memory is fetched most quickly when it is needed, into memory that is still in the cache. */
  get isSlow(): boolean {
    return this.slowReads >= SLOW_READS;
  }

  private slowReads = 0;
  private ahead = 0;

  /** Throws WeirError. */
  async load(range: Range): Promise<Loaded> {
    if (this.isSlow && ++this.ahead % AHEAD === 0) this.slowReads = 0;
    try {
      return await this.lines(this.open(range.file), range);
    } catch (error) {
      throw error instanceof WeirError ? error : inputError(error, range.file);
    }
  }

  private open(file: string): number {
    let fd = this.files.get(file);
    if (fd === undefined) this.files.set(file, (fd = openSync(file, 'r')));
    return fd;
  }

  private async lines(fd: number, range: Range): Promise<Loaded> {
    const { start, end } = range;
    // From the byte before on: it tells whether a line starts at `start`.
    const from = Math.max(0, start - 1);
    const area = new Area(end - from + SLACK + 64);
    await this.fill(fd, area, from, end - from + SLACK, range);
    const first = start === 0 ? bomBytes(area) : area.bytes().indexOf(NEWLINE) + 1;
    if ((start > 0 && first === 0) || from + first >= end) return { area, start: area.at, end: area.at, offset: end };
    const last = await this.endOfLine(fd, area, from, range);
    return { area, start: area.at + first, end: area.at + last, offset: from + first };
  }

  /** Reads until the last line has ended; returns where. A last line gets the newline that it lacks. */
  private async endOfLine(fd: number, area: Area, from: number, range: Range): Promise<number> {
    const { end, file } = range;
    const at = end - 1 - from;
    for (let looked = at; ; ) {
      const newline = area.bytes().indexOf(NEWLINE, looked);
      if (newline >= 0) return newline + 1;
      looked = area.used;
      if (looked - at > LINE_LIMIT) throw new WeirError(`${file}: a line is longer than ${LINE_LIMIT >> 20} MB`, 1, 'is this NDJSON, one object a line? `jq -c .` makes it so');
      if ((await this.fill(fd, area, from, area.used, range)) > 0) continue;
      memory().memory[area.next] = NEWLINE;
      return area.used + 1;
    }
  }

  /** Reads so many bytes behind those that are there, or to the end of the file; returns how many. */
  private async fill(fd: number, area: Area, from: number, bytes: number, { limit = Number.POSITIVE_INFINITY }: Range): Promise<number> {
    area.need(bytes + 64);
    const before = area.used;
    for (let left = Math.min(bytes, limit - from - before); left > 0; ) {
      const bytesRead = this.isSlow ? (await readFile(fd, memory().memory, area.next, left, from + area.used)).bytesRead : this.readNow(fd, area, left, from);
      if (bytesRead === 0) break;
      area.used += bytesRead;
      left -= bytesRead;
    }
    return area.used - before;
  }

  private readNow(fd: number, area: Area, bytes: number, from: number): number {
    const start = performance.now();
    const n = readSync(fd, memory().memory, area.next, bytes, from + area.used);
    const isSlow = bytes >= DISK_SPEED && n < (performance.now() - start) * DISK_SPEED;
    this.slowReads = isSlow ? this.slowReads + 1 : 0;
    return n;
  }
}

function bomBytes(area: Area): number {
  return area.bytes().subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
}
