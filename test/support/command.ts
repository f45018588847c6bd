// in: a shell command with `weir` in it
// out: what it prints, run in a folder of its own

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** A folder where `weir` is the command of this build. Remove it when done. */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'weir-test-'));
  private readonly path = mkdtempSync(join(tmpdir(), 'weir-path-'));

  constructor() {
    symlinkSync(resolve('bin/weir.js'), join(this.path, 'weir'));
  }

  run(command: string, input = ''): Result {
    const env = { ...process.env, PATH: `${this.path}:${process.env['PATH']}`, NO_COLOR: '1', FORCE_COLOR: '' };
    const { stdout, stderr, status } = spawnSync('bash', ['-c', command], { cwd: this.folder, env, input, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60_000 });
    return { stdout, stderr, exit: status ?? -1 };
  }

  remove(): void {
    for (const folder of [this.folder, this.path]) rmSync(folder, { recursive: true, force: true });
  }
}
