// in: the FILEs of a job
// out: their bytes, one input after the other, each of whole NDJSON lines

import { fstatSync, open, type Stats, statSync } from 'node:fs';
import { isatty } from 'node:tty';
import { UsageError } from '../model/errors.ts';
import { inputError } from './failure.ts';
import { FileReader } from './file.ts';
import { FollowInput } from './follow/input.ts';
import { FormatReader } from './formats/reader.ts';
import { GunzipReader } from './gzip.ts';
import { type Chunks, IterableReader } from './iterable.ts';
import { PipeReader } from './pipe.ts';
import { type ByteReader, NewlineReader, PrefixReader } from './reader.ts';
import { firstLine, type Input, type InputRules } from './rules.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

export type { Input, InputRules } from './rules.ts';

/**
 * Inputs in the order of the files, none of which means stdin; files that are followed are one input.
 * Throws WeirError at once for a file that cannot be there, UsageError if stdin is a terminal that nobody asked for.
 */
export function openInputs(files: readonly string[], rules: InputRules): Input[] {
  if (files.length === 0) refuseTerminal();
  const names = files.length === 0 ? ['-'] : files.map((f) => (f === '/dev/stdin' ? '-' : f));
  if (rules.follow && !isPipe(names)) return [follow(names, rules)];
  names.forEach(check);
  return names.map((file) => {
    const name = file === '-' ? 'stdin' : file;
    return new LazyInput(name, rules, () => openRaw(file, name));
  });
}

/** An input that a program yields. */
export function iterableInput(chunks: Chunks, rules: InputRules): Input {
  return new LazyInput('input', rules, () => Promise.resolve(new IterableReader(chunks)));
}

/** What is written to a pipe comes out of it as it is written: there is nothing to follow. */
function isPipe(names: readonly string[]): boolean {
  const stat = names.length > 1 ? undefined : names[0] === '-' ? fstatSync(0) : existing(names[0]!);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

function follow(names: readonly string[], rules: InputRules): Input {
  for (const name of new Set(names)) {
    if (name === '-') throw new UsageError('stdin cannot be followed: it has no name', 'name the FILE behind the last stage, or leave -F out');
    if (existing(name)) check(name);
  }
  return new FollowInput([...new Set(names)], rules);
}

function existing(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}

function refuseTerminal(): void {
  if (isatty(0)) throw new UsageError('no input: stdin is a terminal', 'name a FILE behind the last stage, pipe something in (… | weir …), or name - to type records here');
}

/** Throws for a file that is missing or a directory, so that nothing is printed before. */
function check(file: string): void {
  try {
    if (file !== '-' && statSync(file).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (error) {
    throw inputError(error, file);
  }
}

class LazyInput implements Input {
  readonly firstLine: number;
  private reader: ByteReader | undefined;

  constructor(
    readonly name: string,
    private readonly rules: InputRules,
    private readonly openBytes: () => Promise<ByteReader>,
  ) {
    this.firstLine = firstLine(rules.format);
  }

  async read(into: Buffer, offset: number, length: number): Promise<number> {
    this.reader ??= await this.open();
    return this.reader.read(into, offset, length);
  }

  async close(): Promise<void> {
    await this.reader?.close();
  }

  private async open(): Promise<ByteReader> {
    const packed = await peek(await this.openBytes(), GZIP);
    const bytes = packed.starts ? await peek(new GunzipReader(packed.all, this.name), BOM) : packed.isEmpty ? packed : await peek(packed.all, BOM);
    const lines = new NewlineReader(bytes.starts ? bytes.rest : bytes.all);
    const { format, onBadLine } = this.rules;
    return format.kind === 'json' ? lines : new FormatReader(lines, format, this.name, onBadLine);
  }
}

interface Peeked {
  readonly starts: boolean;
  readonly isEmpty: boolean;
  /** everything */
  readonly all: ByteReader;
  /** what comes behind the bytes that were looked at */
  readonly rest: ByteReader;
}

/** Whether the input starts with these bytes. Reads no further than it must to know. */
async function peek(reader: ByteReader, magic: Buffer): Promise<Peeked> {
  const first = Buffer.alloc(magic.length);
  let n = 0;
  for (let got = 1; got > 0 && n < magic.length && magic.compare(first, 0, n, 0, n) === 0; n += got) got = await reader.read(first, n, magic.length - n);
  return { starts: magic.equals(first), isEmpty: n === 0, all: new PrefixReader(first.subarray(0, n), reader), rest: reader };
}

async function openRaw(file: string, name: string): Promise<ByteReader> {
  if (file === '-') return readerOf(0, name);
  const fd = await new Promise<number>((resolve, reject) => open(file, 'r', (error, fd) => (error ? reject(inputError(error, name)) : resolve(fd))));
  return readerOf(fd, name);
}

function readerOf(fd: number, name: string): ByteReader {
  const stat: Stats = fstatSync(fd);
  if (isatty(fd)) return new PipeReader(fd, true, name);
  return stat.isFIFO() || stat.isSocket() ? new PipeReader(fd, false, name) : new FileReader(fd, name);
}
