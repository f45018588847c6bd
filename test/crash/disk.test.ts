// in: a directory of snapshots on a disk that is full, or cannot be written
// out: an error that names it; the last snapshot stays good, and the same command goes on when there is room again

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { JobFolder } from './folder.ts';

const mount = (...args: string[]) => spawnSync('mount', args, { encoding: 'utf8' });

test('a disk that is full, then cannot be written, then can', async (t) => {
  const folder = new JobFolder({ name: '', line: '', outputs: [] });
  const disk = join(folder.path, 'disk');
  mkdirSync(disk);
  const { status, stderr: reason } = mount('-t', 'tmpfs', '-o', 'size=1m', 'weir', disk);
  t.after(() => {
    if (status === 0) spawnSync('umount', [disk]);
    folder.remove();
  });
  if (status !== 0) {
    t.skip(`a small disk cannot be mounted here: ${reason.trim()}`);
    return;
  }
  const weir = `${process.execPath} ${process.cwd()}/bin/weir.js`;
  const job = (rest: string) => folder.shell(`${weir} -q agg 'n = count()' --by k -o out ${rest} in`, {});
  const onDisk = '--snapshots disk/state --every 5ms --eof keep';
  const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `{"k":"some longer key, ${from + i}"}\n`).join('');

  writeFileSync(join(folder.path, 'in'), rows(0, 100));
  assert.equal((await job(onDisk)).exit, 0);
  const [before] = readdirSync(join(disk, 'state')).toReversed();
  writeFileSync(join(folder.path, 'in'), rows(0, 100) + rows(50, 60_000));

  const full = await job(onDisk);
  assert.equal(full.exit, 1, full.stderr);
  assert.match(full.stderr, /snapshots in disk\/state: the disk is full\n.*make room/);
  const verified = await folder.shell(`${weir} snapshot verify disk/state >&2`, {});
  assert.equal(verified.exit, 0, verified.stderr);
  assert.deepEqual(readdirSync(join(disk, 'state')).filter((name) => name.startsWith('.')), []);
  assert.ok(readdirSync(join(disk, 'state')).some((name) => name >= before!));

  assert.equal(mount('-o', 'remount,ro', disk).status, 0);
  const locked = await job(onDisk);
  assert.deepEqual([locked.exit, /snapshots in disk\/state: is on a disk that cannot be written/.test(locked.stderr)], [1, true], locked.stderr);

  assert.equal(mount('-o', 'remount,rw,size=32m', disk).status, 0);
  const roomy = await job('--snapshots disk/state --every 5ms');
  assert.equal(roomy.exit, 0, roomy.stderr);
  const resumed = readFileSync(join(folder.path, 'out'), 'utf8');
  assert.equal((await job('')).exit, 0);
  assert.ok(resumed === readFileSync(join(folder.path, 'out'), 'utf8'), 'not the output of a run in one go');
});
