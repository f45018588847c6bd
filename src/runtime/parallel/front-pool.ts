// in: the fronts of a job's sources (plan/fronts.ts)
// out: for each a stream of what comes of its blocks, which all processes work on; what is behind the fronts goes on in this one
//
// The way of a record: a block that a stream dealt → scan → stages of its front, in whatever process → its columns, as frames →
// the stream, in the order of blocks → the stages behind it, as in a job on one process.

import { deserialize, serialize } from 'node:v8';
import { contentOf, Message, type Received } from '../../exchange/link.ts';
import type { Receiver } from '../../model/stage.ts';
import type { Front } from '../../plan/fronts.ts';
import type { Job } from '../../plan/job.ts';
import type { SourcePlan } from '../../plan/plan.ts';
import type { Held } from '../snapshots.ts';
import type { Input } from '../../sources/input.ts';
import type { Shared } from '../context.ts';
import type { StreamRules } from '../input-stream.ts';
import { Allotment } from './allotment.ts';
import { Children } from './children.ts';
import type { Dealt, DealtTo } from './dealer.ts';
import { FrontStream, type Processes } from './front-stream.ts';
import type { Part } from './merger.ts';
import { bytesTravel } from './outlets.ts';
import type { Made, Taken } from './parts.ts';
import { Subtask } from './subtask.ts';
import { Worker } from './worker.ts';

export interface FrontRules {
  readonly job: Job;
  readonly fronts: readonly Front[];
  readonly parallelism: number;
  readonly hasUserCode: boolean;
  /** of a job with snapshots: the one to go on from, if there is one */
  readonly snapshots?: Pick<Held, 'place' | 'begun'> | undefined;
}

/** A block that somebody works on. */
interface UnderWay {
  readonly stream: FrontStream;
  /** its number among those of the stream */
  readonly number: number;
}

/** The processes of a job with fronts. */
export class FrontPool implements Processes {
  private readonly streams: (FrontStream | undefined)[] = [];
  private readonly workers: (Worker | undefined)[] = [];
  private readonly allotment: Allotment;
  private children: Children | undefined;
  /** by number among all, ascending: blocks that were dealt and of which nothing has come */
  private readonly underWay = new Map<number, UnderWay>();
  private next = 0;
  /** by child: figures of what is to follow */
  private readonly made: (Made | undefined)[] = [];
  private sleepers: (() => void)[] = [];
  private error: unknown;
  private isOver = false;

  constructor(private readonly rules: FrontRules) {
    this.allotment = new Allotment(rules.parallelism);
  }

  /** The stream of a source; the chain behind it has been made. */
  stream(source: SourcePlan, inputs: readonly Input[], chain: Receiver, shared: Shared, rules: StreamRules): FrontStream {
    const index = this.rules.fronts.findIndex((front) => front.source === source);
    const { tasks, path } = this.rules.fronts[index]!;
    const { parallelism, job } = this.rules;
    const subtask = new Subtask(tasks, { index: 0, parallelism, needsBytes: bytesTravel(tasks), inputs: job.files, isFatal: job.options.onError.kind === 'fail', front: path }, {
      rows: () => {},
      taken: (block, taken) => this.takenBy(0, block, taken),
      output: (block, area, made) => this.came(block, { area, made }),
    });
    this.workers[index] = new Worker(subtask);
    return (this.streams[index] = new FrontStream({ pool: this, tasks, inputs, chain, shared, rules, subtask }));
  }

  free(underWay: number): number {
    return this.allotment.free(underWay);
  }

  start(): void {
    const { job, fronts, parallelism, hasUserCode, snapshots } = this.rules;
    const needsBytes = fronts.map(({ tasks }) => bytesTravel(tasks));
    this.children ??= new Children({ job, parallelism, needsBytes, hasUserCode, snapshot: snapshots?.place, hasFronts: true }, {
      message: (child, message) => this.arrived(child, message),
      death: (error) => this.fail(error),
      ready: () => {
        snapshots?.begun();
        this.allotment.areReady = true;
        this.wake();
      },
    });
  }

  deal(stream: FrontStream, subtask: number, dealt: Dealt): void {
    const front = this.streams.indexOf(stream);
    const number = this.next++;
    this.underWay.set(number, { stream, number: dealt.number });
    this.allotment.dealt(subtask);
    this.children!.parcels.done(this.done);
    if (subtask === 0) {
      this.workers[front]!.deal({ ...dealt, number });
      return;
    }
    const link = this.children!.link(subtask);
    const { lines, ...described } = dealt;
    const dealtTo: DealtTo = { ...described, number, front, done: this.done };
    link.sendBytes(lines ? Message.lines : Message.range, number, serialize(dealtTo));
    if (lines) link.send(Message.lines, number, lines);
  }

  /** Of all blocks before this one what came of them is here. */
  private get done(): number {
    for (const number of this.underWay.keys()) return number;
    return this.next;
  }

  private arrived(child: number, message: Received): void {
    const { kind, block, content } = message;
    if (this.isOver) content.free();
    else if (kind === Message.taken) this.takenBy(child, block, deserialize(contentOf(message)) as Taken);
    else if (kind === Message.made) this.made[child] = deserialize(contentOf(message)) as Made;
    else this.came(block, { area: content, made: this.made[child]! });
  }

  private takenBy(subtask: number, block: number, taken: Taken): void {
    const { stream, number } = this.underWay.get(block)!;
    this.allotment.read(subtask);
    stream.ledger.read(number, taken);
    this.wake();
  }

  private came(block: number, part: Part): void {
    const { stream, number } = this.underWay.get(block)!;
    this.underWay.delete(block);
    stream.ledger.came(number, part);
    this.wake();
  }

  fail(error: unknown): void {
    this.error ??= error;
    this.wake();
  }

  async until(isSo: () => boolean): Promise<void> {
    while (this.error === undefined && !isSo()) await new Promise<void>((resolve) => this.sleepers.push(resolve));
    if (this.error !== undefined) throw this.error;
  }

  wake(): void {
    for (const resume of this.sleepers.splice(0)) resume();
  }

  /** Ends all other processes. */
  async close(): Promise<void> {
    this.isOver = true;
    for (const worker of this.workers) worker?.stop();
    await this.children?.end();
  }
}
