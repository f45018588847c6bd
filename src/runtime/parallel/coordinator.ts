// in: a job, a parallelism above 1
// out: its output, the same bytes as of one process; a summary
//
// This process is the first subtask, too. It deals blocks out to whoever is free, a few more than are worked on: so many are
// under way at most, which bounds all queues. What comes back is taken in the order of blocks (merger.ts).

import { deserialize, serialize } from 'node:v8';
import { contentOf, Message, type Received } from '../../exchange/link.ts';
import type { Receiver } from '../../model/stage.ts';
import type { Job } from '../../plan/job.ts';
import { keyedSubtasks, type TaskPlan } from '../../plan/tasks.ts';
import type { Input } from '../../sources/input.ts';
import { makeChain, type Shared } from '../context.ts';
import type { BadLine } from '../dead-letters.ts';
import type { RecordFile } from '../outputs.ts';
import { Children } from './children.ts';
import { type Dealt, Dealer, type DealtTo } from './dealer.ts';
import { makeMerger, type Merger, type Part } from './merger.ts';
import { bytesTravel } from './outlets.ts';
import { addFigures } from '../state-meter.ts';
import { errorOf, type Made, placed, type SubtaskHeld, type Taken } from './parts.ts';
import { Subtask } from './subtask.ts';
import { Worker } from './worker.ts';

/** Blocks that a subtask has at hand at most: one that it works on, others that it reads meanwhile. */
const AT_HAND = 3;
/** Blocks under way at most, per subtask. */
const UNDER_WAY = 6;

export interface CoordinatorRules {
  readonly parallelism: number;
  readonly shared: Shared;
  readonly output: RecordFile;
  readonly signal?: AbortSignal | undefined;
  /** called after each block */
  readonly onBlock: () => void;
}

/** Runs a job on several processes. */
export class Coordinator {
  private readonly children: Children;
  private readonly worker: Worker;
  private readonly merger: Merger;
  private readonly dealer: Dealer;
  /** by subtask: blocks that were dealt to it and are not taken yet */
  private readonly atHand: number[];
  private areReady = false;
  private readonly dealt = new Map<number, Dealt>();
  private readonly taken = new Map<number, Taken>();
  private readonly parts = new Map<number, Part[]>();
  /** by child: figures whose lines are to follow */
  private readonly made: (Made | undefined)[] = [];
  /** by subtask: how much it keeps */
  private readonly held = new Map<number, SubtaskHeld>();
  /** subtasks that have keys */
  private readonly keyed: number;
  private next = 0;
  private lastBlock = Number.POSITIVE_INFINITY;
  private line = 1;
  private sleepers: (() => void)[] = [];
  private error: unknown;
  private isOver = false;

  constructor(
    job: Job,
    private readonly tasks: TaskPlan,
    inputs: readonly Input[],
    private readonly rules: CoordinatorRules,
  ) {
    const { parallelism, shared, output } = rules;
    this.keyed = keyedSubtasks(tasks, parallelism);
    const rest: Receiver = makeChain(tasks.rest, shared, { push: (batch) => output.write(batch), end: () => {} });
    this.merger = makeMerger(tasks, output, rest);
    const needsBytes = bytesTravel(tasks);
    this.children = new Children({ job, parallelism, needsBytes, hasUserCode: tasks.plan.stages.some(({ plan }) => plan.prepare !== undefined) }, {
      message: (child, message) => this.arrived(child, message),
      death: (error) => this.fail(error),
      ready: () => {
        this.areReady = true;
        this.wake();
      },
    });
    this.worker = new Worker(this.makeSubtask(job, needsBytes));
    this.dealer = new Dealer(inputs, tasks.plan.source.format.kind === 'json');
    this.atHand = new Array<number>(parallelism).fill(0);
  }

  /** Throws what one process would have thrown. */
  async run(): Promise<void> {
    const onAbort = () => this.finish();
    this.rules.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      // Whoever waits for input must not keep a job from ending: it ends when it is over.
      this.deal().catch((error: unknown) => this.fail(error));
      await this.until(() => this.isOver);
      if (this.error !== undefined) throw this.error;
    } finally {
      await this.children.end();
    }
  }

  private makeSubtask(job: Job, needsBytes: boolean): Subtask {
    const { parallelism } = this.rules;
    const rules = { index: 0, parallelism, needsBytes, inputs: job.files, isFatal: job.options.onError.kind === 'fail' };
    return new Subtask(this.tasks, rules, {
      rows: (target, block, area) => (target === 0 ? this.worker.arrived(block, area) : this.children.link(target).send(Message.rows, block, area)),
      taken: (block, taken) => this.takenBy(0, block, taken),
      output: (block, area, made) => this.outputOf(block, { area, made }),
    });
  }

  private async deal(): Promise<void> {
    for await (const dealt of this.dealer.deal()) {
      await this.until(() => this.isOver || this.freeSubtask() >= 0);
      if (this.isOver) return;
      this.dealt.set(dealt.number, dealt);
      this.dealTo(this.freeSubtask(), dealt);
    }
    this.lastBlock = this.dealer.blocks;
    this.sendEnd();
    this.advance();
  }

  /** The subtask with the least at hand; -1: none may have more. Children go first, since this process has more to do. */
  private freeSubtask(): number {
    const { parallelism } = this.rules;
    if (this.dealer.blocks - this.next > UNDER_WAY * parallelism) return -1;
    let best = -1;
    for (let i = this.areReady ? parallelism - 1 : 0; i >= 0; i--) {
      if (this.atHand[i]! < (i === 0 ? 2 : AT_HAND) && (best < 0 || this.atHand[i]! < this.atHand[best]!)) best = i;
    }
    return best;
  }

  private dealTo(subtask: number, dealt: Dealt): void {
    this.atHand[subtask]!++;
    this.children.parcels.done(this.next);
    if (subtask === 0) {
      this.worker.deal(dealt);
      return;
    }
    const link = this.children.link(subtask);
    const { lines, ...described } = dealt;
    const dealtTo: DealtTo = { ...described, done: this.next };
    link.sendBytes(lines ? Message.lines : Message.range, dealt.number, serialize(dealtTo));
    if (lines) link.send(Message.lines, dealt.number, lines);
  }

  private sendEnd(): void {
    if (this.keyed === 0) return;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(this.dealer.bytes);
    for (let child = 1; child < this.keyed; child++) this.children.link(child).sendBytes(Message.end, this.lastBlock, bytes);
    this.worker.end(this.lastBlock, this.dealer.bytes);
  }

  private arrived(child: number, message: Received): void {
    const { kind, block } = message;
    if (kind === Message.rows) this.worker.arrived(block, message.content);
    else if (kind === Message.taken) this.takenBy(child, block, deserialize(contentOf(message)) as Taken);
    else if (kind === Message.made) this.made[child] = deserialize(contentOf(message)) as Made;
    else if (kind === Message.output) this.outputOf(block, { area: message.content, made: this.made[child]! });
  }

  private takenBy(subtask: number, block: number, taken: Taken): void {
    this.atHand[subtask]!--;
    this.taken.set(block, taken);
    this.advance();
  }

  private outputOf(block: number, part: Part): void {
    const parts = this.parts.get(block);
    if (parts) parts.push(part);
    else this.parts.set(block, [part]);
    this.advance();
  }

  /** Takes what is there of the next blocks. */
  private advance(): void {
    try {
      while (!this.isOver && this.isThere(this.next)) this.takeBlock(this.next);
    } catch (error) {
      this.fail(error);
    }
    this.wake();
  }

  /** Whether all that comes of a block has come. What is behind the last one is what keyed stages print at the end. */
  private isThere(block: number): boolean {
    if (block >= this.lastBlock) return block === this.lastBlock && this.partsOf(block) === this.keyed;
    return this.taken.has(block) && this.partsOf(block) === Math.max(1, this.keyed);
  }

  private partsOf(block: number): number {
    return this.parts.get(block)?.length ?? 0;
  }

  private takeBlock(block: number): void {
    const parts = this.parts.get(block) ?? [];
    const taken = this.taken.get(block);
    const { source = '', firstLine = this.line } = this.dealt.get(block) ?? {};
    for (const numbers of [this.parts, this.taken, this.dealt]) numbers.delete(block);
    this.next++;
    if (parts.length > 0) this.merger.take(parts, source, firstLine);
    for (const { area, made } of parts) {
      area.free();
      this.count(made);
    }
    // Where no stage wants more, it does not matter what is wrong with lines further on.
    if (!this.rules.shared.isStopped) this.takeBad([...(taken?.bad ?? []), ...parts.flatMap(({ made }) => made.bad)], source, firstLine);
    this.countTaken(taken, firstLine);
    const failure = this.rules.shared.isStopped ? undefined : taken?.failure ?? parts.find(({ made }) => made.failure)?.made.failure;
    this.rules.onBlock();
    if (failure) throw errorOf(failure, source, firstLine);
    if (block === this.lastBlock || this.rules.shared.isStopped) this.drain();
  }

  private takeBad(bad: readonly BadLine[], source: string, firstLine: number): void {
    for (const line of bad.toSorted((a, b) => a.line - b.line)) this.rules.shared.dead.take(placed(line, source, firstLine));
  }

  private drain(): void {
    this.measure();
    this.merger.drain(this.dealer.bytes);
    this.rules.onBlock();
    this.finish();
  }

  /** What other processes keep; what this one does is known. */
  private measure(): void {
    const { summary, meter } = this.rules.shared;
    meter?.look();
    const all = [...this.held.values()];
    if (all.length === 0) return;
    summary.stages = addFigures(all.map(({ stages }) => stages));
    summary.memory = all.reduce((sum, { subtask, memory }) => (subtask === 0 ? sum : sum + memory), 0);
  }

  private count({ late, delay, warnings, held }: Made): void {
    if (held) this.held.set(held.subtask, held);
    const { summary, warn, warned } = this.rules.shared;
    summary.late += late;
    summary.delay = Math.max(summary.delay, delay);
    for (const text of warnings) {
      if (!warned.has(text)) warn?.(text);
      warned.add(text);
    }
  }

  private countTaken(taken: Taken | undefined, firstLine: number): void {
    if (!taken) return;
    const { summary } = this.rules.shared;
    summary.records += taken.records;
    summary.bytes += taken.bytes;
    this.line = firstLine + taken.lines;
  }

  private fail(error: unknown): void {
    this.error ??= error;
    this.finish();
  }

  private finish(): void {
    this.isOver = true;
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

