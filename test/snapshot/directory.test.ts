// in: snapshots that were torn, cut, changed in a bit, or lost a file
// out: none of them is ever read: the one before is, and if there is none, nothing

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { WeirError } from '../../src/model/errors.ts';
import { SnapshotDirectory } from '../../src/snapshot/directory.ts';
import { FORMAT, type Manifest, manifestText } from '../../src/snapshot/manifest.ts';
import type { StateColumns } from '../../src/model/state.ts';
import { entriesOf } from '../../src/snapshot/sections.ts';
import { type OperatorState, writeState } from '../../src/snapshot/states.ts';

const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'weir-snapshots-'));
after(() => rmSync(root, { recursive: true, force: true }));

const path = join(root, 'dir');
const directory = new SnapshotDirectory(path);

/** Rows of two bytes under keys of two, of the last key group, as a kernel lays them out. */
const piece = (n: number): Uint8Array => {
  const head = new Uint32Array([n, 2, n * 2, 0, ...Array.from({ length: 128 }, (_, group) => (group === 127 ? n : 0)), ...Array.from({ length: n }, () => 2)]);
  return Buffer.concat([Buffer.from(head.buffer), Buffer.from('ab'.repeat(n)), Buffer.from('k\u0001'.repeat(n))]);
};

const columns = (n: number): StateColumns => {
  const each = Array.from({ length: n }, (_, i) => i);
  return { name: 'rows', keys: each.map((i) => `k${i}`), groups: each.map((i) => i % 3), values: each.map((i) => ({ n: i })) };
};

const operators = (n: number): OperatorState[] => [
  { operator: '1', wholes: [{ name: 'now', value: -Infinity }], slices: () => [{ name: 'groups', of: [1, -Infinity], bytes: piece(n) }, columns(n), { ...columns(1), name: 'more' }] },
  { operator: '2.right.1', wholes: [{ name: 'rows', value: [1, 'x'] }], slices: () => [] },
];

function publish(n: number, savepoint = false) {
  return directory.publish(async (folder) => {
    const file = await writeState(folder, 0, operators(n));
    return { format: FORMAT, weir: '0', taken: 'now', occasion: 'running', fingerprint: 'f', pipeline: ['', 'head 1'], inputs: [], outputs: {}, summary: { n }, files: [file] };
  }, savepoint);
}

beforeEach(async () => {
  rmSync(path, { recursive: true, force: true });
  await directory.make();
});

const refusing = async () => {
  const refused: string[] = [];
  const found = await directory.newest((id, reason) => refused.push(`${id}: ${reason}`));
  return { id: found?.id, refused };
};

test('what was written comes back, of wanted key groups', async () => {
  const snapshot = await publish(10);
  assert.deepEqual((await directory.read(snapshot.id)).manifest.summary, { n: 10 });
  const all = directory.states(snapshot);
  assert.deepEqual([...all].map(([operator, { wholes }]) => ({ operator, wholes })), operators(10).map(({ operator, wholes }) => ({ operator, wholes })));
  const [first] = all.get('1')!.slices('groups');
  assert.ok(first && 'bytes' in first);
  assert.deepEqual([first.of, Buffer.from(first.bytes)], [[1, -Infinity], piece(10)]);
  assert.deepEqual([...entriesOf(first)][3], { name: 'groups', key: 'k\u0001', group: 127, value: [[1, -Infinity], 'ab'] });
  const [rows] = all.get('1')!.slices('rows') as Iterable<StateColumns>;
  const byGroup = columns(10).keys.toSorted((a, b) => Number(a.slice(1)) % 3 - Number(b.slice(1)) % 3);
  assert.deepEqual([rows!.keys, rows!.values[1]], [byGroup, { n: 3 }]);
  const some = directory.states(snapshot, new Set([1]));
  const [wanted] = some.get('1')!.slices('rows') as Iterable<StateColumns>;
  assert.deepEqual(wanted!.keys, ['k1', 'k4', 'k7']);
  assert.equal(some.get('1')!.wholes.length, 1);
  assert.equal([...all.get('1')!.slices()].length, 3);
});

test('old ones go, savepoints stay', async () => {
  await publish(1);
  await publish(1, true);
  for (let i = 0; i < 3; i++) await publish(1);
  await directory.prune(2);
  assert.deepEqual(await directory.ids(), ['00000002-savepoint', '00000004', '00000005']);
  await directory.prune(2, new Set(['00000005']));
  assert.deepEqual(await directory.ids(), ['00000002-savepoint', '00000004']);
  await publish(1);
  await directory.prune(1, new Set(), '00000004');
  assert.deepEqual(await directory.ids(), ['00000002-savepoint', '00000004', '00000005']);
});

test('nothing is there, or nothing that is a snapshot', async () => {
  mkdirSync(join(path, 'photos'));
  mkdirSync(join(path, '.new-00000001'));
  assert.deepEqual(await refusing(), { id: undefined, refused: [] });
  await directory.tidy();
  assert.deepEqual(readdirSync(path), ['photos']);
});

describe('a damaged one', () => {
  for (const name of ['manifest.json', 'state-0.bin']) {
    test(`any bit of ${name}`, async () => {
      await publish(2);
      const { id } = await publish(2);
      const file = join(path, id, name);
      const whole = readFileSync(file);
      for (let at = 0; at < whole.length; at++) {
        const flipped = Buffer.from(whole);
        flipped[at]! ^= 1 << (at % 8);
        writeFileSync(file, flipped);
        const { id: taken, refused } = await refusing();
        assert.equal(taken, '00000001', `bit of byte ${at}`);
        assert.equal(refused.length, 1);
        assert.ok(refused[0]!.startsWith('00000002: '));
      }
    });

    test(`any length of ${name}, or none`, async () => {
      await publish(2);
      const { id } = await publish(2);
      const file = join(path, id, name);
      for (let length = readFileSync(file).length - 1; length >= 0; length -= 7) {
        truncateSync(file, length);
        assert.equal((await refusing()).id, '00000001', `${length} bytes`);
      }
      rmSync(file);
      assert.match((await refusing()).refused[0]!, /00000002: it has no manifest|00000002: its file state-0.bin is missing/);
    });
  }

  test('all of them', async () => {
    const { id } = await publish(2);
    rmSync(join(path, id, 'state-0.bin'));
    await assert.rejects(refusing(), (error) => error instanceof WeirError && error.exit === 3 && /--fresh/.test(error.help!));
  });
});

test('another format is refused, never read', async () => {
  const { id, manifest } = await publish(1);
  await publish(1);
  writeFileSync(join(path, '00000002', 'manifest.json'), manifestText({ ...(manifest as Manifest), format: 7, weir: '9.9' }));
  await assert.rejects(refusing(), (error) => error instanceof WeirError && error.exit === 3 && /format 7, written by weir 9.9/.test(error.message));
  assert.ok(id);
});
