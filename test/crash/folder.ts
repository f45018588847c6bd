// in: a job
// out: a folder of its own to run it in, again and again, and what it leaves there

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CrashJob, writeInputs } from './jobs.ts';

/** Syncing costs nothing in memory, and a kill does not need it. */
const ROOT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const LONGEST_MS = 20_000;

export interface Ended {
  /** 137: it was killed */
  readonly exit: number;
  readonly stderr: string;
}

export class JobFolder {
  readonly path = mkdtempSync(join(ROOT, 'weir-crash-'));

  constructor(readonly job: CrashJob) {
    writeInputs(this.path);
  }

  /** Runs the job once. @param kill ms after which it is killed from outside, or what it is killed behind */
  run(options: string, fault?: string, kill?: number | Promise<void>): Promise<Ended> {
    const weir = `${process.execPath} ${resolve('bin/weir.js')} --snapshots state ${options}`;
    return this.shell(this.job.line.replace(/\bWEIR\b/, weir), { WEIR_FAULT: fault, WEIR_BLOCK_BYTES: '300' }, kill);
  }

  /** A shell line; what it starts is one group of processes, which is killed as a whole. */
  shell(line: string, env: NodeJS.ProcessEnv, kill: number | Promise<void> = LONGEST_MS): Promise<Ended> {
    const merged = { ...process.env, ...env };
    for (const name of Object.keys(env)) if (env[name] === undefined) delete merged[name];
    return new Promise((done) => {
      const child = spawn('bash', ['-c', `set -o pipefail; ${line}`], { cwd: this.path, env: merged, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
      let isOver = false;
      const end = () => void (isOver || process.kill(-child.pid!, 'SIGKILL'));
      const timer = setTimeout(end, typeof kill === 'number' ? kill : LONGEST_MS);
      if (typeof kill !== 'number') kill.then(end, end);
      let stderr = '';
      child.stderr.on('data', (text) => (stderr += text));
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        isOver = true;
        done({ exit: signal === 'SIGKILL' ? 137 : (code ?? -1), stderr });
      });
    });
  }

  outputs(): string[] {
    return this.job.outputs.map((name) => (existsSync(join(this.path, name)) ? readFileSync(join(this.path, name), 'latin1') : ''));
  }

  /** Forgets all runs so far. */
  clear(): void {
    for (const name of ['state', ...this.job.outputs]) rmSync(join(this.path, name), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
