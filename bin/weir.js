#!/usr/bin/env node
// in: the command line
// out: dist/cli/main.js started with V8's code cache, so that a start costs little more than node's own
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

if (process.argv.length === 3 && process.argv[2] === '--version') {
  process.stdout.write(`weir ${require('../package.json').version}\n`);
} else {
  const file = join(__dirname, '..', 'dist', 'cli', 'main.js');
  let cachedData;
  try {
    cachedData = readFileSync(file.replace(/js$/, 'cache'));
  } catch {
    // Without a cache it only starts more slowly.
  }
  const script = new Script(readFileSync(file, 'utf8'), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, join(file, '..'), (specifier) => import(specifier));
}
