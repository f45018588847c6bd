// in: the name of a file that grows, is renamed, emptied, deleted, and comes again
// out: its lines as they are written, those of each file to its end before those of the next

import type { ByteReader } from '../reader.ts';
import { Changes } from './changes.ts';
import { OpenFile } from './open-file.ts';
import type { FilePosition } from './position.ts';
import { findInode, look, successor } from './rotated.ts';

/** ms between looks where the system tells of changes: in case it does not tell all, as with files of other machines */
const SELDOM = 200;
/** ms between looks where it does not, or where the name stands for nothing */
const OFTEN = 40;
/** ms that a rotated file is still listened to when there are lines in the next one: not all writers change over at once */
const GRACE = 25;

/** What is told of a file that is followed. */
export interface Notes {
  /** what happened, for those who want to know */
  note?(text: string): void;
  /** lines may be missing */
  warn?(text: string): void;
}

/** Why a read gave nothing more. */
export type Ending = 'emptied' | 'replaced' | 'closed';

/** Follows a name as `tail -F` does, from the start of the file or from a position on. A read waits for whole lines. */
export class FollowedFile implements ByteReader {
  /** why the last read gave 0 */
  ending: Ending = 'closed';
  private file: OpenFile | undefined;
  private next: OpenFile | undefined;
  /** when lines were first seen in the next file */
  private nextSeen = 0;
  /** the name stands for nothing */
  private isGone = false;
  private readonly changes: Changes;
  private closed = false;
  private reading: Promise<number> | undefined;

  constructor(
    private readonly path: string,
    private readonly notes: Notes = {},
    private resumeAt?: FilePosition,
  ) {
    this.changes = new Changes(path);
  }

  /** Behind all that was handed out; undefined: there has been no file yet. */
  position(): FilePosition | undefined {
    return this.file?.position() ?? this.resumeAt;
  }

  /** As ByteReader says, but 0 is the end only of one file, as `ending` says: unless it is `closed`, the next read goes on behind it. */
  read(into: Buffer, offset: number, length: number): Promise<number> {
    this.reading = this.lines(into, offset, length);
    return this.reading;
  }

  /** Ends a read that waits. */
  async close(): Promise<void> {
    this.closed = true;
    this.changes.close();
    await this.reading?.catch(() => {});
    await this.file?.close();
    await this.next?.close();
  }

  private async lines(into: Buffer, offset: number, length: number): Promise<number> {
    while (!this.closed) {
      if (!this.file && this.begin() === 'elsewhere') return this.end('replaced');
      // Looked for before the read: what was written before the next file had lines is then read for sure.
      const isOver = this.file !== undefined && this.isReplaced(this.file);
      const n = (await this.file?.read(into, offset, length)) ?? 0;
      if (n > 0) return n;
      if (this.file?.isRewritten) return this.emptied(this.file);
      if (isOver && this.file && !(await this.file.finishLine())) return this.replaced(this.file);
      if (!isOver) await this.changes.wait(this.patience());
    }
    return this.end('closed');
  }

  /** Opens the file that the name stands for, or that reading is to go on with, if there is one; `elsewhere`: not where it was to go on. */
  private begin(): 'as expected' | 'elsewhere' {
    const at = this.resumeAt;
    const before = at && this.again(at);
    this.file = before ?? OpenFile.open(this.path, this.path);
    if (!this.file) return 'as expected';
    this.resumeAt = undefined;
    this.changes.watchFile();
    if (!at || before) return 'as expected';
    this.notes.warn?.(`${this.path}: what was read before is gone, deleted or emptied, and lines of it may be missing; reading begins at the start of the file that is there now`);
    return 'elsewhere';
  }

  /** The file that was read before, under whatever name. */
  private again(at: FilePosition): OpenFile | undefined {
    for (const { path } of findInode(this.path, at.dev, at.ino)) {
      const file = OpenFile.open(path, this.path);
      if (file?.isSame(at) && file.resume(at)) return file;
      void file?.close();
    }
    return undefined;
  }

  private emptied(file: OpenFile): 0 {
    this.notes.note?.(`${this.path}: emptied; reading begins at its start again`);
    file.rewind();
    return this.end('emptied');
  }

  /** Whether the name has come to stand for another file, and nothing more is to be expected of this one but what is in it now. */
  private isReplaced(file: OpenFile): boolean {
    const current = look(this.path);
    this.isGone = !current;
    if (current && file.isSame(current.stat)) return this.forgetNext();
    if (current && !this.next) this.findNext(file);
    if (!this.next) return false;
    if (!current || !this.next.isSame(current.stat)) return true;
    if (current.stat.size > 0n) this.nextSeen ||= performance.now();
    return this.nextSeen > 0 && performance.now() - this.nextSeen >= GRACE;
  }

  private findNext(file: OpenFile): void {
    const found = successor(this.path, file.stat());
    const next = found && OpenFile.open(found.path, this.path);
    // Renamed again between the look and the opening: the next look finds it.
    if (next && !next.isSame(found.stat)) return void next.close();
    this.next = next;
    this.changes.watchFile();
  }

  /** The name has come back to the file that we read. */
  private forgetNext(): false {
    void this.next?.close();
    [this.next, this.nextSeen] = [undefined, 0];
    return false;
  }

  private async replaced(file: OpenFile): Promise<0> {
    await file.close();
    this.notes.note?.(`${this.path}: replaced; reading goes on in the new file`);
    [this.file, this.next, this.nextSeen] = [this.next, undefined, 0];
    this.changes.watchFile();
    return this.end('replaced');
  }

  private end(ending: Ending): 0 {
    this.ending = ending;
    return 0;
  }

  private patience(): number {
    if (this.nextSeen > 0) return GRACE;
    return this.file && !this.next && !this.isGone && this.changes.isTold ? SELDOM : OFTEN;
  }
}
