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
 * @param columns of CSV and TSV, where they are known; otherwise those of the first record
 * @param before how far earlier runs have written; undefined: there are no snapshots, so the output is replaced
 * Throws UsageError, WeirError.
 */
export function openSink(name: string | undefined, format: OutputFormat, inputs?: readonly string[], before?: Before, columns?: readonly string[]): Sink {
  if (name !== undefined && inputs) refuseInput(name, inputs);
  const file = name === '-' ? undefined : name;
  const bytes = before ? openResumed(file, before) : file === undefined ? ByteSink.stdout() : ByteSink.open(file);
  const state = before?.state?.format;
  if (format === 'csv' || format === 'tsv') return new DelimitedSink(bytes, format, columns, state as DelimitedState);
  return format === 'table' ? new TableSink(bytes, state as TableState) : bytes;
}

/** Opening the output empties it, and with it an input that is the same file. */
export function refuseInput(file: string, inputs: readonly string[]): void {
  const target = regular(() => statSync(file));
  if (!target) return;
  for (const input of inputs.length > 0 ? inputs : ['-']) {
    const source = stat(() => (input === '-' ? fstatSync(0) : statSync(input)));
    if (source && isSame(source, target)) {
      throw new UsageError(`'${file}' is both input and output`, 'write to another file, then rename it');
    }
  }
}

/** The files that a job writes, so that no two of its outputs write over each other. */
export class Targets {
  private readonly taken: Stats[] = [];

  /** To be called before the file is opened. @param file undefined: stdout. Throws UsageError. */
  refuseTaken(file: string | undefined): void {
    if (file === undefined || file === '-') return;
    const target = regular(() => statSync(file));
    if (target && this.taken.some((other) => isSame(other, target))) {
      throw new UsageError(`'${file}' is written by two outputs`, 'give each a file of its own');
    }
  }

  /** To be called when it is open. */
  take(file: string | undefined): void {
    const target = regular(() => (file === undefined || file === '-' ? fstatSync(1) : statSync(file)));
    if (target) this.taken.push(target);
  }
}

function regular(of: () => Stats): Stats | undefined {
  const found = stat(of);
  return found?.isFile() ? found : undefined;
}

const isSame = (a: Stats, b: Stats) => a.dev === b.dev && a.ino === b.ino;

function stat(of: () => Stats): Stats | undefined {
  try {
    return of();
  } catch {
    return undefined;
  }
}
