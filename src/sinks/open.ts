// in: where output goes and what it is
// out: the sink that takes NDJSON lines for it

import { fstatSync, type Stats, statSync } from 'node:fs';
import { UsageError } from '../model/errors.ts';
import type { OutputFormat } from '../model/format.ts';
import { ByteSink } from './byte-sink.ts';
import { DelimitedSink } from './delimited.ts';
import type { Sink } from './sink.ts';
import { TableSink } from './table.ts';

/**
 * @param file undefined: stdout
 * @param inputs FILEs that are read, none meaning stdin: must not be written over
 * Throws UsageError, WeirError.
 */
export function openSink(file: string | undefined, format: OutputFormat, inputs?: readonly string[]): Sink {
  if (file !== undefined && inputs) refuseInput(file, inputs);
  const bytes = file === undefined || file === '-' ? ByteSink.stdout() : ByteSink.open(file);
  if (format === 'csv' || format === 'tsv') return new DelimitedSink(bytes, format);
  return format === 'table' ? new TableSink(bytes) : bytes;
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
