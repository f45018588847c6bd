// in: the inputs of a job with snapshots
// out: blocks of their lines, in order; how far they have been dealt out, and the way back there

import type { Input } from '../../sources/input.ts';
import { InputTrack, type SavedInput } from '../input-track.ts';
import type { SavedStream } from '../input-stream.ts';
import { matchInputs } from '../rewind.ts';
import { type Dealer, type Dealt, linesIn } from './dealer.ts';

/** Deals out lines, and knows where they end. */
export class TrackedDealer implements Dealer {
  blocks = 0;
  bytes = 0;
  private readonly tracks: readonly InputTrack[];
  /** read to their end by earlier runs */
  private past: readonly SavedInput[] = [];

  constructor(inputs: readonly Input[]) {
    this.tracks = inputs.map((input) => new InputTrack(input, true));
  }

  async *deal(): AsyncGenerator<Dealt> {
    for (const [input, track] of this.tracks.entries()) {
      let isFirst = true;
      if (track.isDone) continue;
      for await (const lines of linesIn(track.input, (isWhole) => track.finish(isWhole))) {
        yield { number: this.blocks, input, source: track.input.name, firstLine: isFirst ? track.line : undefined, before: this.bytes, lines };
        isFirst = false;
      }
    }
  }

  /** From now on it counts as read. */
  dealt({ input, lines }: Dealt): void {
    this.blocks++;
    this.bytes += lines!.used;
    this.tracks[input]!.took(lines!.bytes());
  }

  /** How far has been dealt out. */
  save(): SavedStream {
    return { bytes: this.bytes, inputs: [...this.past, ...this.tracks.map((track) => track.save())], hasEnded: false };
  }

  /** The same with the numbers of lines, which are only known when those before have been read. @param lines by input: the one behind its last block */
  withLines(saved: SavedStream, lines: ReadonlyMap<number, number>): SavedStream {
    return { ...saved, inputs: saved.inputs.map((input, i) => ({ ...input, line: lines.get(i - this.past.length) ?? input.line })) };
  }

  /** Throws WeirError (exit 3) where the input is not what it was. */
  async load(saved: SavedStream, isAborted: () => boolean): Promise<void> {
    const { found, past } = matchInputs(this.tracks.map(({ input }) => input), saved.inputs);
    this.past = past;
    this.bytes = saved.bytes;
    for (const track of this.tracks) {
      const before = found.get(track.input);
      if (before) await track.load(before, isAborted);
    }
  }
}
