// in: what a page of help says, as data
// out: its text, wrapped and aligned by commander's helper

import type { ChalkInstance } from 'chalk';
import { Help } from 'commander';
import type { ArgumentSpec, Example, OptionSpec } from '../model/stage.ts';
import { spell } from '../plan/usage.ts';

export type Item = readonly [term: string, description: string];

/** Builds a page from top to bottom. */
export class Page {
  private text = '';
  private readonly helper = new Help();

  constructor(
    width: number,
    private readonly colour: ChalkInstance,
  ) {
    this.helper.helpWidth = width;
  }

  title(name: string, summary: string): this {
    return this.add(`${this.colour.bold(name)}: ${summary}\n`);
  }

  heading(text: string): this {
    return this.add(`\n${this.colour.bold(text)}\n`);
  }

  /** Lines as they are, indented. */
  lines(lines: readonly string[]): this {
    return this.add(lines.map((line) => (line === '' ? '\n' : `  ${line}\n`)).join(''));
  }

  paragraphs(texts: readonly string[]): this {
    const wrapped = texts.map((text) => this.helper.boxWrap(text, this.helper.helpWidth! - 2).split('\n'));
    return this.lines(wrapped.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines])));
  }

  items(items: readonly Item[]): this {
    const width = Math.min(30, Math.max(...items.map(([term]) => term.length)));
    return this.add(items.map(([term, text]) => `${this.item(term, text, width)}\n`).join(''));
  }

  examples(examples: readonly Example[]): this {
    for (const [i, example] of examples.entries()) this.lines([...(i === 0 ? [] : ['']), ...this.example(example)]);
    return this;
  }

  toString(): string {
    return this.text;
  }

  private item(term: string, text: string, width: number): string {
    if (term.length <= width) return this.helper.formatItem(term, width, text, this.helper);
    return `  ${term}\n${this.helper.formatItem('', width, text, this.helper)}`;
  }

  private example({ note, command, input, output }: Example): string[] {
    const given = input === undefined ? [] : input.split('\n');
    const remark = this.colour.dim(`# ${note}${input === undefined ? '' : '. Input:'}`);
    return [remark, ...given, `${this.colour.dim('$')} ${this.colour.green(command)}`, ...output.split('\n')];
  }

  private add(text: string): this {
    this.text += text;
    return this;
  }
}

export function optionItem(option: OptionSpec): Item {
  const indent = option.short ? '' : '    ';
  return [indent + spell(option), option.help + (option.default === undefined ? '' : ` (${option.default})`)];
}

export function argumentItem(argument: ArgumentSpec): Item {
  return [argument.name, argument.help];
}
