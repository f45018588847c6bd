// in: names of files, formats
// out: the outputs of a job, all of them together: where they begin, how far they were written, on disk

import type { OutputFormat } from '../model/format.ts';
import { openSink, Targets } from '../sinks/open.ts';
import type { Sink, SinkState } from '../sinks/sink.ts';

/** How far the outputs of an earlier run were written, by what they are for. */
export interface SavedSinks {
  readonly states: Readonly<Record<string, SinkState>>;
  /** nothing was written behind that */
  readonly isClean: boolean;
  /** how far this very process has written, by what for: of a job that begins again within it */
  readonly sent?: Readonly<Record<string, number>>;
}

export class SinkSet {
  private readonly sinks = new Map<string, Sink>();
  private readonly targets = new Targets();

  /**
   * @param inputs FILEs that are read, none meaning stdin
   * @param saved undefined: there are no snapshots, so outputs are replaced at once; otherwise they stay as they are until `begin`
   */
  constructor(
    private readonly inputs: readonly string[],
    private readonly saved: SavedSinks | undefined,
  ) {}

  /** Opens one. @param purpose the same in each run, such as `output` @param file undefined: stdout @param columns where they are known. Throws UsageError, WeirError. */
  open(purpose: string, file: string | undefined, format: OutputFormat, columns?: readonly string[]): Sink {
    const before = this.saved && { state: this.saved.states[purpose], isClean: this.saved.isClean, sent: this.saved.sent?.[purpose] };
    this.targets.refuseTaken(file);
    const sink = openSink(file, format, this.inputs, before, columns);
    this.targets.take(file);
    this.sinks.set(purpose, sink);
    return sink;
  }

  /** Cuts each to where it begins. */
  begin(): void {
    for (const sink of this.sinks.values()) sink.begin();
  }

  save(): Record<string, SinkState> {
    return Object.fromEntries([...this.sinks].map(([purpose, sink]) => [purpose, sink.save()]));
  }

  /** How many bytes of each have been written, now or before they began again. */
  written(): Record<string, number> {
    return Object.fromEntries([...this.sinks].map(([purpose, sink]) => [purpose, Math.max(sink.save().bytes, this.saved?.sent?.[purpose] ?? 0)]));
  }

  async sync(): Promise<void> {
    for (const sink of this.sinks.values()) await sink.sync();
  }
}
