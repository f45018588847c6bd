// in: inputs, one after the other
// out: their records, pushed block by block to the chain behind them; how far they were read

import { fault } from '../model/fault.ts';
import type { Receiver } from '../model/stage.ts';
import type { LayoutSpec } from '../plan/layout.ts';
import type { Input } from '../sources/input.ts';
import { memory } from '../wasm/memory.ts';
import { type Block, Blocks } from './blocks.ts';
import type { BadLine } from './dead-letters.ts';
import { InputTrack, type SavedInput } from './input-track.ts';
import { matchInputs } from './rewind.ts';
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
  /** somebody will ask how far it was read */
  readonly isSaved?: boolean;
  /** The input has ended. False: nothing that is open comes out. */
  readonly onEnd?: () => Promise<boolean>;
}

/** What there is to save of a stream. */
export interface SavedStream {
  /** bytes of all inputs that were taken */
  readonly bytes: number;
  readonly inputs: readonly SavedInput[];
}

/** The inputs of one source. */
export class InputStream implements Stream {
  private readonly source: RecordSource;
  private readonly tracks: readonly InputTrack[];
  private blocks: Blocks | undefined;
  /** the input that is read */
  private track: InputTrack | undefined;
  /** read to their end by earlier runs */
  private past: readonly SavedInput[] = [];
  private readonly aborted: Promise<undefined> | undefined;

  constructor(
    layout: LayoutSpec,
    inputs: readonly Input[],
    private readonly chain: Receiver,
    private readonly rules: StreamRules,
  ) {
    this.source = new RecordSource(layout, chain, rules.onBadLine, rules.isStopped, sizes.batchRows);
    this.tracks = inputs.map((input) => new InputTrack(input, rules.isSaved === true));
    this.aborted = abortion(rules.signal);
  }

  /** One block, or the end. */
  async pull(): Promise<boolean> {
    const block = this.rules.isStopped() || this.isAborted ? undefined : await this.next();
    if (!block) return this.finish();
    this.rules.summary.bytes += block.end - block.start;
    this.take(block, this.track!);
    fault('input.block');
    return true;
  }

  save(): SavedStream {
    return { bytes: this.source.bytes, inputs: [...this.past, ...this.tracks.map((track) => track.save())] };
  }

  async load(saved: unknown): Promise<void> {
    const { bytes, inputs } = saved as SavedStream;
    const { found, past } = matchInputs(this.tracks.map((track) => track.input), inputs);
    for (const track of this.tracks) {
      const before = found.get(track.input);
      const loaded = before && track.load(before, () => this.isAborted);
      await (this.aborted ? Promise.race([loaded, this.aborted]) : loaded);
    }
    this.past = past;
    this.source.resume(bytes);
  }

  /** Hands a block on, up to each line that is no record in the input's format, and that line in its place. */
  private take({ start, end }: Block, track: InputTrack): void {
    let from = start;
    for (const { line, before } of track.rejects(end - start)) {
      this.records(from, start + before);
      this.reject(line, track.input.name);
      from = start + before;
    }
    this.records(from, end);
    track.took(memory().memory.subarray(start, end));
    track.line = this.source.nextLine;
  }

  private records(start: number, end: number): void {
    if (end <= start) return;
    const before = this.source.records;
    this.source.take({ start, end });
    this.rules.summary.records += this.source.records - before;
  }

  private reject({ reason, line, bytes }: { reason: string; line: number; bytes: Buffer }, source: string): void {
    if (!this.rules.isStopped()) this.rules.onBadLine({ reason, source, line, text: bytes.toString('latin1') });
  }

  /** The next block of this input or of those behind it; undefined: none is left, or no more is wanted. */
  private async next(): Promise<Block | undefined> {
    for (;;) {
      this.blocks ??= this.open();
      if (!this.blocks) return undefined;
      fault('input.read');
      const block = await (this.aborted ? Promise.race([this.blocks.next(), this.aborted]) : this.blocks.next());
      if (this.isAborted) return undefined;
      if (block) return block;
      await this.endInput(this.track!);
    }
  }

  private open(): Blocks | undefined {
    this.track = this.tracks.find((track) => !track.isDone);
    if (!this.track) return undefined;
    this.source.open(this.track.input.name, this.track.line);
    return new Blocks(this.track.input, sizes.blockBytes);
  }

  private async endInput(track: InputTrack): Promise<void> {
    for (const { line } of track.rejects(Number.POSITIVE_INFINITY)) this.reject(line, track.input.name);
    track.finish(true);
    await this.close();
  }

  /** Nothing follows: also where `head` wants no more, what stands behind it prints at the end. */
  private async finish(): Promise<boolean> {
    const isOpen = this.isAborted || (await this.rules.onEnd?.()) === false;
    this.track?.finish(false);
    await this.close();
    if (isOpen) return false;
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
