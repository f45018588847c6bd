// in: a weir command line
// out: what the reference engine makes of it: stdout, files, exit code. For debugging:
//      npx esbuild test/reference/cli.ts --bundle --platform=node --outfile=.test-build/reference.cjs && node .test-build/reference.cjs filter 'x > 1' input.ndjson

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { runReference } from './engine.ts';
import type { Files } from './point.ts';

/** Files are read when they are asked for. */
const files: Files = new Proxy({}, { get: (_, name) => (name === '-' ? read(0) : existsSync(String(name)) ? read(String(name)) : undefined) });

function read(file: string | 0): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
}

const { stdout, files: written, exit, message } = runReference(process.argv.slice(2), files);
for (const [name, text] of Object.entries(written)) writeFileSync(name, text);
process.stdout.write(stdout);
if (message) process.stderr.write(`reference: ${message}\n`);
process.exitCode = exit;
