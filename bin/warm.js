// in: dist/cli/main.js
// out: dist/cli/main.cache: V8's code of all that an ordinary job runs, so that starting one compiles next to nothing
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Script } = require('node:vm');

const file = join(__dirname, '..', 'dist', 'cli', 'main.js');
const script = new Script(readFileSync(file, 'utf8'), { filename: file });
const folder = mkdtempSync(join(tmpdir(), 'weir-warm-'));
const input = join(folder, 'input.ndjson');
writeFileSync(input, '{"ts":1000,"k":"a","x":1.5}\n{"ts":2000,"k":"b","x":2}\n');
process.argv.splice(1, Infinity, file, '--time', 'ts', 'filter', 'x > 0', 'then', 'tumble', '10s', 'n = count(), s = sum(x)', '--by', 'k', input);
process.on('exit', () => {
  rmSync(folder, { recursive: true });
  writeFileSync(file.replace(/js$/, 'cache'), script.createCachedData());
});
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, require, module_, file, join(file, '..'), (specifier) => import(specifier));
