// in: a moment when a snapshot is wanted
// out: the state of all subtasks, and of what the coordinator has, between two blocks of the input
//
// A barrier is a block's number: all that comes of the blocks before it is in the snapshot, nothing of the others. It is made known to
// all subtasks before the first of those others is dealt out, so that each finds it in its place whatever arrives when (DESIGN: barriers
// are block numbers; Flink aligns them instead, Carbone et al., Lightweight Asynchronous Snapshots, 2015).

import { deserialize } from 'node:v8';
import { contentOf, Message, type Received } from '../../exchange/link.ts';
import { WeirError } from '../../model/errors.ts';
import type { Operator } from '../../model/stage.ts';
import type { FileEntry } from '../../snapshot/files.ts';
import type { Occasion } from '../../snapshot/manifest.ts';
import { besideOperators, type Captured } from '../captured.ts';
import type { SavedStream } from '../input-stream.ts';
import { CapturedStates } from '../operator-states.ts';
import type { SinkSet } from '../sink-set.ts';
import type { Summary } from '../summary.ts';
import type { Children } from './children.ts';
import { errorOf, type Failure } from './parts.ts';
import type { Worker } from './worker.ts';

/** What a child says of its state: it is written, or why not. */
export type Written = { readonly entry: FileEntry } | { readonly failure: Failure };

/** What the coordinator does for barriers. */
export interface BarrierHost {
  readonly children: Children;
  readonly worker: Worker;
  readonly sinks: SinkSet;
  /** those of the last task, by their place in the pipeline */
  readonly operators: ReadonlyMap<string, Operator>;
  /** Deals no more until it is told to go on. Gives the number of the next block, and how far the input has been read before it. */
  hold(): { readonly block: number; readonly source: SavedStream };
  goOn(): void;
  /** The same with numbers of lines, when all blocks before have been taken. */
  withLines(source: SavedStream): SavedStream;
  /** Hands over to the outputs what has been gathered for them, and gives the figures so far. */
  flush(): Summary;
}

/** A barrier that has not been reached. */
interface Waiting {
  readonly block: number;
  reached(): void;
  given(): void;
}

/** Barriers of one job, one at a time. */
export class Barriers {
  private waiting: Waiting | undefined;
  private acknowledged: () => void = () => {};
  private written: (written: Written) => void = () => {};
  private isOver = false;
  private abandon: (error: Error) => void = () => {};

  constructor(private readonly host: BarrierHost) {}

  /** Captures what there is behind the blocks that have been dealt out, when they are done. Undefined: the job was over before. */
  async capture(occasion: Occasion): Promise<Captured | undefined> {
    // Whoever asks may be in the middle of dealing.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.isOver) return undefined;
    const { block, source } = this.host.hold();
    // At the start, nobody else has anything.
    const children = occasion === 'start' ? 0 : this.host.children.count;
    const own = this.host.worker.capture(block);
    await this.tell(children, block);
    this.host.goOn();
    const here = await this.reach(block, source);
    if (!here) return undefined;
    here.states.join(await own);
    return { ...here, write: (folder, passed) => this.write(folder, children, here.states, passed), release: () => here.states.release() };
  }

  /** To be called before a block is taken, all before it having been. */
  comesTo(block: number): void {
    if (this.waiting?.block === block) this.waiting.reached();
  }

  /** Blocks that have not been taken will not be. */
  giveUp(): void {
    this.waiting?.given();
    this.waiting = undefined;
  }

  /** What a child says. */
  heard(message: Received): void {
    if (message.kind === Message.state) this.written(deserialize(contentOf(message)) as Written);
    else {
      message.content.free();
      this.acknowledged();
    }
  }

  /** No block is taken any more, and nobody writes. */
  end(): void {
    this.isOver = true;
    this.giveUp();
    this.acknowledged();
    this.abandon(new WeirError('the job was over before its state was written'));
  }

  private tell(children: number, block: number): Promise<void> {
    return new Promise((resolve) => {
      let missing = children;
      this.acknowledged = () => {
        if (this.isOver || --missing <= 0) resolve();
      };
      for (let child = 1; child <= children; child++) this.host.children.link(child).sendBytes(Message.barrier, block, Buffer.alloc(0));
      if (children === 0) resolve();
    });
  }

  private reach(block: number, source: SavedStream): Promise<Omit<Captured, 'write' | 'release'> & { states: CapturedStates } | undefined> {
    return new Promise((resolve, reject) => {
      const reached = () => {
        this.waiting = undefined;
        try {
          resolve(this.here(source));
        } catch (error) {
          reject(error as Error);
        }
      };
      const given = () => resolve(undefined);
      this.waiting = { block, reached, given };
      if (this.isOver) given();
      else this.host.goOn();
    });
  }

  private here(saved: SavedStream): Omit<Captured, 'write' | 'release'> & { states: CapturedStates } {
    const { host } = this;
    const summary = { ...host.flush() };
    const source = host.withLines(saved);
    const states = new CapturedStates();
    states.add(host.operators, besideOperators(source));
    return { summary, source, outputs: host.sinks.save(), states };
  }

  private async write(folder: string, children: number, states: CapturedStates, passed: (ms: number) => void): Promise<readonly FileEntry[]> {
    const theirs = this.writeTheirs(folder, children);
    return [await states.write(folder, 0, passed), ...(await theirs)];
  }

  private writeTheirs(folder: string, children: number): Promise<readonly FileEntry[]> {
    const entries: FileEntry[] = [];
    const all = new Promise<readonly FileEntry[]>((resolve, reject) => {
      this.written = (written) => {
        if ('failure' in written) reject(errorOf(written.failure, '', 1));
        else if (entries.push(written.entry) === children) resolve(entries);
      };
      this.abandon = reject;
      if (children === 0) resolve(entries);
    });
    all.catch(() => {});
    for (let child = 1; child <= children; child++) this.host.children.link(child).sendBytes(Message.state, 0, Buffer.from(folder));
    return all;
  }
}
