// in: inputs, one after the other
// out: their records, pushed block by block to the chain behind them

import type { Receiver } from '../model/stage.ts';
import type { LayoutSpec } from '../plan/layout.ts';
import type { Input } from '../sources/input.ts';
import { type Block, Blocks } from './blocks.ts';
import type { BadLine } from './dead-letters.ts';
import { GIVEN_UP, Patience } from './patience.ts';
import { Silence } from './silence.ts';
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
  /** ms, ascending: after a silence of each of them the chain is given an empty batch */
  readonly idle?: readonly number[];
}

/** The inputs of one source. */
export class InputStream implements Stream {
  private readonly source: RecordSource;
  private blocks: Blocks | undefined;
  private opened = 0;
  /** the block that is being waited for */
  private coming: Promise<Block | undefined> | undefined;
  private readonly patience: Patience;
  private readonly silence: Silence;

  constructor(
    layout: LayoutSpec,
    private readonly inputs: readonly Input[],
    private readonly chain: Receiver,
    private readonly rules: StreamRules,
  ) {
    this.source = new RecordSource(layout, chain, rules.onBadLine, rules.isStopped, sizes.batchRows);
    this.patience = new Patience(rules.signal);
    this.silence = new Silence(rules.idle ?? []);
  }

  get isIdle(): boolean {
    return this.silence.isIdle;
  }

  /** One block, the news that none has come for --idle, or the end. */
  async pull(): Promise<boolean> {
    const block = this.rules.isStopped() || this.patience.isStopped ? undefined : await this.next();
    if (!block) return this.finish();
    if (block === 'silence') this.source.tick();
    else this.take(block);
    return true;
  }

  private take(block: Block): void {
    this.rules.summary.bytes += block.end - block.start;
    const before = this.source.records;
    this.source.take(block);
    this.rules.summary.records += this.source.records - before;
    this.silence.broken();
  }

  save(): unknown {
    return undefined;
  }

  load(): void {}

  /** The next block of this input or of those behind it; undefined: none is left, or no more is wanted. */
  private async next(): Promise<Block | 'silence' | undefined> {
    for (;;) {
      this.blocks ??= this.open();
      if (!this.blocks) return undefined;
      this.coming ??= this.blocks.next();
      const block = await this.patience.wait(this.coming, this.silence.left);
      if (this.patience.isStopped) return undefined;
      if (block === GIVEN_UP) return this.silent();
      this.coming = undefined;
      if (block) return block;
      await this.close();
    }
  }

  private silent(): 'silence' {
    this.silence.lasts();
    return 'silence';
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
    if (this.patience.isStopped) return false;
    this.source.drain();
    this.chain.end();
    return false;
  }

  /** Reads no more. */
  async close(): Promise<void> {
    const { blocks } = this;
    this.blocks = undefined;
    await blocks?.close();
  }
}
