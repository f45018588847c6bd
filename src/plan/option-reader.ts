// in: words, and tables of the options that may stand among them
// out: the words that are no options, one by one; the options where they belong

import type { OptionSpec } from '../model/stage.ts';
import { didYouMean } from '../model/suggest.ts';
import { type Word, wrongWord } from './shell.ts';
import { isClosed, takesAttachedOnly } from './usage.ts';

export type OptionValues = Record<string, string | true | readonly string[] | undefined>;

/** A table of options, and where their values go. */
export interface OptionScope {
  readonly specs: readonly OptionSpec[];
  readonly into: OptionValues;
}

interface Found {
  readonly spec: OptionSpec;
  readonly into: OptionValues;
}

/** Reads words from left to right. Of two scopes that know an option, the first has it. */
export class OptionReader {
  private at = 0;
  private ended = false;
  constructor(
    private readonly words: readonly Word[],
    public scopes: readonly OptionScope[],
    /** said of an option that nobody knows */
    public unknownHelp = '`weir --help` lists the options',
  ) {}

  /** Words that have been taken. */
  get taken(): number {
    return this.at;
  }

  /**
   * The next word that is no option; the options before it go where they belong.
   * `argument`: an argument of a stage is still missing, so that `-price` or `-5m` is one, unless it is just the letters of options.
   */
  next(argument = false): Word | undefined {
    for (; this.at < this.words.length; ) {
      const word = this.words[this.at++]!;
      if (this.ended || word.value === '-' || !word.value.startsWith('-')) return word;
      if (word.value === '--') this.ended = true;
      else if (word.value.startsWith('--')) this.long(word);
      else if (argument && !this.isShort(word.value)) return word;
      else this.short(word);
    }
    return undefined;
  }

  private long(word: Word): void {
    const equals = word.value.indexOf('=');
    const name = word.value.slice(2, equals < 0 ? undefined : equals);
    const found = this.find((spec) => spec.name === name);
    if (!found) throw wrongWord(word, `unknown option '--${name}'`, didYouMean(`--${name}`, this.known()) ?? this.unknownHelp);
    this.set(found, word, equals < 0 ? undefined : word.value.slice(equals + 1));
  }

  /** `-q`, `-qv`, `-p 4`, `-p4`, `-o FILE`, `-vo FILE`. */
  private short(word: Word): void {
    for (let i = 1; i < word.value.length; i++) {
      const found = this.find((spec) => spec.short === word.value[i]);
      if (!found) throw this.unknownShort(word, word.value[i]!);
      const rest = word.value.slice(i + 1);
      const takesRest = found.spec.value !== undefined;
      this.set(found, word, takesRest && rest !== '' ? rest.replace(/^=/, '') : undefined);
      if (takesRest) return;
    }
  }

  private unknownShort(word: Word, letter: string) {
    const name = word.value.slice(1);
    const long = this.find((spec) => spec.name === name) ? `did you mean '--${name}'?` : undefined;
    return wrongWord(word, `unknown option '-${letter}'`, long ?? 'a word that starts with - and is no option goes behind --');
  }

  /** Nothing but letters of options, or one of them with a number, so certainly no argument. */
  private isShort(text: string): boolean {
    const letters = [...text.slice(1)];
    const specs = letters.map((letter) => this.find((spec) => spec.short === letter)?.spec);
    if (/^\d+$|^auto$/.test(text.slice(2))) return specs[0]?.value !== undefined;
    return specs.every((spec, i) => spec && (spec.value === undefined || i === letters.length - 1));
  }

  private set({ spec, into }: Found, word: Word, attached: string | undefined): void {
    if (spec.value === undefined) {
      if (attached !== undefined) throw wrongWord(word, `--${spec.name} takes no value`, 'leave out what is behind the =');
      into[spec.name] = true;
      return;
    }
    const value = attached ?? this.value(spec, word);
    if (value !== true && isClosed(spec) && !spec.choices!.includes(value)) {
      const help = didYouMean(value, spec.choices!) ?? `one of ${spec.choices!.join(', ')}`;
      throw wrongWord(word, `--${spec.name} does not know '${value}'`, help);
    }
    into[spec.name] = spec.repeat ? [...((into[spec.name] as string[]) ?? []), value as string] : value;
  }

  /** The next word, whatever it starts with, unless it is plainly another option. */
  private value(spec: OptionSpec, word: Word): string | true {
    const next = this.words[this.at];
    if (takesAttachedOnly(spec)) {
      if (!next || !spec.choices?.includes(next.value)) return true;
    } else if (!next || /^--[a-z]/.test(next.value)) {
      const help = next ? `${spec.value} is ${spec.help}; if you mean the word '${next.value}', write --${spec.name}=${next.value}` : `${spec.value}: ${spec.help}`;
      throw wrongWord(word, `--${spec.name} needs a value`, help);
    }
    this.at++;
    return next!.value;
  }

  private find(test: (spec: OptionSpec) => boolean): Found | undefined {
    for (const { specs, into } of this.scopes) {
      const spec = specs.find(test);
      if (spec) return { spec, into };
    }
    return undefined;
  }

  private known(): string[] {
    return this.scopes.flatMap(({ specs }) => specs.map((spec) => `--${spec.name}`));
  }
}
