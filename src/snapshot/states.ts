// in: the state of a subtask's operators
// out: one file of it, in sections by operator and key group; and the entries of such files again, of wanted key groups only
//
// A file is MAGIC, then sections. A section is the length of its head (u32), the head (JSON: operator, group, entries, bytes, checksum),
// and its values: name, key and value of each entry. Whoever wants other groups skips a section by its head.

import { readFile } from 'node:fs/promises';
import { fault } from '../model/fault.ts';
import type { StateValue } from '../model/state.ts';
import { checksumOf, type FileEntry, FileWriter } from './files.ts';
import { ValueReader, ValueWriter } from './values.ts';

const MAGIC = Buffer.from('weir state\n');
/** Sections are gathered to so many bytes before they are written. */
const WRITE_BYTES = 1 << 20;

/** In the head of a section: state that is no key's. */
const WHOLE = -1;

export interface KeyedState {
  readonly name: string;
  /** encoded bytes of the key, one char a byte */
  readonly key: string;
  /** key group */
  readonly group: number;
  readonly value: StateValue;
}

export interface WholeState {
  readonly name: string;
  readonly value: StateValue;
}

/** What one operator has handed over, in one subtask or in all of them. */
export interface States {
  readonly entries: readonly KeyedState[];
  readonly wholes: readonly WholeState[];
}

export interface OperatorState extends States {
  /** the operator's place in the pipeline: the number of its stage; inside the right side of stage 2, `2.right.0` */
  readonly operator: string;
}

interface Head {
  readonly operator: string;
  readonly group: number;
  readonly entries: number;
  /** length of the values */
  readonly bytes: number;
  readonly checksum: string;
}

/** Writes `state-SUBTASK.bin`; the event loop runs on between sections. */
export async function writeState(folder: string, subtask: number, operators: readonly OperatorState[]): Promise<FileEntry> {
  const file = await FileWriter.create(folder, `state-${subtask}.bin`);
  try {
    let waiting: Uint8Array[] = [MAGIC];
    let bytes = 0;
    for (const section of sections(operators)) {
      waiting.push(...section);
      bytes += section[1]!.length;
      if (bytes < WRITE_BYTES) continue;
      await file.write(Buffer.concat(waiting));
      fault('snapshot.section');
      [waiting, bytes] = [[], 0];
    }
    await file.write(Buffer.concat(waiting));
    fault('snapshot.section');
    return await file.finish();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

function* sections(operators: readonly OperatorState[]): Generator<[head: Buffer, values: Buffer]> {
  for (const { operator, entries, wholes } of operators) {
    if (wholes.length > 0) yield section(operator, WHOLE, wholes);
    for (const [group, own] of byGroup(entries)) yield section(operator, group, own);
  }
}

function byGroup(entries: readonly KeyedState[]): Map<number, KeyedState[]> {
  const groups = new Map<number, KeyedState[]>();
  for (const entry of entries) {
    const group = groups.get(entry.group);
    if (group) group.push(entry);
    else groups.set(entry.group, [entry]);
  }
  return groups;
}

function section(operator: string, group: number, entries: readonly (KeyedState | WholeState)[]): [Buffer, Buffer] {
  const writer = new ValueWriter();
  for (const entry of entries) {
    writer.value(entry.name);
    if ('key' in entry) writer.value(entry.key);
    writer.value(entry.value);
  }
  const values = writer.finish();
  const head: Head = { operator, group, entries: entries.length, bytes: values.length, checksum: checksumOf(values) };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return [Buffer.concat([length, text]), values];
}

/** State by operator, as it is gathered from files. */
export type StatesRead = Map<string, { entries: KeyedState[]; wholes: WholeState[] }>;

/**
 * Adds what a file holds to `operators`: entries of the wanted key groups (undefined: all). State that is no key's is the same in all files: the first one counts.
 * Throws Error with a reason where the file is not what was written.
 */
export async function readStateFile(path: string, operators: StatesRead, wanted?: ReadonlySet<number>): Promise<void> {
  const bytes = await readFile(path);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('it is no state of weir');
  for (let at = MAGIC.length; at < bytes.length; ) {
    const start = at + 4 + bytes.readUInt32LE(at);
    const head = JSON.parse(bytes.toString('utf8', at + 4, start)) as Head;
    at = start + head.bytes;
    if (wanted && head.group !== WHOLE && !wanted.has(head.group)) continue;
    const values = bytes.subarray(start, at);
    if (checksumOf(values) !== head.checksum) throw new Error(`the state of operator ${head.operator} is damaged`);
    let states = operators.get(head.operator);
    if (!states) operators.set(head.operator, (states = { entries: [], wholes: [] }));
    if (head.group !== WHOLE) readEntries(values, head.group, states.entries);
    else if (states.wholes.length === 0) readWholes(values, states.wholes);
  }
}

function readEntries(values: Buffer, group: number, into: KeyedState[]): void {
  const reader = new ValueReader(values);
  while (!reader.isAtEnd) into.push({ name: reader.value() as string, key: reader.value() as string, group, value: reader.value() });
}

function readWholes(values: Buffer, into: WholeState[]): void {
  const reader = new ValueReader(values);
  while (!reader.isAtEnd) into.push({ name: reader.value() as string, value: reader.value() });
}
