// in: the name of a user's module
// out: its default export, checked for what a stage calls

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../../model/errors.ts';
import type { StageCall } from '../../model/stage.ts';
import { moduleError, type ModuleName, text } from './failure.ts';

/** Given to the bundle of the command, which is a script and cannot import by itself; elsewhere there is no such thing. */
declare const importModule: ((specifier: string) => Promise<unknown>) | undefined;

/** The module of a stage's words; relative to the working directory. */
export function moduleName({ name, args, module }: StageCall): ModuleName {
  const file = args[0]!;
  return { stage: name, file, path: resolve(file), module };
}

/** Whether the module's text has such a word, so that it may mean it. */
export function mentions({ path }: ModuleName, word: RegExp): boolean {
  try {
    return word.test(readFileSync(path, 'utf8'));
  } catch {
    // Whoever loads it says what is wrong.
    return false;
  }
}

/** A module's default export. Throws UsageError where there is none to be had, ModuleError where the module itself throws. */
export async function loadDefault(name: ModuleName): Promise<unknown> {
  if (name.module !== undefined) return name.module;
  if (!existsSync(name.path)) throw new UsageError(`${name.stage}: ${name.file}: no such module`, 'name a JavaScript file; its path is relative to the working directory');
  const load = typeof importModule === 'function' ? importModule : (specifier: string) => import(specifier);
  let loaded: { default?: unknown };
  try {
    loaded = (await load(pathToFileURL(name.path).href)) as { default?: unknown };
  } catch (error) {
    throw loadError(error, name);
  }
  const found = loaded.default as { __esModule?: boolean; default?: unknown } | undefined;
  // A compiler that writes CommonJS puts the default export there.
  const value = found?.__esModule ? found.default : found;
  if (value === undefined) throw new UsageError(`${name.stage}: ${name.file}: the module has no default export`, `end it with \`export default …\`; \`weir help ${name.stage}\` shows one`);
  return value;
}

function loadError(error: unknown, name: ModuleName): Error {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof SyntaxError) return syntaxError(error, name);
  const where = `${name.stage}: ${name.file}`;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return new UsageError(`${where}: '${extname(name.file)}' is no JavaScript`, 'compile it first, such as: npx esbuild module.ts --outfile=module.mjs');
  if (code?.startsWith('ERR_')) return new UsageError(`${where}: ${message.replace(/ imported from .*/s, '')}`, 'what a module imports is looked for beside it, as node does');
  return moduleError(error, name, { text: 'while the module was loaded' });
}

/** Only node's own check says where it is. */
function syntaxError(error: SyntaxError, { stage, file, path }: ModuleName): UsageError {
  const { stderr = '' } = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8', timeout: 5000 });
  const line = /^.*:(\d+)\n/.exec(stderr)?.[1];
  const help = /Unexpected token 'export'|import statement outside/.test(error.message) ? 'an ES module is a file called .mjs, or .js where package.json says "type": "module"' : undefined;
  return new UsageError(`${stage}: ${file}${line === undefined ? '' : `:${line}`}: ${error.message}`, help);
}

const ASYNC = /^Async(Generator)?Function$/;

/** Takes the module's functions by name. Throws UsageError for what is no function, is async, or is missing though `needed`. */
export function checkFunctions(module: unknown, names: readonly string[], needed: readonly string[], name: ModuleName): void {
  const where = `${name.stage}: ${name.file}`;
  const help = `\`weir help ${name.stage}\` shows a module`;
  if (typeof module !== 'object' || module === null) throw new UsageError(`${where}: the default export is ${text(module)}, not an object with ${needed.join(' and ')}`, help);
  for (const key of names) {
    const member = (module as Record<string, unknown>)[key];
    if (member === undefined && !needed.includes(key)) continue;
    if (typeof member !== 'function') throw new UsageError(`${where}: ${member === undefined ? `the default export has no ${key}` : `${key} is no function`}`, help);
    refuseAsync(member, key, name);
  }
}

/** Throws UsageError for functions that cannot be done when they return. */
export function refuseAsync(member: unknown, called: string, { stage, file }: ModuleName): void {
  if (typeof member !== 'function' || !ASYNC.test(member.constructor.name)) return;
  throw new UsageError(`${stage}: ${file}: ${called} is async`, 'records are taken one at a time, in order: do it without await; what a module needs before the first record it may await at its top level');
}
