// in: snapshots
// out: lines of JSON about them

import type { Listed } from '../snapshot/inspect.ts';
import type { Snapshot } from '../snapshot/directory.ts';
import { keyJson } from '../snapshot/keys.ts';
import { shownValue } from '../snapshot/accumulators.ts';
import { entriesOf } from '../snapshot/sections.ts';
import type { StatesRead, StoredState } from '../snapshot/states.ts';

/** What `ls` says of one. */
export function listed({ id, snapshot, reason }: Listed): object {
  if (!snapshot) return { id, whole: false, reason };
  const { taken, occasion, pipeline, files, summary } = snapshot.manifest;
  return { id, whole: true, taken, occasion, ...figuresOf(summary), state_bytes: files.reduce((sum, file) => sum + file.length, 0), pipeline: wordsOf(pipeline) };
}

function figuresOf(summary: unknown): { records: number; written: number } {
  const { records, written } = summary as { records: number; written: number };
  return { records, written };
}

const wordsOf = (pipeline: readonly string[]): string[] => pipeline.filter((words) => words !== '');

/** What `show` says: the snapshot, its inputs and outputs, then the state of each operator. */
export function* shown(snapshot: Snapshot, states: StatesRead): Generator<string> {
  const { inputs, outputs, pipeline, occasion, summary } = snapshot.manifest;
  yield line({ snapshot: snapshot.id, occasion, ...figuresOf(summary), pipeline: wordsOf(pipeline) });
  for (const { name, bytes, ended } of inputs) yield line({ input: name, bytes, ended });
  for (const [purpose, state] of Object.entries(outputs)) yield line({ output: purpose, ...picked(state) });
  for (const [operator, own] of states) yield* stateLines(operator, stageOf(operator, pipeline), own);
}

function picked(state: unknown): object {
  const { name, kind, bytes } = state as { name: string; kind: string; bytes: number };
  return { name, kind, bytes };
}

/** The words of the stage that an operator does the work of; those of a right side are in the words of its join. */
function stageOf(operator: string, pipeline: readonly string[]): string | undefined {
  // Event time that is assigned at the source is an operator of its own in front of the stages.
  const first = `${pipeline[0]} ${/^from .*/.exec(pipeline[1] ?? '') ?? ''}`.includes('--time ') ? 0 : 1;
  return pipeline[Number.parseInt(operator, 10) + first];
}

function* stateLines(operator: string, stage: string | undefined, state: StoredState): Generator<string> {
  for (const { name, value } of state.wholes) yield line({ operator, stage, state: name, value });
  for (const slice of state.slices()) {
    for (const { name, key, group, value } of entriesOf(slice)) yield line({ operator, stage, state: name, key: new Json(`[${keyJson(key).join(',')}]`), key_group: group, value: shownValue(slice, value) });
  }
}

/** Text that is JSON already. */
class Json {
  constructor(readonly text: string) {}
}

/** One line of JSON; what JSON has no words for is written as text. */
function line(row: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(row).filter(([, value]) => value !== undefined);
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${json(value)}`).join(',')}}\n`;
}

function json(value: unknown): string {
  return value instanceof Json ? value.text : (JSON.stringify(plain(value)) ?? 'null');
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (value instanceof Map) return [...value].map(plain);
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, plain(v)]));
}
