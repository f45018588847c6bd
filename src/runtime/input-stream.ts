// in: inputs, one after the other
// out: their records, pushed block by block to the chain behind them

import type { Receiver } from '../model/stage.ts';
import type { LayoutSpec } from '../plan/layout.ts';
import type { Input } from '../sources/input.ts';
import { type Block, Blocks } from './blocks.ts';
import type { BadLine } from './dead-letters.ts';
import { sizes } from './sizes.ts';
import { RecordSource } from './source.ts';
import type { Stream } from './stream.ts';
import type { Summary } from './summary.ts';

/** What an input stream needs of its job. */
export interface StreamRules {
  readonly summary: Summary;
  readonly onBadLine: (bad: BadLine) => void;
  /** no stage wants more */
  readonly isStopped: () => boolean;
  /** the job is to stop reading, and nothing that is open comes out */
  readonly signal?: AbortSignal | undefined;
}

/** The inputs of one source. */
export class InputStream implements Stream {
  private readonly source: RecordSource;
  private blocks: Blocks | undefined;
  private opened = 0;
  private readonly aborted: Promise<undefined> | undefined;

  constructor(
    layout: LayoutSpec,
    private readonly inputs: readonly Input[],
    private readonly chain: Receiver,
    private readonly rules: StreamRules,
  ) {
    this.source = new RecordSource(layout, chain, rules.onBadLine, rules.isStopped, sizes.batchRows);
    this.aborted = abortion(rules.signal);
  }

  /** One block, or the end. */
  async pull(): Promise<boolean> {
    const block = this.rules.isStopped() || this.isAborted ? undefined : await this.next();
    if (!block) return this.finish();
    this.rules.summary.bytes += block.end - block.start;
    const before = this.source.records;
    this.source.take(block);
    this.rules.summary.records += this.source.records - before;
    return true;
  }

  save(): unknown {
    return undefined;
  }

  load(): void {}

  /** The next block of this input or of those behind it; undefined: none is left, or no more is wanted. */
  private async next(): Promise<Block | undefined> {
    for (;;) {
      this.blocks ??= this.open();
      if (!this.blocks) return undefined;
      const block = await (this.aborted ? Promise.race([this.blocks.next(), this.aborted]) : this.blocks.next());
      if (block) return block;
      await this.close();
      if (this.isAborted) return undefined;
    }
  }

  private open(): Blocks | undefined {
    const input = this.inputs[this.opened++];
    if (!input) return undefined;
    this.source.open(input.name, input.firstLine);
    return new Blocks(input, sizes.blockBytes);
  }

  /** Nothing follows: also where `head` wants no more, what stands behind it prints at the end. */
  private async finish(): Promise<boolean> {
    await this.close();
    if (this.isAborted) return false;
    this.source.drain();
    this.chain.end();
    return false;
  }

  private get isAborted(): boolean {
    return this.rules.signal?.aborted === true;
  }

  private async close(): Promise<void> {
    await this.blocks?.close();
    this.blocks = undefined;
  }
}

function abortion(signal: AbortSignal | undefined): Promise<undefined> | undefined {
  if (!signal) return undefined;
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
