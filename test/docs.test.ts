// in: README.md, and the examples in the tables of stages and of help
// out: every command there runs and prints what is said
//
// In README.md a fence of `sh` is a command, and the next fence is its output; what cannot be run is fenced as `console`.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { examples } from '../src/cli/overview.ts';
import { stages } from '../src/operators/table.ts';
import { Shell } from './support/command.ts';

function lines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

describe('examples of help', () => {
  const all = [...examples.map((example) => ({ name: 'weir', example })), ...stages.flatMap(({ name, examples: own }) => own.map((example) => ({ name, example })))];
  for (const { name, example } of all) {
    test(`${name}: ${example.note}`, (t) => {
      const shell = new Shell();
      t.after(() => shell.remove());
      const result = shell.run(example.command, example.input === undefined ? '' : `${example.input}\n`);
      assert.deepEqual({ stderr: result.stderr, exit: result.exit, lines: lines(result.stdout) }, { stderr: '', exit: 0, lines: lines(example.output) });
    });
  }

  test('every stage has one', () => assert.deepEqual(stages.filter((s) => s.examples.length === 0).map((s) => s.name), []));
});

interface Fence {
  readonly language: string;
  readonly text: string;
}

function fences(markdown: string): Fence[] {
  return [...markdown.matchAll(/^```(\S*)[^\n]*\n([\s\S]*?)^```$/gm)].map((m) => ({ language: m[1]!, text: m[2]! }));
}

describe('README.md', { skip: !existsSync('README.md') }, () => {
  const shell = new Shell();
  after(() => shell.remove());
  const all = existsSync('README.md') ? fences(readFileSync('README.md', 'utf8')) : [];
  for (const [i, { language, text }] of all.entries()) {
    if (language !== 'sh') continue;
    const output = all[i + 1];
    test(lines(text)[0]!, () => {
      assert.ok(output && output.language !== 'sh', 'say what it prints in the next fence, or fence it as `console`');
      assert.deepEqual(lines(shell.run(text).stdout), lines(output.text));
    });
  }
});
