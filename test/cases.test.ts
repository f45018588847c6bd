// in: test/cases/STAGE/NAME/: cmd (a shell line), input.ndjson, and what must come of it
// out: expected.ndjson is stdout byte for byte, expected-X.ndjson the file X.ndjson, exit the exit code (0), each line of stderr a part of stderr
//      UPDATE_CASES=1 rewrites expected*.ndjson, which is then to be read

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';

const ROOT = resolve('test/cases');
const UPDATE = process.env['UPDATE_CASES'] === '1';
/** Starting a process is most of the work, so a few run at a time. */
const CONCURRENCY = 3;

interface Run {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a command `weir` for the PATH. */
function makeBin(): string {
  const bin = mkdtempSync(join(tmpdir(), 'weir-bin-'));
  writeFileSync(join(bin, 'weir'), `#!/bin/sh\nexec '${process.execPath}' '${resolve('bin/weir.js')}' "$@"\n`);
  chmodSync(join(bin, 'weir'), 0o755);
  return bin;
}

const bin = makeBin();
after(() => rmSync(bin, { recursive: true, force: true }));

/** Runs a shell line in a folder; nothing comes from stdin. */
function shell(line: string, folder: string): Promise<Run> {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` };
  return new Promise((done) => {
    const child = execFile('/bin/sh', ['-c', line], { cwd: folder, env, encoding: 'utf8', timeout: 60_000 }, (error, stdout, stderr) => {
      done({ exit: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
    child.stdin!.end();
  });
}

/** Runs `check` in a copy of a case's folder that holds only what the command reads. */
async function inCopy(folder: string, check: (copy: string) => Promise<void>): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'weir-case-'));
  try {
    for (const name of readdirSync(folder)) if (!/^(cmd|exit|stderr|expected.*)$/.test(name)) copyFileSync(join(folder, name), join(copy, name));
    await check(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

function compare(actual: string, file: string, what: string): void {
  if (UPDATE) writeFileSync(file, actual);
  assert.equal(actual, textOf(file), what);
}

function checkRun(folder: string, copy: string, run: Run): void {
  const exit = Number(textOf(join(folder, 'exit')) || 0);
  assert.equal(run.exit, exit, `exit code; stderr: ${run.stderr}`);
  for (const part of textOf(join(folder, 'stderr')).split('\n')) assert.ok(run.stderr.includes(part), `stderr has no '${part}': ${run.stderr}`);
  if (exit === 0 || existsSync(join(folder, 'expected.ndjson'))) compare(run.stdout, join(folder, 'expected.ndjson'), 'stdout');
  for (const name of readdirSync(folder)) {
    const written = /^expected-(.+)$/.exec(name)?.[1];
    if (written) compare(textOf(join(copy, written)), join(folder, name), written);
  }
}

function folders(root: string): string[] {
  return readdirSync(root)
    .map((name) => join(root, name))
    .filter((path) => statSync(path).isDirectory());
}

for (const stage of folders(ROOT)) {
  describe(stage.slice(ROOT.length + 1), { concurrency: CONCURRENCY }, () => {
    for (const folder of folders(stage)) {
      test(folder.slice(stage.length + 1), () =>
        inCopy(folder, async (copy) => {
          checkRun(folder, copy, await shell(readFileSync(join(folder, 'cmd'), 'utf8'), copy));
        }),
      );
    }
  });
}
