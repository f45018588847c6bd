// in: what the coordinator says through the link at descriptor 3
// out: a subtask that works until the coordinator is gone

import { rmSync } from 'node:fs';
import { createServer, connect, type Server, Socket } from 'node:net';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Area } from '../../wasm/area.ts';
import { contentOf, Link, Message, type Received } from '../../exchange/link.ts';
import { Parcels } from '../../exchange/parcels.ts';
import { readStates } from '../../snapshot/directory.ts';
import type { StageDefinition } from '../../model/stage.ts';
import { planFronts } from '../../plan/fronts.ts';
import type { Plan } from '../../plan/plan.ts';
import { planTasks, type TaskPlan } from '../../plan/tasks.ts';
import { type ChildStart, LINK_FD, PARCELS_FD } from './children.ts';
import { hasManySubtasks } from './choose.ts';
import type { DealtTo } from './dealer.ts';
import { readText } from '../../sources/text.ts';
import type { CapturedStates } from '../operator-states.ts';
import { prepareStages } from '../prepare.ts';
import { failureOf } from './parts.ts';
import type { Written } from './barriers.ts';
import { Subtask } from './subtask.ts';
import { Worker } from './worker.ts';

/** Works for the coordinator that started this process; `onEnd` is called when that is gone. */
export function runChild(table: readonly StageDefinition[], onEnd: () => void): void {
  const child = new Child(table, onEnd);
  child.listenTo(new Socket({ fd: LINK_FD, readable: true, writable: true }));
}

class Child {
  private coordinator!: Link;
  /** of each front; of a job without, one */
  private workers: readonly Worker[] = [];
  private start: ChildStart | undefined;
  private server: Server | undefined;
  private readonly parcels = new Parcels((subtask) => PARCELS_FD + subtask, Number(process.env['WEIR_CHILD']));
  /** by subtask */
  private readonly links = new Map<number, Link>();

  constructor(
    private readonly table: readonly StageDefinition[],
    private readonly onEnd: () => void,
  ) {}

  listenTo(socket: Socket): void {
    this.coordinator = new Link(socket, this.parcels, (message) => this.take(message), () => this.leave());
    this.links.set(0, this.coordinator);
  }

  /** A coordinator that was killed has left the folder behind. */
  private leave(): void {
    if (this.start?.folder !== undefined) rmSync(this.start.folder, { recursive: true, force: true });
    this.onEnd();
  }

  private take(message: Received): void {
    if (message.kind === Message.start) void this.begin(deserialize(contentOf(message)) as ChildStart);
    else if (this.workers.length === 0) this.early.push(message);
    else if (message.kind === Message.connect) this.connect(message);
    else if (message.kind === Message.range) this.deal(deserialize(contentOf(message)) as DealtTo);
    else if (message.kind === Message.lines) this.dealLines(message);
    else if (message.kind === Message.rows) this.workers[0]!.arrived(message.block, message.content);
    else if (message.kind === Message.barrier) this.capture(message);
    else if (message.kind === Message.state) void this.writeState(contentOf(message).toString());
    else if (message.kind === Message.end) this.workers[0]!.end(message.block, contentOf(message).readDoubleLE(0));
  }

  /** What arrived before the subtask was ready. */
  private readonly early: Received[] = [];

  /** The description came in a message of its own before. */
  private pending: DealtTo | undefined;

  private dealLines(message: Received): void {
    if (!this.pending) {
      this.pending = deserialize(contentOf(message)) as DealtTo;
      return;
    }
    this.deal({ ...this.pending, lines: message.content });
    this.pending = undefined;
  }

  private deal(dealt: DealtTo): void {
    this.parcels.done(dealt.done);
    this.workers[dealt.front]!.deal(dealt);
  }

  /** The state that is to be written next. */
  private captured: Promise<CapturedStates> | undefined;

  private capture({ block, content }: Received): void {
    content.free();
    this.captured = this.workers[0]!.capture(block);
    this.coordinator.sendBytes(Message.barrier, block, Buffer.alloc(0));
  }

  private async writeState(folder: string): Promise<void> {
    let written: Written;
    try {
      const states = await this.captured!;
      written = { entry: await states.write(folder, this.start!.index) };
    } catch (error) {
      written = { failure: failureOf(error) };
    }
    this.coordinator.sendBytes(Message.state, 0, serialize(written));
  }

  private async begin(start: ChildStart): Promise<void> {
    this.start = start;
    const { plan, fronts } = start.hasFronts ? planFronts(start.job, this.table, readText) : this.wholePlan(start);
    await prepareStages(plan.stages);
    this.workers = fronts.map(({ tasks, path }, i) => this.makeWorker(tasks, start, i, path));
    for (const message of this.early.splice(0)) this.take(message);
    if (start.folder === undefined) this.ready(2);
    else this.listen(start.folder);
  }

  private wholePlan({ job, parallelism }: ChildStart): { plan: Plan; fronts: readonly { tasks: TaskPlan; path?: string }[] } {
    const tasks = planTasks(job, this.table, readText, hasManySubtasks(parallelism));
    return { plan: tasks.plan, fronts: [{ tasks }] };
  }

  /** @param path of a front: the way to its pipeline */
  private makeWorker(tasks: TaskPlan, start: ChildStart, front: number, path: string | undefined): Worker {
    const { job, index, parallelism } = start;
    const needsBytes = typeof start.needsBytes === 'boolean' ? start.needsBytes : start.needsBytes[front]!;
    const rules = { index, parallelism, needsBytes, inputs: job.files, isFatal: job.options.onError.kind === 'fail', ...(path !== undefined && { front: path }) };
    const subtask = new Subtask(tasks, rules, {
      rows: (target, block, area) => this.sendRows(target, block, area),
      taken: (block, taken) => this.coordinator.sendBytes(Message.taken, block, serialize(taken)),
      output: (block, area, made) => {
        this.coordinator.sendBytes(Message.made, block, serialize(made));
        this.coordinator.send(Message.output, block, area);
      },
    });
    if (start.snapshot) subtask.load(readStates(start.snapshot));
    return new Worker(subtask);
  }

  private sendRows(target: number, block: number, area: Area): void {
    if (target === this.start!.index) this.workers[0]!.arrived(block, area);
    else this.links.get(target)!.send(Message.rows, block, area);
  }

  private ready(phase: number): void {
    this.coordinator.sendBytes(Message.ready, phase, Buffer.alloc(0));
  }

  /** Children with higher numbers connect to those with lower ones. */
  private listen(folder: string): void {
    this.server = createServer((socket) => {
      const link = new Link(socket, this.parcels, (message) => this.fromPeer(message, link), () => {});
    });
    this.server.listen(join(folder, String(this.start!.index)), () => this.ready(1));
  }

  private fromPeer(message: Received, link: Link): void {
    if (message.kind !== Message.hello) {
      this.take(message);
      return;
    }
    message.content.free();
    this.know(message.block, link);
  }

  private connect(message: Received): void {
    message.content.free();
    for (let peer = 1; peer < this.start!.index; peer++) {
      const socket = connect(join(this.start!.folder!, String(peer)), () => {
        const link = new Link(socket, this.parcels, (m) => this.take(m), () => {});
        link.sendBytes(Message.hello, this.start!.index, Buffer.alloc(0));
        this.know(peer, link);
      });
      socket.on('error', () => {});
    }
  }

  private know(peer: number, link: Link): void {
    this.links.set(peer, link);
    if (this.links.size < this.start!.parallelism - 1) return;
    this.server?.close();
    this.ready(2);
  }
}
