// in: inputs, one after the other
// out: their records, pushed block by block to the chain behind them; how far they were read

import { fault } from '../model/fault.ts';
import type { Receiver } from '../model/stage.ts';
import type { LayoutSpec } from '../plan/layout.ts';
import type { Input } from '../sources/input.ts';
import type { BadInputLine } from '../sources/rules.ts';
import { memory } from '../wasm/memory.ts';
import type { Alarms } from './alarms.ts';
import { type Block, Blocks } from './blocks.ts';
import type { BadLine } from './dead-letters.ts';
import { InputTrack, type SavedInput } from './input-track.ts';
import { GIVEN_UP, Patience } from './patience.ts';
import { matchInputs } from './rewind.ts';
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
  /** what operators want done at a time */
  readonly alarms?: Alarms | undefined;
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
  /** the chain has been told of the end: what files have grown by since is no input any more */
  readonly hasEnded: boolean;
}

/** The inputs of one source. */
export class InputStream implements Stream {
  private readonly source: RecordSource;
  private blocks: Blocks | undefined;
  private readonly tracks: readonly InputTrack[];
  /** the input that is read */
  private track: InputTrack | undefined;
  /** read to their end by earlier runs */
  private past: readonly SavedInput[] = [];
  private hasEnded = false;
  /** bytes of all inputs that were taken */
  private before = 0;
  /** the block that is being waited for */
  private coming: Promise<Block | undefined> | undefined;
  private readonly patience: Patience;
  /** the clock has been looked at since the last block */
  private hasRung = false;
  private readonly silence: Silence;

  constructor(
    layout: LayoutSpec,
    inputs: readonly Input[],
    private readonly chain: Receiver,
    private readonly rules: StreamRules,
  ) {
    this.source = new RecordSource(layout, chain, rules.onBadLine, rules.isStopped, sizes.batchRows);
    this.tracks = inputs.map((input) => new InputTrack(input, rules.isSaved === true));
    this.patience = new Patience(rules.signal);
    this.silence = new Silence(rules.idle ?? []);
  }

  get isIdle(): boolean {
    return this.silence.isIdle;
  }

  /** One block, the news that none has come for --idle, what the clock has brought, or the end. */
  async pull(): Promise<boolean> {
    const block = this.rules.isStopped() || this.patience.isStopped ? undefined : await this.next();
    if (!block) return this.finish();
    if (block === 'silence') this.source.tick();
    else if (block !== 'alarm') this.take(block, this.track!);
    return true;
  }

  save(): SavedStream {
    return { bytes: this.before, inputs: [...this.past, ...this.tracks.map((track) => track.save())], hasEnded: this.hasEnded };
  }

  async load(saved: unknown): Promise<void> {
    const { bytes, inputs, hasEnded } = saved as SavedStream;
    this.hasEnded = hasEnded;
    this.before = bytes;
    this.source.jump(bytes);
    if (hasEnded) this.past = inputs;
    else await this.resume(inputs);
  }

  private async resume(inputs: readonly SavedInput[]): Promise<void> {
    const { found, past } = matchInputs(this.tracks.map((track) => track.input), inputs);
    this.past = past;
    for (const track of this.tracks) {
      const before = found.get(track.input);
      if (before) await this.patience.wait(track.load(before, () => this.patience.isStopped));
    }
  }

  /** Hands a block on, up to each line that is no record in the input's format, and that line in its place. */
  private take(block: Block, track: InputTrack): void {
    const { start, end, counter, followed } = block;
    this.rules.summary.bytes += end - start;
    let from = start;
    for (const { line, before } of track.rejects(end - start)) {
      this.records({ start: from, end: start + before });
      this.reject(line, track.input.name);
      from = start + before;
    }
    this.records({ start: from, end, ...(counter && { counter }) });
    track.took(memory().memory.subarray(start, end), followed, counter);
    track.line = this.source.nextLine;
    this.before += end - start;
    this.silence.broken();
    fault('input.block');
  }

  private records(block: Block): void {
    if (block.end <= block.start) return;
    const before = this.source.records;
    this.source.take(block);
    this.rules.summary.records += this.source.records - before;
  }

  private reject({ reason, line, bytes }: BadInputLine, source: string): void {
    if (!this.rules.isStopped()) this.rules.onBadLine({ reason, source, line, text: bytes.toString('latin1') });
  }

  /** The next block of this input or of those behind it; undefined: none is left, or no more is wanted. */
  private async next(): Promise<Block | 'silence' | 'alarm' | undefined> {
    for (;;) {
      this.blocks ??= this.open();
      if (!this.blocks) return undefined;
      fault('input.read');
      if (!this.coming) this.silence.begins();
      this.coming ??= this.blocks.next();
      const left = this.rules.alarms?.left;
      // A timer that sets itself again at once must not keep records out.
      if (left === 0 && !this.hasRung) return this.ring();
      const block = await this.patience.wait(this.coming, least(this.silence.left, left));
      if (this.patience.isStopped) return undefined;
      if (block === GIVEN_UP) return this.silence.left === 0 ? this.silent() : this.ring();
      this.hasRung = false;
      this.coming = undefined;
      if (block) return block;
      await this.endInput(this.track!);
    }
  }

  private ring(): 'alarm' {
    this.hasRung = true;
    this.rules.alarms?.ring();
    return 'alarm';
  }

  private silent(): 'silence' {
    this.silence.lasts();
    return 'silence';
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
    const staysOpen = this.patience.isStopped || (await this.rules.onEnd?.()) === false;
    this.track?.finish(false);
    await this.close();
    if (staysOpen) return false;
    this.hasEnded = true;
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

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
