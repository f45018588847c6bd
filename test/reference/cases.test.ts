// in: test/cases/STAGE/NAME/
// out: the reference gives what they expect, so that it and the cases, both written from the contract, say the same

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { type Result, runReference } from './engine.ts';

const ROOT = resolve('test/cases');
/** Stages of user code, which the reference does not run. */
const NOT_HERE = ['apply', 'process'];
/** Cases of what the reference leaves out: other formats, words that are checked before anything is read, and side tables without the time that they inherit. */
const LEFT_OUT = ['errors/hop-of-a-month-by-days', 'errors/join-right-option', 'errors/join-stdin-twice', 'errors/subtasks', 'errors/two-outputs-one-file', 'join/behind-join', 'join/lookup-untimed-pipeline', 'join/lookup-without-time'];
const UPDATE_NOTE = 'read what the contract says before either of them is changed';

/** The words of a command that is nothing but `weir …`, with quotes and no more of a shell; undefined: it is more than that. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  const word = /\s*((?:'[^']*'|"(?:[^"\\$`]|\\.)*"|[^\s'"\\|;&<>$`#()]+)+)\s*/y;
  while (word.lastIndex < line.length) {
    const found = word.exec(line);
    if (!found) return undefined;
    words.push(found[1]!.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"/g, (_, single, double) => single ?? double.replace(/\\(.)/g, '$1')));
  }
  return words[0] === 'weir' ? words.slice(1) : undefined;
}

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !/^(cmd|exit|stderr|expected.*)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function compare(folder: string, result: Result): void {
  const text = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  assert.equal(result.exit, Number(text('exit') || 0), `${result.message}; ${UPDATE_NOTE}`);
  if (result.exit === 0) assert.equal(result.stdout, text('expected.ndjson'), UPDATE_NOTE);
  for (const name of readdirSync(folder)) {
    const written = /^expected-(.+)$/.exec(name)?.[1];
    if (written) assert.equal(result.files[written] ?? '', text(name), `${written}; ${UPDATE_NOTE}`);
  }
}

for (const stage of readdirSync(ROOT).filter((name) => !NOT_HERE.includes(name))) {
  for (const name of readdirSync(join(ROOT, stage))) {
    const folder = join(ROOT, stage, name);
    const words = wordsOf(readFileSync(join(folder, 'cmd'), 'utf8').trim());
    if (words && !LEFT_OUT.includes(`${stage}/${name}`)) test(`${stage}/${name}`, () => compare(folder, runReference(words, filesOf(folder))));
  }
}
