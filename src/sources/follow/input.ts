// in: files that are followed
// out: their lines, as one input

import type { FileIdentity, InputPosition } from '../position.ts';
import type { BadInputLine, Input, InputRules, LineCounter } from '../rules.ts';
import { FollowedLines } from './lines.ts';
import type { FilePosition } from './position.ts';

/** Bytes that one of several files has ready at most. */
const CHUNK = 1 << 17;

/** Positions by file name as typed. */
export type FollowPositions = Readonly<Record<string, FilePosition>>;

/**
 * Files that are followed, one or several; whichever has lines is read, and a read waits until one has.
 * A read gives whole lines of one file, or pieces of a line that is longer than it, with no other file's between them.
 */
export class FollowInput implements Input {
  readonly name: string;
  readonly firstLine: number;
  readonly kind = 'follow';
  readonly identity: FileIdentity = { device: '', inode: '' };
  readonly isSeekable = true;
  private branches: readonly Branch[];
  private turn = 0;
  /** the file that the last read was of */
  private current: Branch;
  private wake: (() => void) | undefined;
  private isMidLine = false;
  private closed = false;

  /** @param from where to go on, by file; a file that is not in it is read from its start */
  constructor(
    private readonly files: readonly string[],
    private readonly rules: InputRules,
    from: FollowPositions = {},
  ) {
    this.name = files.join(', ');
    this.branches = this.branchesFrom(from);
    this.current = this.branches[0]!;
    this.firstLine = this.current.lines.counter.line;
  }

  /** The file that the last read was of, and the number of its line. */
  get counter(): LineCounter {
    return this.current.counter;
  }

  /** Behind all that reads have given, by file; of files that there have been. */
  position(): FollowPositions {
    return Object.fromEntries(this.branches.flatMap(({ lines, position }) => (position ? [[lines.file, position]] : [])));
  }

  followed(): FollowPositions {
    return this.position();
  }

  private branchesFrom(from: FollowPositions, rejected: Readonly<Record<string, number>> = {}): Branch[] {
    return this.files.map((file) => {
      const known = Math.max(0, (rejected[file] ?? 0) - (from[file]?.rejected ?? 0));
      return new Branch(new FollowedLines(file, this.rules, from[file], known), () => this.wake?.());
    });
  }

  /** What such a line leads to is done at once. */
  badLines(): BadInputLine[] {
    return [];
  }

  /** Reads run ahead: how far they had come is for whoever reads to know (`followed`). */
  mark(): InputPosition {
    return { kind: this.kind, identity: this.identity, rejected: Object.fromEntries(this.branches.map(({ lines }) => [lines.file, lines.rejected])) };
  }

  isAt({ kind }: InputPosition): boolean {
    return kind === this.kind;
  }

  /** It has no end. */
  size(): number {
    return Number.POSITIVE_INFINITY;
  }

  async resume({ followed, rejected = {}, counted = {} }: InputPosition): Promise<number> {
    const before = this.branches;
    const positions = Object.entries((followed ?? {}) as FollowPositions).map(([file, position]) => [file, { ...position, counted: counted[file] }]);
    this.branches = this.branchesFrom(Object.fromEntries(positions) as FollowPositions, rejected);
    this.current = this.branches[0]!;
    await Promise.all(before.map((branch) => branch.lines.close()));
    return 0;
  }

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    const n = this.branches.length === 1 ? await this.current.readTo(into, offset, length) : await this.readAny(into, offset, length);
    this.isMidLine = n > 0 && into[offset + n - 1] !== 10;
    return n;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wake?.();
    await Promise.all(this.branches.map((branch) => branch.lines.close()));
  }

  private async readAny(into: Buffer, offset: number, length: number): Promise<number> {
    for (const branch of this.branches) branch.start(Math.min(CHUNK, length));
    while (!this.closed) {
      const branch = this.isMidLine ? this.current : this.nextReady();
      if (branch?.isReady) {
        this.current = branch;
        return branch.hand(into, offset, length);
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    return 0;
  }

  /** By turns, so that a busy file does not keep the others waiting. */
  private nextReady(): Branch | undefined {
    for (let i = 0; i < this.branches.length; i++) {
      this.turn = (this.turn + 1) % this.branches.length;
      if (this.branches[this.turn]!.isReady) return this.branches[this.turn];
    }
    return undefined;
  }
}

/** One of several files: what it has is read ahead, and handed out when it is its turn. */
class Branch {
  counter: LineCounter;
  /** behind what was handed out */
  position: FilePosition | undefined;
  private buffer: Buffer | undefined;
  private at = 0;
  private filled = 0;
  private isReading = false;
  private failure: unknown;

  constructor(
    readonly lines: FollowedLines,
    private readonly ready: () => void,
  ) {
    this.counter = lines.counter;
    this.position = lines.position();
  }

  get isReady(): boolean {
    return this.filled > 0 || this.failure !== undefined;
  }

  /** Straight to where it is wanted. */
  async readTo(into: Buffer, offset: number, length: number): Promise<number> {
    const n = await this.lines.read(into, offset, length);
    this.handedOut();
    return n;
  }

  /** Begins to read ahead, unless that is done: `length` bytes at most, so that a read can give all of it and `position` is exact. */
  start(length: number): void {
    if (this.isReading || this.isReady) return;
    this.isReading = true;
    this.buffer ??= Buffer.allocUnsafe(CHUNK);
    this.lines.read(this.buffer, 0, length).then(
      (n) => this.arrived(n),
      (error: unknown) => this.arrived(0, error),
    );
  }

  /** Whole lines as far as they fit, unless a line does not. Throws what the read failed with. */
  hand(into: Buffer, offset: number, length: number): number {
    if (this.failure !== undefined) throw this.failure;
    const there = this.buffer!.subarray(this.at, this.filled);
    const n = there.length <= length ? there.length : there.lastIndexOf(10, length - 1) + 1 || length;
    there.copy(into, offset, 0, n);
    this.at += n;
    if (this.at < this.filled) return n;
    this.filled = 0;
    this.handedOut();
    return n;
  }

  private arrived(n: number, failure?: unknown): void {
    this.isReading = false;
    [this.at, this.filled, this.failure] = [0, n, failure];
    this.ready();
  }

  private handedOut(): void {
    this.counter = this.lines.counter;
    this.position = this.lines.position();
  }
}
