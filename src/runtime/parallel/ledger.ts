// in: what subtasks say of blocks, in whatever order
// out: the same block by block: what came of each handed to the merger, its figures and bad lines to the job

import { combineWholes, type WholeState } from '../../model/state.ts';
import { isStopped, type Shared, skippedText } from '../context.ts';
import { addFigures } from '../state-meter.ts';
import type { Dealt } from './dealer.ts';
import type { Merger, Part } from './merger.ts';
import { errorOf, type Made, placed, type SubtaskHeld, type Taken } from './parts.ts';

/** Blocks that are under way, and the figures of those that are over. */
export class Ledger {
  /** number of the next block to be taken */
  next = 0;
  /** by input: number of the line behind the last block of it that was taken */
  readonly lines = new Map<number, number>();
  /** by place: state of a front's operators behind the blocks that were taken */
  readonly wholes = new Map<string, readonly WholeState[]>();
  private line = 1;
  private readonly dealt = new Map<number, Dealt>();
  private readonly taken = new Map<number, Taken>();
  private readonly parts = new Map<number, Part[]>();
  /** by aggregate call: values that were left out because they are no numbers */
  private readonly skips = new Map<string, number>();
  /** by subtask: how much it keeps */
  private readonly held = new Map<number, SubtaskHeld>();

  /** @param keyed subtasks that have keys */
  constructor(
    private readonly keyed: number,
    private readonly shared: Shared,
    private readonly merger: Merger,
  ) {}

  /** A block has been dealt out. Its lines need not be kept. */
  deal({ lines: _, ...dealt }: Dealt): void {
    this.dealt.set(dealt.number, dealt);
  }

  /** A block has been read. */
  read(block: number, taken: Taken): void {
    this.taken.set(block, taken);
  }

  /** Something has come of a block. */
  came(block: number, part: Part): void {
    const parts = this.parts.get(block);
    if (parts) parts.push(part);
    else this.parts.set(block, [part]);
  }

  /** Whether all that comes of the next block has come. @param last the block that stands for what keyed stages print at the end */
  isNextThere(last: number): boolean {
    const parts = this.parts.get(this.next)?.length ?? 0;
    if (this.next >= last) return this.next === last && parts === this.keyed;
    return this.taken.has(this.next) && parts === Math.max(1, this.keyed);
  }

  /** Takes the next block, which is there. Throws what one process would have thrown. @param done called when all but that has been done */
  takeNext(done: () => void): void {
    const block = this.next++;
    const parts = this.parts.get(block) ?? [];
    const taken = this.taken.get(block);
    const dealt = this.dealt.get(block);
    const { source = '', firstLine = this.line } = dealt ?? {};
    for (const numbers of [this.parts, this.taken, this.dealt]) numbers.delete(block);
    if (parts.length > 0) this.merger.take(parts, source, firstLine);
    for (const { area, made } of parts) {
      area.free();
      this.count(made);
    }
    // Where no stage wants more, it does not matter what is wrong with lines further on.
    const wantsNoMore = isStopped(this.shared);
    if (!wantsNoMore) this.takeBad(parts, taken, source, firstLine);
    this.countTaken(taken, dealt?.input, firstLine);
    const failure = wantsNoMore ? undefined : taken?.failure ?? parts.find(({ made }) => made.failure)?.made.failure;
    done();
    if (failure) throw errorOf(failure, source, firstLine);
  }

  /** The figures of what other processes keep; what this one does is known. */
  measure(): void {
    const { summary, meter } = this.shared;
    meter?.look();
    const all = [...this.held.values()];
    if (all.length === 0) return;
    summary.stages = addFigures(all.map(({ stages }) => stages));
    summary.memory = all.reduce((sum, { subtask, memory }) => (subtask === 0 ? sum : sum + memory), 0);
  }

  private takeBad(parts: readonly Part[], taken: Taken | undefined, source: string, firstLine: number): void {
    const bad = [...(taken?.bad ?? []), ...parts.flatMap(({ made }) => made.bad)];
    for (const line of bad.sort((a, b) => a.line - b.line)) this.shared.dead.take(placed(line, source, firstLine));
  }

  /** No block follows: says what aggregates of all subtasks together have left out. */
  tellSkipped(): void {
    for (const [call, values] of this.skips) this.shared.warn?.(skippedText(call, values));
  }

  private count({ late, delay, warnings, skips, held, wholes = [] }: Made): void {
    for (const [place, states] of wholes) this.wholes.set(place, combineWholes([...(this.wholes.get(place) ?? []), ...states]));
    if (held) this.held.set(held.subtask, held);
    for (const [call, values] of skips) this.skips.set(call, (this.skips.get(call) ?? 0) + values);
    const { summary, warn, warned } = this.shared;
    summary.late += late;
    summary.delay = Math.max(summary.delay, delay);
    for (const text of warnings) {
      if (!warned.has(text)) warn?.(text);
      warned.add(text);
    }
  }

  private countTaken(taken: Taken | undefined, input: number | undefined, firstLine: number): void {
    if (!taken) return;
    const { summary } = this.shared;
    summary.records += taken.records;
    summary.bytes += taken.bytes;
    this.line = firstLine + taken.lines;
    if (input !== undefined) this.lines.set(input, this.line);
  }
}
