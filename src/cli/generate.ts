// in: the words behind `weir generate`
// out: a sample stream on stdout

import { Exit, UsageError } from '../model/errors.ts';
import { didYouMean } from '../model/suggest.ts';
import { ByteSink } from '../sinks/byte-sink.ts';
import { generators } from '../sources/generate/generators.ts';
import type { Generator } from '../sources/generate/rules.ts';
import type { Call } from './call.ts';

const CHUNK = 1 << 16;
/** No line is longer. */
const LONGEST = 4096;

export async function action({ words, options }: Call): Promise<number> {
  const name = words[0]!;
  if (!Object.hasOwn(generators, name)) {
    const names = Object.keys(generators);
    throw new UsageError(`generate: there is no stream '${name}'`, didYouMean(name, names) ?? `one of ${names.join(', ')}`);
  }
  const rules = { seed: whole(options, 'seed', 0), rate: whole(options, 'rate', 1), start: startTime(String(options['start'])) };
  await writeEvents(generators[name]!(rules), whole(options, 'events', 0));
  return Exit.done;
}

/** Now and then other things of the process, such as signals, get their turn. */
async function writeEvents(next: Generator, events: number): Promise<void> {
  const sink = ByteSink.stdout();
  const held = Buffer.allocUnsafe(CHUNK + LONGEST);
  for (let n = 1, filled = 0; n <= events; n++) {
    filled += held.latin1Write(next(), filled);
    if (filled < CHUNK && n < events) continue;
    sink.write(held.subarray(0, filled));
    filled = 0;
    await new Promise(setImmediate);
  }
}

function whole(options: Call['options'], name: string, least: number): number {
  const text = String(options[name]);
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`generate: --${name} takes a whole number from ${least} on, not '${text}'`);
}

function startTime(text: string): number {
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}$|Z$|[+-]\d{2}:?\d{2}$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(ms)) throw new UsageError(`generate: --start takes a time, not '${text}'`, 'such as 2026-01-01T00:00:00Z');
  return ms;
}
