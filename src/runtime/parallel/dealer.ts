// in: the inputs of a job
// out: blocks in order, numbered: ranges of plain files, which subtasks read themselves; lines of everything else

import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { Area } from '../../wasm/area.ts';
import type { Input } from '../../sources/input.ts';
import { Blocks } from '../blocks.ts';
import { sizes } from '../sizes.ts';
import { rangeBytes } from './line-ranges.ts';
import type { Range } from './ranges.ts';

/** One block to be dealt out. */
export interface Dealt {
  readonly number: number;
  /** which of the inputs it is of */
  readonly input: number;
  readonly source: string;
  /** of the first block of an input: the number of its first line */
  readonly firstLine: number | undefined;
  /** bytes of the inputs before */
  readonly before: number;
  readonly range?: Range;
  readonly lines?: Area;
}

/** The same as a child gets it. */
export interface DealtTo extends Dealt {
  /** of a job with fronts: which of them */
  readonly front: number;
  /** all blocks before this one are done */
  readonly done: number;
}

/** Blocks, one after the other. */
export interface Dealer {
  /** blocks so far */
  readonly blocks: number;
  /** bytes of the inputs that have been dealt out whole, or to which blocks have been taken out */
  readonly bytes: number;
  deal(): AsyncGenerator<Dealt>;
  /** The block that was made last is dealt. */
  dealt?(block: Dealt): void;
}

/** Makes blocks of inputs. */
export class InputDealer implements Dealer {
  /** blocks so far */
  blocks = 0;
  /** bytes of the inputs that have been dealt out whole */
  bytes = 0;

  /** @param isPlain whether what the files hold is what the scanner reads */
  constructor(
    private readonly inputs: readonly Input[],
    private readonly isPlain: boolean,
  ) {}

  async *deal(): AsyncGenerator<Dealt> {
    for (const [index, input] of this.inputs.entries()) {
      const fd = this.isPlain ? openPlain(input.name) : undefined;
      if (fd === undefined) yield* this.linesOf(input, index);
      else yield* this.rangesOf(input, index, fd);
    }
  }

  private block(input: Input, index: number, isFirst: boolean, what: Pick<Dealt, 'range' | 'lines'>): Dealt {
    return { number: this.blocks++, input: index, source: input.name, firstLine: isFirst ? input.firstLine : undefined, before: this.bytes, ...what };
  }

  /** Also of what is added while it is read. */
  private *rangesOf(input: Input, index: number, fd: number): Generator<Dealt> {
    let size = fstatSync(fd).size;
    const bytes = rangeBytes(size);
    try {
      for (let start = 0; start < (size = fstatSync(fd).size); ) {
        const end = Math.min(start + bytes, size);
        yield this.block(input, index, start === 0, { range: { file: input.name, start, end } });
        start = end;
      }
    } finally {
      closeSync(fd);
    }
    this.bytes += size + 1;
  }

  private async *linesOf(input: Input, index: number): AsyncGenerator<Dealt> {
    let isFirst = true;
    for await (const lines of linesIn(input)) {
      yield this.block(input, index, isFirst, { lines });
      this.bytes += lines.used;
      isFirst = false;
    }
  }
}

/** An input's lines in blocks, which are the receiver's. @param onEnd called before it is closed, at its end or earlier */
export async function* linesIn(input: Input, onEnd: (isWhole: boolean) => void = () => {}): AsyncGenerator<Area> {
  const blocks = new Blocks(input, sizes.blockBytes);
  let isWhole = false;
  try {
    for (let block = await blocks.next(); block; block = await blocks.next()) {
      const lines = new Area(block.end - block.start + 64);
      lines.copy(block.start, block.end - block.start);
      yield lines;
    }
    isWhole = true;
  } finally {
    onEnd(isWhole);
    await blocks.close();
  }
}

/** A file of lines that can be read at any place; undefined: it cannot. */
function openPlain(file: string): number | undefined {
  // To open a named pipe is to wait for its writer.
  if (file === 'stdin' || !statSync(file).isFile()) return undefined;
  const fd = openSync(file, 'r');
  const head = Buffer.alloc(2);
  const isPlain = !(readSync(fd, head, 0, 2, 0) === 2 && head[0] === 0x1f && head[1] === 0x8b);
  if (isPlain) return fd;
  closeSync(fd);
  return undefined;
}
