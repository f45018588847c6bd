// in: how many child processes are wanted
// out: the processes, each with a link to it; an error for one that dies; none left behind

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { Link, Message, type Received } from '../../exchange/link.ts';
import { openParcelFiles, Parcels } from '../../exchange/parcels.ts';
import { WeirError } from '../../model/errors.ts';
import type { Job } from '../../plan/job.ts';
import type { SnapshotPlace } from '../../snapshot/directory.ts';

/** What a child is told at its start. */
export interface ChildStart {
  readonly job: Job;
  readonly index: number;
  readonly parallelism: number;
  /** whether records behind the exchange need their bytes; by front, where there are fronts */
  readonly needsBytes: boolean | readonly boolean[];
  /** it works on the fronts of sources (plan/fronts.ts), and so has nothing to say to the others */
  readonly hasFronts: boolean;
  /** whether stages run modules of the user's */
  readonly hasUserCode: boolean;
  /** what to go on from */
  readonly snapshot: SnapshotPlace | undefined;
  /** where children listen for one another */
  readonly folder: string | undefined;
}

/** The number of the descriptor that a child's link is at. */
export const LINK_FD = 3;
/** That of the file by which the coordinator sends parcels; the children's follow. */
export const PARCELS_FD = 4;

/** A child has gone before it should. */
export class ChildDeath extends WeirError {
  constructor(
    /** who, and how */
    readonly what: string,
    help: string,
  ) {
    super(`${what}, so the output is not complete`, 1, help);
  }
}

interface Child {
  readonly process: ChildProcess;
  readonly link: Link;
  readonly gone: Promise<void>;
}

/** The child processes of a job, numbered from 1. */
export class Children {
  private readonly all: Child[] = [];
  private readonly folder: string | undefined;
  private isEnding = false;
  private phases = [0, 0, 0];
  private readonly files: readonly number[];
  /** this process's */
  readonly parcels: Parcels;

  /**
   * @param onMessage what a child says
   * @param onDeath called once, when a child has gone before it should
   * @param onReady all are there and know one another
   */
  constructor(
    private readonly start: Omit<ChildStart, 'index' | 'folder'>,
    private readonly on: { message(child: number, message: Received): void; death(error: ChildDeath): void; ready(): void },
  ) {
    const count = start.parallelism - 1;
    this.files = openParcelFiles(start.parallelism);
    this.parcels = new Parcels((subtask) => this.files[subtask]!, 0);
    this.folder = count > 1 && !start.hasFronts ? mkdtempSync(join(tmpdir(), 'weir-')) : undefined;
    for (let index = 1; index <= count; index++) this.all.push(this.spawn(index));
  }

  /** Beside this process. */
  get count(): number {
    return this.all.length;
  }

  link(child: number): Link {
    return this.all[child - 1]!.link;
  }

  /** Ends all of them, and waits until they are gone. */
  async end(): Promise<void> {
    this.isEnding = true;
    for (const { process } of this.all) process.kill('SIGKILL');
    await Promise.all(this.all.map(({ gone }) => gone));
    this.files.forEach((fd) => closeSync(fd));
    this.removeFolder();
  }

  private spawn(index: number): Child {
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', ...this.files],
      env: this.environment(index),
    });
    const link = new Link(child.stdio[LINK_FD] as Socket, this.parcels, (message) => this.arrived(index, message), () => {});
    const gone = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        this.died(index, child.pid, code, signal);
        resolve();
      });
      child.once('error', (error) => {
        this.died(index, child.pid, null, error.message);
        resolve();
      });
    });
    link.sendBytes(Message.start, 0, serialize({ ...this.start, index, folder: this.folder }));
    return { process: child, link, gone };
  }

  /** Certificates that node would read at its start, which takes as long as the start itself, are for user code only. */
  private environment(index: number): NodeJS.ProcessEnv {
    const certificates = this.start.hasUserCode ? {} : { NODE_EXTRA_CA_CERTS: '' };
    return { ...process.env, ...certificates, WEIR_CHILD: String(index) };
  }

  private arrived(child: number, message: Received): void {
    if (message.kind !== Message.ready) {
      this.on.message(child, message);
      return;
    }
    message.content.free();
    const there = ++this.phases[message.block]!;
    if (there < this.all.length) return;
    if (message.block === 1) for (const { link } of this.all) link.sendBytes(Message.connect, 0, Buffer.alloc(0));
    else this.allReady();
  }

  private allReady(): void {
    this.removeFolder();
    this.on.ready();
  }

  private removeFolder(): void {
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private died(index: number, pid: number | undefined, code: number | null, signal: string | null): void {
    if (this.isEnding) return;
    this.isEnding = true;
    const how = signal === null ? `ended with code ${code}` : signal === 'SIGKILL' ? 'was killed (SIGKILL)' : `was ended by ${signal}`;
    const help = signal === 'SIGKILL' ? 'if nobody killed it, memory ran out: a lower -p needs less' : 'please report it with the command and, if you can, the input';
    this.on.death(new ChildDeath(`child ${index} of ${this.all.length} (pid ${pid}) ${how}`, help));
  }
}
