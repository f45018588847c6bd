// in: what a program yields
// out: an input of it, read once from its start

import { WeirError } from '../model/errors.ts';
import { FormatReader } from './formats/reader.ts';
import { type Chunks, IterableReader } from './iterable.ts';
import { unpack } from './open.ts';
import type { FileIdentity, InputPosition } from './position.ts';
import { type ByteReader, NewlineReader } from './reader.ts';
import { type BadInputLine, firstLine, type Input, type InputRules } from './rules.ts';

/** Nobody can go on in the middle of it, so it has no place to tell. */
export class IterableInput implements Input {
  readonly name = 'input';
  readonly firstLine: number;
  readonly kind = 'pipe';
  readonly identity: FileIdentity = { device: '', inode: '' };
  readonly isSeekable = false;
  private reader: ByteReader | undefined;

  constructor(
    private readonly chunks: Chunks,
    private readonly rules: InputRules,
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

  badLines(): BadInputLine[] {
    return [];
  }

  mark(): InputPosition {
    return { kind: this.kind, identity: this.identity };
  }

  isAt(): boolean {
    return false;
  }

  size(): number {
    return 0;
  }

  resume(): Promise<number> {
    throw new WeirError('a source of a program cannot be gone on with');
  }

  private async open(): Promise<ByteReader> {
    const { bytes } = await unpack(new IterableReader(this.chunks), this.name);
    const { format, onBadLine } = this.rules;
    const lines = new NewlineReader(bytes);
    return format.kind === 'json' ? lines : new FormatReader(lines, format, this.name, onBadLine);
  }
}
