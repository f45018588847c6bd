// in: the inputs of one source, the pool of processes that work on their blocks
// out: what came of each block, in order, pushed to the chain behind the front; how far the inputs were taken

import { fault } from '../../model/fault.ts';
import type { Operator, Receiver } from '../../model/stage.ts';
import type { WholeState } from '../../model/state.ts';
import type { TaskPlan } from '../../plan/tasks.ts';
import type { Input } from '../../sources/input.ts';
import { isStopped, type Shared } from '../context.ts';
import type { SavedStream, StreamRules } from '../input-stream.ts';
import type { Stream } from '../stream.ts';
import { type Dealer, type Dealt, InputDealer } from './dealer.ts';
import { Ledger } from './ledger.ts';
import { FrameMerger, type Merger } from './merger.ts';
import type { Subtask } from './subtask.ts';
import { TrackedDealer } from './tracked-dealer.ts';

/** The processes that work on blocks. */
export interface Processes {
  /** All streams have been made. To be called before a block is dealt, more than once. */
  start(): void;
  /** Who is to have the next block of a stream of which so many are under way; -1: nobody may now. */
  free(underWay: number): number;
  /** Gives a block to a subtask; what comes of it goes to the stream's ledger. */
  deal(stream: FrontStream, subtask: number, dealt: Dealt): void;
  /** Resolves when it is so. Throws where the job cannot go on. */
  until(isSo: () => boolean): Promise<void>;
  /** Something has happened that somebody may wait for. */
  wake(): void;
  /** All streams end with this error. */
  fail(error: unknown): void;
}

export interface FrontParts {
  readonly pool: Processes;
  readonly tasks: TaskPlan;
  readonly inputs: readonly Input[];
  /** behind the front */
  readonly chain: Receiver;
  readonly shared: Shared;
  readonly rules: StreamRules;
  /** this process's */
  readonly subtask: Subtask;
}

/** A source whose blocks several processes work on. Each pull takes one. */
export class FrontStream implements Stream {
  readonly ledger: Ledger;
  private readonly merger: Merger;
  private readonly dealer: Dealer;
  /** of a job with snapshots */
  private readonly tracked: TrackedDealer | undefined;
  /** by block: how far the inputs are taken behind it */
  private readonly places = new Map<number, SavedStream>();
  /** the same behind the block that was taken last, or where this run began */
  private place: SavedStream | undefined;
  private hasBegun = false;
  private hasDealt = false;
  private hasEnded = false;

  constructor(private readonly parts: FrontParts) {
    const { tasks, inputs, chain, shared, rules } = parts;
    this.merger = new FrameMerger(tasks, chain);
    this.ledger = new Ledger(0, shared, this.merger);
    this.tracked = rules.isSaved ? new TrackedDealer(inputs) : undefined;
    this.place = this.tracked?.save();
    this.dealer = this.tracked ?? new InputDealer(inputs, tasks.plan.source.format.kind === 'json');
    rules.signal?.addEventListener('abort', () => parts.pool.wake(), { once: true });
  }

  async pull(): Promise<boolean> {
    const { pool } = this.parts;
    this.begin();
    await pool.until(() => this.wantsNoMore || this.isNextThere || (this.hasDealt && this.isAllTaken));
    if (this.wantsNoMore || !this.isNextThere) return this.finish();
    const block = this.ledger.next;
    this.ledger.takeNext(() => {});
    if (this.tracked) this.place = this.places.get(block);
    this.places.delete(block);
    fault('input.block');
    pool.wake();
    return true;
  }

  private get isNextThere(): boolean {
    return this.ledger.isNextThere(Number.POSITIVE_INFINITY);
  }

  private get isAllTaken(): boolean {
    return this.ledger.next === this.dealer.blocks;
  }

  private get wantsNoMore(): boolean {
    return this.parts.rules.signal?.aborted === true || isStopped(this.parts.shared);
  }

  /** Nothing is read before it is needed. */
  private begin(): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.parts.pool.start();
    this.deal().catch((error: unknown) => this.parts.pool.fail(error));
  }

  private async deal(): Promise<void> {
    const { pool } = this.parts;
    for await (const block of this.dealer.deal()) {
      const subtask = await this.freeSubtask();
      if (this.wantsNoMore) return;
      fault('input.read');
      this.ledger.deal(block);
      this.dealer.dealt?.(block);
      if (this.tracked) this.places.set(block.number, this.tracked.save());
      pool.deal(this, subtask, block);
    }
    this.hasDealt = true;
    pool.wake();
  }

  private async freeSubtask(): Promise<number> {
    const { pool } = this.parts;
    const free = () => pool.free(this.dealer.blocks - this.ledger.next);
    // Whoever is woken first may take the place.
    while (free() < 0 && !this.wantsNoMore) await pool.until(() => this.wantsNoMore || free() >= 0);
    return free();
  }

  /** Nothing follows: also where `head` wants no more, what stands behind it prints at the end. */
  private async finish(): Promise<boolean> {
    const { rules } = this.parts;
    if (rules.signal?.aborted || (await rules.onEnd?.()) === false) return false;
    this.hasEnded = true;
    this.ledger.tellSkipped();
    this.merger.drain(this.dealer.bytes);
    return false;
  }

  /** What has been dealt out but not taken is dealt out again by whoever goes on from there. */
  save(): SavedStream {
    const place = this.isAllTaken ? this.tracked!.save() : this.place!;
    return { ...this.tracked!.withLines(place, this.ledger.lines), hasEnded: this.hasEnded };
  }

  async load(saved: unknown): Promise<void> {
    const { signal } = this.parts.rules;
    this.hasEnded = (saved as SavedStream).hasEnded;
    await this.tracked!.load(saved as SavedStream, () => signal?.aborted === true);
    this.place = this.tracked!.save();
  }

  /** The operators of the front as snapshots know them: their state behind the blocks that were taken. */
  operators(): Map<string, Operator> {
    const { subtask } = this.parts;
    return new Map(
      [...subtask.blockOperators].map(([place, operator]) => {
        let loaded: readonly WholeState[] = [];
        const save: Operator['save'] = (to) => {
          for (const { name, value } of this.ledger.wholes.get(place) ?? loaded) to.whole(name, value);
        };
        const load: Operator['load'] = (from) => {
          operator.load?.(from);
          loaded = new Map(subtask.wholes).get(place)!;
        };
        return [place, { push: () => {}, end: () => {}, save, load }];
      }),
    );
  }
}
