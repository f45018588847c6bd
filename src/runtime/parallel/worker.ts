// in: blocks that are dealt to this process, rows that other processes send
// out: the same handed to its subtask, blocks in the order in which they were dealt, rows in the order of blocks

import type { Area } from '../../wasm/area.ts';
import { CapturedStates } from '../operator-states.ts';
import { type Loaded, type Range, RangeReader } from './ranges.ts';
import type { Subtask } from './subtask.ts';
import type { Dealt } from './dealer.ts';
import { failureOf } from './parts.ts';

interface Loading {
  readonly dealt: Dealt;
  /** of a block that is read ahead */
  readonly loaded: readonly Promise<Loaded>[] | undefined;
}

/** A place between two blocks, at which state is captured: by the operators that blocks go through, and by those that rows go through. */
interface Barrier {
  readonly block: number;
  readonly states: CapturedStates;
  readonly blocks: Signal;
  readonly rows: Signal;
}

interface Signal {
  readonly promise: Promise<void>;
  resolve(): void;
}

function makeSignal(): Signal {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

const makeBarrier = (block: number): Barrier => ({ block, states: new CapturedStates(), blocks: makeSignal(), rows: makeSignal() });

const PIECE_BYTES = 1 << 19;

/** Feeds one subtask, a piece at a time, so that what arrives meanwhile is taken in. */
export class Worker {
  private readonly reader = new RangeReader();
  private readonly blocks: (Loading | Barrier)[] = [];
  private readonly rows = new Map<number, Area>();
  private nextRows = 0;
  /** the one that rows have not come to */
  private barrier: Barrier | undefined;
  private last: { blocks: number; bytes: number } | undefined;
  private isReading = false;
  private isStopped = false;

  constructor(private readonly subtask: Subtask) {}

  /**
   * Captures the state of the subtask as it is behind all blocks before this one; none of the others has been dealt to anybody.
   * Resolves when all of it is there.
   */
  async capture(block: number): Promise<CapturedStates> {
    const barrier = makeBarrier(block);
    this.barrier = barrier;
    this.blocks.push(barrier);
    void this.work();
    this.takeRows();
    await Promise.all([barrier.blocks.promise, barrier.rows.promise]);
    return barrier.states;
  }

  private captureRows(barrier: Barrier): void {
    this.barrier = undefined;
    this.subtask.capture('keyed', barrier.states);
    barrier.rows.resolve();
  }

  /** A block to be worked on. */
  deal(dealt: Dealt): void {
    const loaded = dealt.range && this.reader.isSlow ? piecesOf(dealt.range).map((piece) => this.reader.load(piece)) : undefined;
    loaded?.forEach((piece) => piece.catch(() => {}));
    this.blocks.push({ dealt, loaded });
    void this.work();
  }

  /** Takes nothing more. */
  stop(): void {
    this.isStopped = true;
    this.blocks.length = 0;
    this.rows.clear();
  }

  /** Rows for this subtask. */
  arrived(block: number, rows: Area): void {
    this.rows.set(block, rows);
    this.takeRows();
  }

  /** There are so many blocks, and no more. */
  end(blocks: number, bytes: number): void {
    this.last = { blocks, bytes };
    this.takeRows();
  }

  private takeRows(): void {
    // Who has no rows of his own gets none.
    if (this.barrier && !this.subtask.hasKeys) this.captureRows(this.barrier);
    if (this.barrier?.block === this.nextRows) this.captureRows(this.barrier);
    for (let rows = this.rows.get(this.nextRows); rows; rows = this.rows.get(this.nextRows)) {
      this.rows.delete(this.nextRows);
      this.subtask.takeRows(this.nextRows++, rows);
      if (this.barrier?.block === this.nextRows) this.captureRows(this.barrier);
    }
    if (this.last?.blocks !== this.nextRows) return;
    this.subtask.drain(this.last.blocks, this.last.bytes);
    this.last = undefined;
  }

  private async work(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    for (let next = this.blocks[0]; next; next = this.blocks[0]) {
      if ('block' in next) this.captureBlocks(next);
      else await this.takeBlock(next);
      this.blocks.shift();
      // Sockets and files come first.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.isReading = false;
  }

  private captureBlocks({ states, blocks }: Barrier): void {
    this.subtask.capture('blocks', states);
    blocks.resolve();
  }

  private async takeBlock({ dealt, loaded }: Loading): Promise<void> {
    try {
      if (dealt.lines) this.takePiece(dealt, { area: dealt.lines, start: dealt.lines.at, end: dealt.lines.next, offset: 0 });
      else for (const [i, range] of piecesOf(dealt.range!).entries()) {
        const piece = await (loaded?.[i] ?? this.reader.load(range));
        if (this.isStopped) return;
        this.takePiece(dealt, piece);
      }
    } catch (error) {
      this.subtask.fail(failureOf(error));
    }
    this.subtask.finish(dealt.number);
  }

  private takePiece({ source, before }: Dealt, { area, start, end, offset }: Loaded): void {
    this.subtask.take({ start, end }, source, before + offset);
    area.free();
  }
}

/** What is read of a range at a time: as much as stays in the processor's cache. */
function piecesOf({ start, end, ...rest }: Range): Range[] {
  return Array.from({ length: Math.ceil((end - start) / PIECE_BYTES) }, (_, i) => ({ ...rest, start: start + i * PIECE_BYTES, end: Math.min(end, start + (i + 1) * PIECE_BYTES) }));
}
