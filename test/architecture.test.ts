// in: src/
// out: the arrows of DESIGN.md section 10 hold: who may import whom, no cycles, each file says what goes in and out

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/** By room, the rooms that it may import beside itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  wasm: ['model'],
  scan: ['model', 'wasm'],
  expr: ['model'],
  state: ['model', 'wasm'],
  exchange: ['model', 'wasm'],
  snapshot: ['model'],
  sources: ['model'],
  sinks: ['model', 'wasm'],
  plan: ['model', 'expr'],
  operators: ['model', 'wasm', 'scan', 'expr', 'state'],
  runtime: ['model', 'wasm', 'scan', 'expr', 'state', 'exchange', 'snapshot', 'sources', 'sinks', 'plan', 'operators'],
  library: ['model', 'plan', 'operators', 'runtime', 'sources', 'sinks'],
  cli: ['model', 'plan', 'expr', 'operators', 'runtime', 'snapshot', 'sources', 'sinks'],
};

/** Packages that one room alone may use. */
const OWNED: Readonly<Record<string, string>> = { commander: 'cli', chalk: 'cli', acorn: 'expr', level: 'state' };

interface Source {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  /** paths of files under src/ */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : [];
  });
}

function read(path: string): Source {
  const text = readFileSync(join('src', path), 'utf8');
  const names = [...text.matchAll(/^\s*(?:import|export)\s[^'"`;]*?from\s+'([^']+)'|import\('([^']+)'\)|^import\s+'([^']+)'/gm)].map((m) => (m[1] ?? m[2] ?? m[3])!);
  const local = names.filter((name) => name.startsWith('.')).map((name) => normalize(join(dirname(path), name)));
  return { path, room: path.split('/')[0]!, text, imports: local, packages: names.filter((name) => !name.startsWith('.')) };
}

const sources = filesUnder('src').map((path) => read(path.slice('src/'.length)));
const byPath = new Map(sources.map((s) => [s.path, s]));

test('rooms import only the rooms below them', () => {
  const wrong = sources.flatMap(({ path, room, imports }) =>
    imports.filter((to) => to.split('/')[0] !== room && !ARROWS[room]?.includes(to.split('/')[0]!)).map((to) => `${path} → ${to}`),
  );
  assert.deepEqual(wrong, []);
});

test('packages stay in the rooms that own them, and only src/cli ends the process', () => {
  const borrowed = sources.flatMap(({ path, room, packages }) => packages.filter((name) => OWNED[name] && OWNED[name] !== room).map((name) => `${path} → ${name}`));
  assert.deepEqual(borrowed, []);
  const exits = sources.filter(({ room, text }) => room !== 'cli' && text.includes('process.exit'));
  assert.deepEqual(exits.map((s) => s.path), []);
});

test('no file imports itself by way of others', () => {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    assert.ok(!trail.includes(path), `a cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`);
    if (done.has(path)) return;
    for (const next of byPath.get(path)?.imports ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
});

test('every file says what goes in and what comes out', () => {
  const silent = sources.filter(({ text }) => !/^\/\/ in: .*\n\/\/ out: /.test(text));
  assert.deepEqual(silent.map((s) => s.path), []);
});

test('files are small', (t) => {
  const sizes = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 })).sort((a, b) => b.lines - a.lines);
  for (const { path, lines } of sizes.filter((s) => s.lines > 200)) t.diagnostic(`${lines} lines: src/${path}`);
  t.diagnostic(`${sizes.length} files, the median has ${sizes[sizes.length >> 1]!.lines} lines`);
  assert.ok(sizes.filter((s) => s.lines > 200).length <= sizes.length / 10, 'more than a tenth of all files have over 200 lines');
});
