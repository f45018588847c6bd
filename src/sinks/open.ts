// in: where output goes and what it is
// out: the sink that takes NDJSON lines for it

import { fstatSync, type Stats, statSync } from 'node:fs';
import { UsageError } from '../model/errors.ts';
import type { OutputFormat } from '../model/format.ts';
import { ByteSink } from './byte-sink.ts';
import { DelimitedSink, type DelimitedState } from './delimited.ts';
import { type Before, openResumed } from './resume.ts';
import type { Sink } from './sink.ts';
import { TableSink, type TableState } from './table.ts';

/**
 * @param name undefined: stdout
 * @param inputs FILEs that are read, none meaning stdin: must not be written over
 * @param before how far earlier runs have written; undefined: there are no snapshots, so the output is replaced
 * Throws UsageError, WeirError.
 */
export function openSink(name: string | undefined, format: OutputFormat, inputs?: readonly string[], before?: Before): Sink {
  if (name !== undefined && inputs) refuseInput(name, inputs);
  const file = name === '-' ? undefined : name;
  const bytes = before ? openResumed(file, before) : file === undefined ? ByteSink.stdout() : ByteSink.open(file);
  const state = before?.state?.format;
  if (format === 'csv' || format === 'tsv') return new DelimitedSink(bytes, format, state as DelimitedState);
  return format === 'table' ? new TableSink(bytes, state as TableState) : bytes;
}

/** Opening the output empties it, and with it an input that is the same file. */
export function refuseInput(file: string, inputs: readonly string[]): void {
  const target = stat(() => statSync(file));
  if (!target?.isFile()) return;
  for (const input of inputs.length > 0 ? inputs : ['-']) {
    const source = stat(() => (input === '-' ? fstatSync(0) : statSync(input)));
    if (source?.dev === target.dev && source.ino === target.ino) {
      throw new UsageError(`'${file}' is both input and output`, 'write to another file, then rename it');
    }
  }
}

function stat(of: () => Stats): Stats | undefined {
  try {
    return of();
  } catch {
    return undefined;
  }
}
