// in: a weir command line
// out: what the reference engine makes of it: stdout, files, exit code. For debugging:
//      npx esbuild test/reference/cli.ts --bundle --platform=node --outfile=.test-build/reference.cjs && node .test-build/reference.cjs filter 'x > 1' input.ndjson

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { runReference } from './engine.ts';

/** Any word may name a file. */
function filesOf(words: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const word of words) if (existsSync(word) && statSync(word).isFile()) found[word] = read(word);
  if (!Object.keys(found).length || words.includes('-')) found['-'] = read(0);
  return found;
}

function read(file: string | 0): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
}

const words = process.argv.slice(2);
const { stdout, files, exit, message } = runReference(words, filesOf(words));
for (const [name, text] of Object.entries(files)) writeFileSync(name, text);
process.stdout.write(stdout);
if (message) process.stderr.write(`reference: ${message}\n`);
process.exitCode = exit;
