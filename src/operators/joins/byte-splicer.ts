// in: lines of a left and a right record in kernel memory
// out: the line of the record that joins them, where both are written plainly

import { memory } from '../../wasm/memory.ts';
import { ByteShapes, keepBytes, memberBytes, MOST_SHAPES, UNKNOWN } from './byte-shapes.ts';
import type { MemberNames } from './flat-plan.ts';
import type { Splicer } from './splicer.ts';

/** A record in kernel memory; a newline stands at `end`. */
export interface RecordBytes {
  at: number;
  end: number;
  /** as ByteShapes of its side tells it, or UNKNOWN */
  shape: number;
}

/** How records of two shapes are joined. */
export interface PairProgram {
  /** address of a program for the kernels */
  readonly at: number;
  /** bytes that the joined record has more than both together, at most */
  readonly extra: number;
}

/** See splice.ts of the kernels. */
const [DROPPED, NAMED, REST, WHOLE] = [0, 1, 2, 3];

/** Joins records by programs, one for each two shapes. */
export class ByteSplicer {
  private readonly left = new ByteShapes(true);
  private readonly right = new ByteShapes(false);
  /** by shapes; null: they have to be joined in another way */
  private readonly programs: (PairProgram | null | undefined)[] = [];

  constructor(private readonly splicer: Splicer) {}

  /** What joins two records; null: they have to be joined in another way. Tells the records their shapes. */
  programOf(left: RecordBytes, right: RecordBytes): PairProgram | null {
    if (left.shape === UNKNOWN) left.shape = this.left.of(left.at, left.end);
    if (right.shape === UNKNOWN) right.shape = this.right.of(right.at, right.end);
    if (left.shape < 0 || right.shape < 0) return null;
    const i = left.shape * MOST_SHAPES + right.shape;
    const known = this.programs[i];
    return known !== undefined ? known : (this.programs[i] = this.make(this.left.namesOf(left.shape), this.right.namesOf(right.shape)));
  }

  private make(left: readonly string[], right: readonly string[]): PairProgram | null {
    const made = this.splicer.plainNames(left, right);
    if (made === undefined) return null;
    return typeof made === 'string' ? nested(made) : flat(right, made);
  }

  /** Writes the joined record; returns the address behind it. There must be room for both and `extra` bytes. */
  write({ at }: PairProgram, to: number, left: RecordBytes, right: RecordBytes): number {
    return memory().kernels.splice(at, to, left.at, left.end, right.at, right.end);
  }
}

function nested(name: string): PairProgram {
  const bytes = memberBytes(name);
  return writeProgram([{ length: 0, fate: WHOLE, bytes }]);
}

function flat(names: readonly string[], made: MemberNames): PairProgram {
  // Members that keep their names up to the end stay together.
  let rest = names.length;
  while (rest > 0 && made[rest - 1] === names[rest - 1]) rest--;
  const steps = names.slice(0, rest + 1).map((name, i) => {
    const bytes = made[i] === undefined ? '' : memberBytes(made[i]);
    return { length: memberBytes(name).length - 1, fate: i === rest ? REST : made[i] === undefined ? DROPPED : NAMED, bytes };
  });
  return writeProgram(steps);
}

function writeProgram(steps: readonly { length: number; fate: number; bytes: string }[]): PairProgram {
  const { at, view } = memory().u32(1 + steps.length * 4);
  view[0] = steps.length;
  steps.forEach(({ length, fate, bytes }, i) => view.set([length, fate, keepBytes(bytes), bytes.length], 1 + i * 4));
  return { at, extra: steps.reduce((extra, { bytes }) => extra + bytes.length, 2) };
}
