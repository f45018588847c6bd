// in: blocks that are dealt to this process, rows that other processes send
// out: the same handed to its subtask, blocks in the order in which they were dealt, rows in the order of blocks

import { Area } from '../../exchange/area.ts';
import { RangeReader } from './ranges.ts';
import type { Subtask } from './subtask.ts';
import type { Dealt } from './dealer.ts';
import { failureOf, type Failure } from './parts.ts';

interface Loading {
  readonly dealt: Dealt;
  readonly loaded: Promise<{ area: Area; start: number; end: number; offset: number }>;
}

/** Feeds one subtask, a piece at a time, so that what arrives meanwhile is taken in. */
export class Worker {
  private readonly reader = new RangeReader();
  private readonly blocks: Loading[] = [];
  private readonly rows = new Map<number, Area>();
  private nextRows = 0;
  private last: { blocks: number; bytes: number } | undefined;
  private isReading = false;

  /** @param onFailure reading failed */
  constructor(
    private readonly subtask: Subtask,
    private readonly onFailure: (block: number, failure: Failure) => void,
  ) {}

  /** Blocks that wait to be worked on. */
  get waiting(): number {
    return this.blocks.length;
  }

  /** A block to be worked on; begins to read it. */
  deal(dealt: Dealt): void {
    const loaded = dealt.range ? this.reader.load(dealt.range) : Promise.resolve(whole(dealt.lines!));
    loaded.catch(() => {});
    this.blocks.push({ dealt, loaded });
    void this.work();
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
    for (let rows = this.rows.get(this.nextRows); rows; rows = this.rows.get(this.nextRows)) {
      this.rows.delete(this.nextRows);
      this.subtask.takeRows(this.nextRows++, rows);
    }
    if (this.last?.blocks !== this.nextRows) return;
    this.subtask.drain(this.last.blocks, this.last.bytes);
    this.last = undefined;
  }

  private async work(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    for (let next = this.blocks[0]; next; next = this.blocks[0]) {
      await this.takeBlock(next);
      this.blocks.shift();
      // Sockets and files come first.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.isReading = false;
  }

  private async takeBlock({ dealt, loaded }: Loading): Promise<void> {
    try {
      const { area, start, end, offset } = await loaded;
      this.subtask.take(dealt.number, { start, end }, dealt.source, dealt.before + offset);
      area.free();
    } catch (error) {
      this.onFailure(dealt.number, failureOf(error));
    }
  }
}

function whole(area: Area): { area: Area; start: number; end: number; offset: number } {
  return { area, start: area.at, end: area.next, offset: 0 };
}
