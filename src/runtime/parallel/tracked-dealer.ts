// in: the inputs of a job with snapshots
// out: blocks of their lines, in order, as ranges of files where they can be; how far they have been dealt out, and the way back there

import type { Input } from '../../sources/input.ts';
import type { FilePlace } from '../../sources/rules.ts';
import { InputTrack, type SavedInput } from '../input-track.ts';
import type { SavedStream } from '../input-stream.ts';
import { matchInputs } from '../rewind.ts';
import { type Dealer, type Dealt, linesIn } from './dealer.ts';
import { type LineRange, lineRanges } from './line-ranges.ts';

/** Deals out whole lines, and knows where they end. */
export class TrackedDealer implements Dealer {
  blocks = 0;
  bytes = 0;
  private readonly tracks: readonly InputTrack[];
  /** of a file that others read: the one that is dealt out next */
  private range: LineRange | undefined;
  /** read to their end by earlier runs */
  private past: readonly SavedInput[] = [];

  constructor(inputs: readonly Input[]) {
    this.tracks = inputs.map((input) => new InputTrack(input, true));
  }

  async *deal(): AsyncGenerator<Dealt> {
    for (const [input, track] of this.tracks.entries()) {
      let isFirst = true;
      if (track.isDone) continue;
      for await (const part of this.partsOf(track)) {
        yield { number: this.blocks, input, source: track.input.name, firstLine: isFirst ? track.line : undefined, before: this.bytes, ...part };
        isFirst = false;
      }
    }
  }

  private async *partsOf(track: InputTrack): AsyncGenerator<Pick<Dealt, 'range' | 'lines'> & { before?: number }> {
    const place = await track.input.inPlace?.();
    if (place) yield* this.rangesOf(track, place);
    else for await (const lines of linesIn(track.input, (isWhole) => track.finish(isWhole))) yield { lines };
  }

  /** What others read of a file is to be just what has been dealt out, also where it grows meanwhile. */
  private async *rangesOf(track: InputTrack, place: FilePlace): AsyncGenerator<Pick<Dealt, 'range'> & { before: number }> {
    let isWhole = false;
    try {
      for (const range of lineRanges(place)) {
        this.range = range;
        const start = place.isStart && range.start === place.at ? 0 : range.start;
        // Places in a file are counted from its first byte.
        yield { range: { file: track.input.name, start, end: range.end, limit: range.end }, before: this.bytes - range.start };
      }
      isWhole = true;
    } finally {
      track.finish(isWhole);
      await track.input.close();
    }
  }

  /** From now on it counts as read. */
  dealt({ input, lines }: Dealt): void {
    const track = this.tracks[input]!;
    this.blocks++;
    if (lines) {
      this.bytes += lines.used;
      track.took(lines.bytes());
      return;
    }
    const { start, end, isOpen } = this.range!;
    this.bytes += end - start + (isOpen ? 1 : 0);
    track.passed(end - start, isOpen);
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
    this.bytes = saved.bytes;
    // What files have grown by since is no input any more.
    if (saved.hasEnded) {
      this.past = saved.inputs;
      return;
    }
    const { found, past } = matchInputs(this.tracks.map(({ input }) => input), saved.inputs);
    this.past = past;
    for (const track of this.tracks) {
      const before = found.get(track.input);
      if (before) await track.load(before, isAborted);
    }
  }
}
