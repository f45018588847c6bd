// in: a job as it runs, on one process or on several
// out: what its snapshots ask of it: all of its state at one moment, and the way back there

import { fault } from '../model/fault.ts';
import type { Operator } from '../model/stage.ts';
import type { FileEntry } from '../snapshot/files.ts';
import type { Occasion } from '../snapshot/manifest.ts';
import type { StatesRead } from '../snapshot/states.ts';
import { CapturedStates, loadStates } from './operator-states.ts';
import type { SinkSet } from './sink-set.ts';
import type { Stream } from './stream.ts';
import type { Summary } from './summary.ts';

/** What the state of operators is beside: how far the stream was read. */
const SOURCE = 'source';

/** State that is no operator's: how far the input was read. */
export const besideOperators = (source: unknown) => new Map([[SOURCE, [{ name: 'inputs', value: source }]]]);

/** How far the input was read, as a snapshot says. */
export const sourceIn = (states: StatesRead): unknown => states.get(SOURCE)?.wholes[0]?.value;

/** A job at one moment between two records. */
export interface Captured {
  readonly summary: Summary;
  /** how far the input was read */
  readonly source: unknown;
  /** how far outputs were written */
  readonly outputs: ReturnType<SinkSet['save']>;
  /** Writes the files of state into the folder of a snapshot. @param passed is told for how many ms the job stood still */
  write(folder: string, passed: (ms: number) => void): Promise<readonly FileEntry[]>;
  /** Nothing is written, or all has been. */
  release(): void;
}

/** A job that snapshots are taken of. */
export interface Parts {
  readonly sinks: SinkSet;
  /** It is at a place where nothing can be captured. */
  readonly isBusy: boolean;
  /** Now, or, where that takes some time, of the moment when it is done. Undefined: the job was over before. */
  capture(occasion: Occasion): Captured | Promise<Captured | undefined>;
  /** Takes back what a snapshot holds, before anything is read. Throws WeirError (exit 3). */
  restore(states: StatesRead, signal?: AbortSignal): Promise<void>;
  /** Takes over the figures of an earlier run. */
  resume(summary: Summary): void;
}

/** What a job on one process has of it. */
export interface Whole {
  readonly stream: Stream;
  /** by their place in the pipeline */
  readonly operators: ReadonlyMap<string, Operator>;
  readonly sinks: SinkSet;
  /** Hands over to the outputs what has been gathered for them, and gives the figures so far. */
  flush(): Summary;
  resume(summary: Summary): void;
}

/** A job on one process. */
export class OneProcess implements Parts {
  readonly sinks: SinkSet;

  constructor(private readonly whole: Whole) {
    this.sinks = whole.sinks;
  }

  get isBusy(): boolean {
    return this.whole.stream.isBusy === true;
  }

  capture(): Captured {
    const { stream, operators, sinks } = this.whole;
    const summary = { ...this.whole.flush() };
    const source = stream.save();
    const states = new CapturedStates();
    states.add(operators, besideOperators(source));
    return { summary, source, outputs: sinks.save(), write: async (folder, passed) => [await states.write(folder, 0, passed)], release: () => states.release() };
  }

  async restore(states: StatesRead, signal?: AbortSignal): Promise<void> {
    await this.whole.stream.load(sourceIn(states));
    if (signal?.aborted) return;
    fault('restore.inputs');
    loadStates(this.whole.operators, states);
  }

  resume(summary: Summary): void {
    this.whole.resume(summary);
  }
}
