// in: nothing
// out: how we write to the terminal, and in which colours

import { isatty } from 'node:tty';
import { Chalk, type ChalkInstance } from 'chalk';
import { writeAll } from '../sinks/byte-sink.ts';

const STDERR = 2;

/** Writes to stdout all at once, whatever it is. Throws ClosedPipe. */
export function print(text: string): void {
  writeAll(1, Buffer.from(text), 'stdout');
}

/** Writes to stderr; if nobody can read it there is no one to tell. */
export function complain(text: string): void {
  try {
    writeAll(STDERR, Buffer.from(text), 'stderr');
  } catch {
    // stderr is closed.
  }
}

/** Colours for a stream: where the words ask for them, or where it is a terminal and nothing speaks against it. */
export function colours(fd: 1 | 2, when: 'auto' | 'always' | 'never'): ChalkInstance {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const auto = NO_COLOR ? false : FORCE_COLOR ? FORCE_COLOR !== '0' : isatty(fd) && TERM !== 'dumb';
  return new Chalk({ level: when === 'always' || (when === 'auto' && auto) ? 1 : 0 });
}

/** What --color says among words that may not be right otherwise. */
export function colourWish(words: readonly string[]): 'auto' | 'always' | 'never' {
  const at = words.findLastIndex((word) => word === '--color' || word.startsWith('--color='));
  if (at < 0) return 'auto';
  const wish = words[at] === '--color' ? words[at + 1] : words[at]!.slice('--color='.length);
  return wish === 'never' || wish === 'auto' ? wish : 'always';
}
