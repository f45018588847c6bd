// in: src/
// out: dist/cli/main.js (one bundle, with V8's code cache beside it), dist/library.* (what programs import), .test-build/ (tests), as `npm run build` and `npm test` use them
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import esbuild from 'esbuild';
import { typesOf } from './types.mjs';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);

/** Compiles the kernels to WebAssembly, if one of their files is newer than the last result. */
function buildKernels() {
  const out = 'dist/kernels.wasm';
  const folder = 'src/wasm/assembly';
  const newest = Math.max(...readdirSync(folder).map((f) => statSync(join(folder, f)).mtimeMs));
  if (existsSync(out) && statSync(out).mtimeMs > newest) return;
  mkdirSync('dist', { recursive: true });
  const flags = '-O3 --enable simd --runtime stub --importMemory --initialMemory 32 --maximumMemory 65536 --noAssert --converge';
  execFileSync('node_modules/.bin/asc', [join(folder, 'index.ts'), '-o', out, ...flags.split(' ')], { stdio: 'inherit' });
}

/** The thread that has a database of state is a program of its own, which the bundles hold as text. */
async function buildThread() {
  await esbuild.build({ bundle: true, platform: 'node', target: 'node20', format: 'cjs', minify: true, external: ['level'], entryPoints: ['src/state/level/thread.ts'], outfile: 'dist/level-thread.txt', logLevel: 'warning' });
}

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['level', 'esbuild', 'typescript'],
  loader: { '.wasm': 'binary', '.txt': 'text' },
  alias: { '#kernels.wasm': join(root, 'dist/kernels.wasm'), '#level-thread.txt': join(root, 'dist/level-thread.txt') },
  logLevel: 'warning',
  define: { WEIR_VERSION: JSON.stringify(JSON.parse(readFileSync('package.json', 'utf8')).version) },
};

async function buildMain() {
  await esbuild.build({ ...common, minify: true, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli/main.js' });
  const wrapped = `(function (exports, require, module, __filename, __dirname, importModule) {${readFileSync('dist/cli/main.js', 'utf8')}\n})`;
  writeFileSync('dist/cli/main.js', wrapped);
  rmSync('dist/cli/main.cache', { force: true });
  execFileSync(process.execPath, ['bin/warm.js'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** What `import 'weir'` and `require('weir')` give. */
async function buildLibrary() {
  await esbuild.build({ ...common, entryPoints: ['src/library/index.ts'], outfile: 'dist/library.cjs' });
  const names = ['RecordError', 'UsageError', 'WeirError', 'parse', 'pipeline'];
  writeFileSync('dist/library.mjs', `import library from './library.cjs';\nexport const { ${names.join(', ')} } = library;\n`);
  const stages = JSON.parse(execFileSync(process.execPath, ['bin/weir.js', 'help', '--json'], { encoding: 'utf8' })).stages;
  const types = typesOf(stages);
  for (const file of ['dist/library.d.ts', 'dist/library.d.mts']) writeFileSync(file, types);
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) => {
    const path = join(folder, e.name);
    if (e.isDirectory()) return e.name === 'cases' ? [] : testFiles(path);
    return e.name.endsWith('.test.ts') ? [path] : [];
  });
}

async function buildTests() {
  rmSync('.test-build', { recursive: true, force: true });
  await esbuild.build({ ...common, entryPoints: testFiles('test'), outdir: '.test-build', outbase: 'test', outExtension: { '.js': '.cjs' }, sourcemap: 'inline' });
}

buildKernels();
await buildThread();
if (existsSync('src/cli/main.ts')) await buildMain();
if (existsSync('src/library/index.ts')) await buildLibrary();
if (process.argv.includes('--tests')) await buildTests();
