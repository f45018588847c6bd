// in: what subtasks made of each block, in whatever order it arrives
// out: the same in the order of blocks, and within a block in the order of input, handed to the rest of the stages or to the output

import { Area } from '../../wasm/area.ts';
import { MergedLines } from '../../exchange/lines.ts';
import type { Cause, Receiver } from '../../model/stage.ts';
import type { TaskPlan } from '../../plan/tasks.ts';
import type { RecordFile } from '../outputs.ts';
import { TextRecords } from '../records.ts';
import { FrameFeed } from './frame-feed.ts';
import { bytesTravel, frameSpec } from './outlets.ts';
import type { Made } from './parts.ts';

/** What one subtask made of a block. */
export interface Part {
  readonly area: Area;
  readonly made: Made;
}

/** Takes what came of a block, as it stands at the end of the subtasks' tasks. */
export interface Merger {
  /** All parts of the next block, whose first line is line `firstLine` of `source`. */
  take(parts: readonly Part[], source: string, firstLine: number): void;
  /** No block follows: `bytes` of input have been. */
  drain(bytes: number): void;
}

/** @param rest the chain of the task `rest`, if there is one */
export function makeMerger(tasks: TaskPlan, output: RecordFile, rest: Receiver): Merger {
  if (tasks.gather) return new LineMerger(tasks, rest);
  if (tasks.keyed.length > 0) return new OutputMerger(output);
  return tasks.exchange ? new FrameMerger(tasks, rest) : new Concatenation(output);
}

/** Lines of blocks one behind the other. */
class Concatenation implements Merger {
  constructor(private readonly output: RecordFile) {}

  take([part]: readonly Part[]): void {
    this.output.writeLines(part!.area.bytes(), part!.made.records);
  }

  drain(): void {}
}

/** Lines of several subtasks, which are the output. */
class OutputMerger implements Merger {
  private readonly text = new Area(1 << 16);

  constructor(private readonly output: RecordFile) {}

  take(parts: readonly Part[]): void {
    const merged = new MergedLines(parts.map(({ area }) => area));
    merged.copy(this.text);
    this.output.writeLines(this.text.bytes(), merged.count);
    this.text.used = 0;
    merged.free();
  }

  drain(): void {}
}

/** Lines of several subtasks, which further stages read. */
class LineMerger implements Merger {
  private readonly cause: Cause = { sequence: 0, order: '', isOrdered: false };
  private readonly records: TextRecords;

  constructor(
    tasks: TaskPlan,
    private readonly rest: Receiver,
  ) {
    this.records = new TextRecords(tasks.gather!.layout, rest, this.cause);
  }

  take(parts: readonly Part[]): void {
    const merged = new MergedLines(parts.map(({ area }) => area));
    merged.each((line, sequence, numbers) => this.add(line, sequence, numbers));
    merged.free();
    const after = Math.min(...parts.map(({ made }) => made.after));
    // The end comes once, in drain.
    if (after < Number.POSITIVE_INFINITY) this.records.flush(after);
  }

  private add(line: string, sequence: number, numbers: Float64Array): void {
    const [time, watermark, windowStart, windowEnd] = numbers as unknown as [number, number, number, number];
    this.cause.sequence = sequence;
    const row = this.records.add(line, time, watermark);
    this.records.batch.windowStart[row] = windowStart;
    this.records.batch.windowEnd[row] = windowEnd;
  }

  drain(): void {
    this.records.flush(Number.POSITIVE_INFINITY);
    this.rest.end();
  }
}

/** Rows of blocks one behind the other, which further stages read. */
export class FrameMerger implements Merger {
  private readonly feed: FrameFeed;

  constructor(tasks: TaskPlan, rest: Receiver) {
    this.feed = new FrameFeed(tasks.exchange!, frameSpec(tasks, bytesTravel(tasks)), rest);
  }

  take([part]: readonly Part[], source: string, firstLine: number): void {
    this.feed.take(part!.area, source, firstLine);
  }

  drain(bytes: number): void {
    this.feed.drain(bytes);
  }
}
