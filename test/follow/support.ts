// in: a folder of its own, and files that are followed in it
// out: what comes of them, awaited line by line

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseFormat } from '../../src/model/format.ts';
import { FollowInput, type FollowPositions } from '../../src/sources/follow/input.ts';

export const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A folder that is removed by `remove`. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'weir-follow-'));

  file(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Lines as they come, from anywhere. */
export class Lines {
  readonly all: string[] = [];
  private wake: (() => void) | undefined;
  private rest = '';

  add(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    this.all.push(...lines);
    this.wake?.();
  }

  /** Until there are so many. Throws after a while. */
  async until(count: number, ms = 8000): Promise<string[]> {
    const end = performance.now() + ms;
    while (this.all.length < count) {
      if (performance.now() > end) throw new Error(`${this.all.length} lines came instead of ${count}: ${this.all.slice(-3).join(' ')}`);
      await Promise.race([pause(50), new Promise<void>((resolve) => (this.wake = resolve))]);
    }
    return this.all;
  }
}

/** An input that is read all the time. */
export class Reading {
  readonly lines = new Lines();
  readonly told: string[] = [];
  /** reads, as texts */
  readonly reads: string[] = [];
  readonly input: FollowInput;
  private readonly done: Promise<void>;
  failure: unknown;

  constructor(files: readonly string[], { from, format = 'json', size = 1 << 16 }: { from?: FollowPositions; format?: string; size?: number } = {}) {
    const tell = (text: string) => void this.told.push(text);
    this.input = new FollowInput(files, { format: parseFormat(format), note: tell, warn: (text) => tell(`warning: ${text}`) }, from);
    this.done = this.loop(Buffer.alloc(size));
  }

  /** Ends it; gives how far it came. */
  async stop(): Promise<FollowPositions> {
    await this.input.close();
    await this.done;
    if (this.failure) throw this.failure;
    return this.input.position();
  }

  private async loop(into: Buffer): Promise<void> {
    try {
      for (;;) {
        const n = await this.input.read(into, 0, into.length);
        if (n === 0) return;
        this.reads.push(into.toString('latin1', 0, n));
        this.lines.add(into.toString('utf8', 0, n));
      }
    } catch (error) {
      this.failure = error;
    }
  }
}

/** The command, with what it has printed so far. */
export class Command {
  readonly lines = new Lines();
  stderr = '';
  readonly exit: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(args: readonly string[], folder: string) {
    this.child = spawn(process.execPath, [resolve('bin/weir.js'), ...args], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdout!.on('data', (text: Buffer) => this.lines.add(text.toString()));
    this.child.stderr!.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.exit = new Promise((done) => this.child.on('close', (code) => done(code)));
  }

  send(text: string): void {
    this.child.stdin!.write(text);
  }

  endInput(): void {
    this.child.stdin!.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
