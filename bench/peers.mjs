// in: the folder of the bench
// out: which peers are there, with their versions; DuckDB is installed into that folder, the others are left to the system
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DUCKDB = '@duckdb/node-api';

/** name → version of those that are wanted, or undefined where one cannot be had. */
export function findPeers(folder, wanted) {
  return new Map([...wanted].map((name) => [name, name === 'duckdb' ? duckdb(folder) : version(name)]));
}

function version(command) {
  try {
    return execFileSync(command, ['--version'], { encoding: 'utf8' }).match(/\d[\d.]*/)?.[0];
  } catch {
    return undefined;
  }
}

function duckdb(folder) {
  const manifest = join(folder, 'node_modules', DUCKDB, 'package.json');
  try {
    if (!existsSync(manifest)) install(folder);
    return JSON.parse(readFileSync(manifest, 'utf8')).version;
  } catch (error) {
    process.stderr.write(`${DUCKDB} could not be installed: ${error.message}\n`);
    return undefined;
  }
}

function install(folder) {
  process.stderr.write(`installing ${DUCKDB} for the bench …\n`);
  execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--no-fund', '--no-audit', '--loglevel=error', DUCKDB], { stdio: ['ignore', 'ignore', 'inherit'] });
}
