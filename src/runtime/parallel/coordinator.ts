// in: a job, a parallelism above 1
// out: its output, the same bytes as of one process; a summary; its state, for snapshots
//
// This process is the first subtask, too. It deals blocks out to whoever is free, a few more than are worked on: so many are
// under way at most, which bounds all queues. What comes back is taken in the order of blocks (ledger.ts, merger.ts).

import { deserialize, serialize } from 'node:v8';
import { contentOf, Message, type Received } from '../../exchange/link.ts';
import { fault } from '../../model/fault.ts';
import type { Operator } from '../../model/stage.ts';
import type { Job } from '../../plan/job.ts';
import { keyedSubtasks, type TaskPlan } from '../../plan/tasks.ts';
import type { Held } from '../snapshots.ts';
import type { StatesRead } from '../../snapshot/states.ts';
import type { Input } from '../../sources/input.ts';
import { type Captured, type Parts, sourceIn } from '../captured.ts';
import { isStopped, makeChain, type Shared } from '../context.ts';
import type { SavedStream } from '../input-stream.ts';
import { loadStates } from '../operator-states.ts';
import type { RecordFile } from '../outputs.ts';
import type { SinkSet } from '../sink-set.ts';
import type { Summary } from '../summary.ts';
import { Allotment } from './allotment.ts';
import { Barriers } from './barriers.ts';
import { Children } from './children.ts';
import { type Dealer, type Dealt, type DealtTo, InputDealer } from './dealer.ts';
import { Ledger } from './ledger.ts';
import { makeMerger, type Merger } from './merger.ts';
import { bytesTravel } from './outlets.ts';
import type { Made, Taken } from './parts.ts';
import { Subtask } from './subtask.ts';
import { TrackedDealer } from './tracked-dealer.ts';
import { Worker } from './worker.ts';

export interface CoordinatorRules {
  readonly parallelism: number;
  readonly shared: Shared;
  readonly output: RecordFile;
  readonly sinks: SinkSet;
  /** of a job with snapshots: the one to go on from, if there is one */
  readonly snapshots?: Pick<Held, 'place' | 'begun'> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** called after each block */
  readonly onBlock: () => void;
  /** The input has ended. False: nothing that is open comes out. */
  readonly onEnd: () => Promise<boolean>;
  flush(): Summary;
  resume(summary: Summary): void;
}

/** Runs a job on several processes. */
export class Coordinator implements Parts {
  readonly sinks: SinkSet;
  readonly isBusy = false;
  private readonly children: Children;
  private readonly worker: Worker;
  private readonly subtask: Subtask;
  private readonly merger: Merger;
  private readonly ledger: Ledger;
  private readonly dealer: Dealer;
  /** of a job with snapshots */
  private readonly tracked: TrackedDealer | undefined;
  private readonly barriers: Barriers;
  private readonly allotment: Allotment;
  /** by child: figures whose lines are to follow */
  private readonly made: (Made | undefined)[] = [];
  /** subtasks that have keys */
  private readonly keyed: number;
  /** of the last task, by their place in the pipeline */
  private readonly operators = new Map<string, Operator>();
  private lastBlock = Number.POSITIVE_INFINITY;
  private sleepers: (() => void)[] = [];
  private error: unknown;
  private isOver = false;
  /** no more is dealt: until a barrier is known to all, or at all */
  private isHeld = false;
  private isStopped = false;
  private hasEnded = false;

  constructor(
    job: Job,
    private readonly tasks: TaskPlan,
    inputs: readonly Input[],
    private readonly rules: CoordinatorRules,
  ) {
    const { parallelism, shared, output, snapshots } = rules;
    this.sinks = rules.sinks;
    this.keyed = keyedSubtasks(tasks, parallelism);
    const rest = makeChain(tasks.rest, shared, { push: (batch) => output.write(batch), end: () => {} }, this.operators);
    this.merger = makeMerger(tasks, output, rest);
    this.ledger = new Ledger(this.keyed, shared, this.merger);
    const needsBytes = bytesTravel(tasks);
    const hasUserCode = tasks.plan.stages.some(({ plan }) => plan.prepare !== undefined);
    this.children = new Children({ job, parallelism, needsBytes, hasUserCode, snapshot: snapshots?.place, hasFronts: false }, {
      message: (child, message) => this.arrived(child, message),
      death: (error) => this.fail(error),
      ready: () => this.ready(),
    });
    this.subtask = this.makeSubtask(job, needsBytes);
    this.worker = new Worker(this.subtask);
    this.tracked = snapshots && new TrackedDealer(inputs);
    this.dealer = this.tracked ?? new InputDealer(inputs, tasks.plan.source.format.kind === 'json');
    this.allotment = new Allotment(parallelism);
    this.barriers = new Barriers(this.barrierHost());
  }

  /** Throws what one process would have thrown. */
  async run(): Promise<void> {
    const onAbort = () => this.stop();
    this.rules.signal?.addEventListener('abort', onAbort, { once: true });
    if (this.rules.signal?.aborted) this.stop();
    // Whoever waits for input must not keep a job from ending: it ends when it is over.
    this.deal().catch((error: unknown) => this.fail(error));
    await this.until(() => this.isOver || (this.isStopped && this.isAllTaken));
    this.finish();
    if (this.error !== undefined) throw this.error;
  }

  /** Ends all other processes. */
  async close(): Promise<void> {
    this.barriers.end();
    await this.children.end();
  }

  capture(...[occasion]: Parameters<Parts['capture']>): Promise<Captured | undefined> {
    return this.barriers.capture(occasion);
  }

  /** Children take theirs by themselves. */
  async restore(states: StatesRead, signal?: AbortSignal): Promise<void> {
    await this.tracked!.load(sourceIn(states) as SavedStream, () => signal?.aborted === true);
    if (signal?.aborted) return;
    fault('restore.inputs');
    this.subtask.load(states);
    loadStates(this.operators, states);
  }

  resume(summary: Summary): void {
    this.rules.resume(summary);
  }

  private makeSubtask(job: Job, needsBytes: boolean): Subtask {
    const { parallelism } = this.rules;
    const rules = { index: 0, parallelism, needsBytes, inputs: job.files, isFatal: job.options.onError.kind === 'fail' };
    return new Subtask(this.tasks, rules, {
      rows: (target, block, area) => (target === 0 ? this.worker.arrived(block, area) : this.children.link(target).send(Message.rows, block, area)),
      taken: (block, taken) => this.takenBy(0, block, taken),
      output: (block, area, made) => this.came(block, { area, made }),
    });
  }

  private barrierHost(): ConstructorParameters<typeof Barriers>[0] {
    const { children, worker, sinks, operators } = this;
    return {
      ...{ children, worker, sinks, operators },
      hold: () => {
        this.isHeld = true;
        return { block: this.dealer.blocks, source: this.tracked!.save() };
      },
      goOn: () => {
        this.isHeld = false;
        this.advance();
      },
      withLines: (source) => this.tracked!.withLines(source, this.ledger.lines),
      flush: () => this.rules.flush(),
    };
  }

  private ready(): void {
    this.rules.snapshots?.begun();
    this.allotment.areReady = true;
    this.wake();
  }

  private async deal(): Promise<void> {
    for await (const block of this.dealer.deal()) {
      await this.until(() => this.dealsNoMore || this.freeSubtask() >= 0);
      if (this.dealsNoMore) return;
      this.dealTo(this.freeSubtask(), block);
    }
    await this.endInput();
  }

  private get dealsNoMore(): boolean {
    return this.isOver || this.isStopped || this.hasEnded;
  }

  /** Nothing follows what has been dealt out. */
  private async endInput(): Promise<void> {
    if (this.hasEnded) return;
    this.hasEnded = true;
    fault('end.input');
    if (await this.rules.onEnd()) this.sendEnd();
    else this.isStopped = true;
    this.advance();
  }

  /** -1: nobody may have more now. */
  private freeSubtask(): number {
    return this.isHeld ? -1 : this.allotment.free(this.dealer.blocks - this.ledger.next);
  }

  private dealTo(subtask: number, dealt: Dealt): void {
    fault('input.read');
    this.ledger.deal(dealt);
    this.dealer.dealt?.(dealt);
    this.allotment.dealt(subtask);
    this.children.parcels.done(this.ledger.next);
    if (subtask === 0) {
      this.worker.deal(dealt);
      return;
    }
    const link = this.children.link(subtask);
    const { lines, ...described } = dealt;
    const dealtTo: DealtTo = { ...described, front: 0, done: this.ledger.next };
    link.sendBytes(lines ? Message.lines : Message.range, dealt.number, serialize(dealtTo));
    if (lines) link.send(Message.lines, dealt.number, lines);
  }

  private sendEnd(): void {
    this.lastBlock = this.dealer.blocks;
    if (this.keyed === 0) return;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(this.dealer.bytes);
    for (let child = 1; child < this.keyed; child++) this.children.link(child).sendBytes(Message.end, this.lastBlock, bytes);
    this.worker.end(this.lastBlock, this.dealer.bytes);
  }

  private arrived(child: number, message: Received): void {
    const { kind, block } = message;
    if (this.isOver && this.error !== undefined) message.content.free();
    else if (kind === Message.rows) this.worker.arrived(block, message.content);
    else if (kind === Message.taken) this.takenBy(child, block, deserialize(contentOf(message)) as Taken);
    else if (kind === Message.made) this.made[child] = deserialize(contentOf(message)) as Made;
    else if (kind === Message.output) this.came(block, { area: message.content, made: this.made[child]! });
    else this.barriers.heard(message);
  }

  private takenBy(subtask: number, block: number, taken: Taken): void {
    this.allotment.read(subtask);
    this.ledger.read(block, taken);
    this.advance();
  }

  private came(...[block, part]: Parameters<Ledger['came']>): void {
    this.ledger.came(block, part);
    this.advance();
  }

  /** Takes what is there of the next blocks. */
  private advance(): void {
    try {
      this.barriers.comesTo(this.ledger.next);
      while (!this.isOver && this.ledger.isNextThere(this.lastBlock)) this.takeNext();
    } catch (error) {
      this.fail(error);
    }
    this.wake();
  }

  private takeNext(): void {
    const isLast = this.ledger.next === this.lastBlock;
    this.ledger.takeNext(this.rules.onBlock);
    fault('input.block');
    const wantsNoMore = isStopped(this.rules.shared);
    if (isLast || (wantsNoMore && !this.tracked)) this.drain();
    else this.barriers.comesTo(this.ledger.next);
    // A snapshot is taken before what stands behind prints at the end.
    if (wantsNoMore && this.tracked) this.endInput().catch((error: unknown) => this.fail(error));
  }

  private get isAllTaken(): boolean {
    return this.ledger.next === this.dealer.blocks;
  }

  private drain(): void {
    this.ledger.measure();
    this.ledger.tellSkipped();
    this.merger.drain(this.dealer.bytes);
    this.rules.onBlock();
    this.finish();
  }

  /** The job is to stop: with snapshots, it does so when all that has been dealt out is done. */
  private stop(): void {
    this.isStopped = true;
    if (this.tracked) this.wake();
    else this.finish();
  }

  private fail(error: unknown): void {
    this.error ??= error;
    this.worker.stop();
    this.finish();
  }

  private finish(): void {
    this.isOver = true;
    this.barriers.giveUp();
    this.wake();
  }

  private async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.sleepers.push(resolve));
  }

  /** Something has happened that somebody may wait for. */
  private wake(): void {
    for (const resume of this.sleepers.splice(0)) resume();
  }
}
