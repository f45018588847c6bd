// in: the state of a subtask's operators
// out: one file of it, in sections (sections.ts) behind MAGIC; and the state in such files again, read as it is asked for

import { closeSync, openSync, readSync } from 'node:fs';
import { fault } from '../model/fault.ts';
import { combineWholes, type SavedState, type StateSlice, type WholeState } from '../model/state.ts';
import { type FileEntry, FileWriter } from './files.ts';
import { type Head, readSlice, readWhole, SectionWriter } from './sections.ts';

const MAGIC = Buffer.from('weir state 2\n');
/** Sections are gathered to so many bytes, or for so many ms, before they are written. */
const [WRITE_BYTES, WRITE_MS] = [1 << 19, 4];
/** As long as heads are, mostly. */
const HEAD_BYTES = 256;

/** What one operator of one subtask has handed over. It is read once, and may be made as it is read. */
export interface OperatorState {
  /** the operator's place in the pipeline: the number of its stage; inside the right side of stage 2, `2.right.0` */
  readonly operator: string;
  readonly wholes: readonly WholeState[];
  slices(): Iterable<StateSlice>;
}

/** Writes `state-SUBTASK.bin`; whatever else there is to do goes on meanwhile, as `slices` of the operators allow. @param passed is told how many ms each piece took */
export async function writeState(folder: string, subtask: number, operators: readonly OperatorState[], passed: (ms: number) => void = () => {}): Promise<FileEntry> {
  const file = await FileWriter.create(folder, `state-${subtask}.bin`);
  try {
    const gathered = new Gathered();
    const waiting = sections(operators);
    for (let isOver = false; !isOver; ) {
      const began = performance.now();
      isOver = gathered.fill(waiting);
      passed(performance.now() - began);
      await file.write(gathered.bytes);
      fault('snapshot.section');
    }
    return await file.finish();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/** Sections on their way to the file. */
class Gathered {
  private room = Buffer.allocUnsafe(WRITE_BYTES * 2);
  private used = 0;

  get bytes(): Buffer {
    return this.room.subarray(0, this.used);
  }

  /** Takes some more, in place of what there was. Gives whether they were the last ones. */
  fill(sections: Iterator<readonly Uint8Array[]>): boolean {
    this.used = 0;
    const began = performance.now();
    while (this.used < WRITE_BYTES && performance.now() - began < WRITE_MS) {
      const { value, done } = sections.next();
      if (done) return true;
      for (const part of value) this.add(part);
    }
    return false;
  }

  private add(part: Uint8Array): void {
    if (this.used + part.length > this.room.length) this.room = Buffer.concat([this.bytes], (this.used + part.length) * 2);
    this.room.set(part, this.used);
    this.used += part.length;
  }
}

function* sections(operators: readonly OperatorState[]): Generator<readonly Uint8Array[]> {
  const writer = new SectionWriter();
  yield [MAGIC];
  for (const state of operators) {
    for (const whole of state.wholes) yield writer.whole(state.operator, whole);
    for (const slice of state.slices()) yield writer.slice(state.operator, slice);
  }
}

/** State by operator, still in its files. */
export type StatesRead = Map<string, StoredState>;

interface Place {
  readonly path: string;
  readonly head: Head;
  readonly at: number;
}

/** The state of an operator in all its subtasks. */
export class StoredState implements SavedState {
  wholes: readonly WholeState[] = [];
  private readonly places: Place[] = [];

  constructor(private readonly wanted: ReadonlySet<number> | undefined) {}

  /** Notes where a section is. */
  note(place: Place): void {
    if (place.head.kind !== 'whole') this.places.push(place);
    else this.wholes = combineWholes([...this.wholes, readWhole(place.head, load(place))]);
  }

  *slices(name?: string): Generator<StateSlice> {
    for (const place of this.places) if (name === undefined || place.head.name === name) yield readSlice(place.head, load(place), this.wanted);
  }
}

let room = Buffer.alloc(0);

/** The values of a section, valid until the next one is loaded. */
function load({ path, head, at }: Place): Buffer {
  if (head.bytes > room.length) room = Buffer.allocUnsafe(head.bytes * 2);
  const bytes = room.subarray(0, head.bytes);
  const fd = openSync(path, 'r');
  try {
    readAll(fd, bytes, at);
  } finally {
    closeSync(fd);
  }
  return bytes;
}

/** Bytes of the file from `at` on. Throws Error where it has ended. */
function readAll(fd: number, into: Buffer, at: number): void {
  for (let have = 0; have < into.length; ) {
    const n = readSync(fd, into, have, into.length - have, at + have);
    if (n === 0) throw new Error('it is no state of weir, or not all of it');
    have += n;
  }
}

/**
 * Adds what a file holds to `operators`, of values those of the wanted key groups (undefined: all). The file's checksum has been looked at.
 * Throws Error with a reason where the file is not what was written.
 */
export function readStateFile(path: string, length: number, operators: StatesRead, wanted?: ReadonlySet<number>): void {
  const fd = openSync(path, 'r');
  try {
    const magic = Buffer.alloc(MAGIC.length);
    readAll(fd, magic, 0);
    if (!magic.equals(MAGIC)) throw new Error('it is no state of weir');
    for (let at = MAGIC.length; at < length; ) {
      const [head, start] = readHead(fd, at, length);
      let state = operators.get(head.operator);
      if (!state) operators.set(head.operator, (state = new StoredState(wanted)));
      state.note({ path, head, at: start });
      at = start + head.bytes;
    }
  } finally {
    closeSync(fd);
  }
}

/** A head, and where its values begin. */
function readHead(fd: number, at: number, end: number): [Head, number] {
  let bytes = Buffer.alloc(Math.min(HEAD_BYTES, end - at));
  readAll(fd, bytes, at);
  const length = bytes.readUInt32LE(0);
  if (4 + length > bytes.length) {
    bytes = Buffer.alloc(4 + length);
    readAll(fd, bytes, at);
  }
  return [JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Head, at + 4 + length];
}
