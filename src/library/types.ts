// in: nothing
// out: what a program that uses weir sees; the build makes the package's types of this, of model/user.ts and of the table of stages

import type { Apply, Process } from '../model/user.ts';

/** An argument or the value of an option: as on the command line, a list (`['a', 'b']` is `a, b`), or names with expressions (`{ n: 'count()' }` is `n = count()`). */
export type Text = string | number | readonly (string | number)[] | { readonly [name: string]: string | number };

/** A module of `process` or `apply`: the name of its file, or what it would export. */
export type Module = string | Process | Apply;

export interface PipelineOptions {
  /** event time of a record: epoch ms, or an ISO-8601 text */
  readonly time?: string;
  /** the unit of a numeric time (ms) */
  readonly timeUnit?: 's' | 'ms' | 'us' | 'ns';
  /** how far behind the latest time the watermark stays: a DUR, or ms (0) */
  readonly delay?: string | number;
  /** an input silent this long stops holding the watermark back: a DUR, or ms */
  readonly idle?: string | number;
  /** IANA zone of calendar windows and of times that name none (UTC) */
  readonly tz?: string;
  /** what input is: json, csv, tsv, logfmt, combined, text or regex:/…/ (json) */
  readonly format?: string;
  /** keeps reading as files grow (false) */
  readonly follow?: boolean;
  /** a line that is no record, or has no usable time: fail, skip, or the file that gets it (fail) */
  readonly onError?: string;
  /** how times of weir's own are given, such as window bounds (iso) */
  readonly timestamps?: 'iso' | 'ms';
}

/** Names of files, or what yields records, or pieces of text or bytes in the format of the pipeline (such as process.stdin). */
export type Source = string | readonly string[] | Iterable<object | Uint8Array> | AsyncIterable<object | string | Uint8Array>;

/** What a run did. */
export interface Summary {
  /** records read */
  readonly records: number;
  /** bytes read */
  readonly bytes: number;
  /** records that came out */
  readonly written: number;
  /** records that came too late for all their windows */
  readonly late: number;
  /** ms: the least delay that would have kept all late records */
  readonly delay: number;
  /** lines that were left out or set aside, as onError said */
  readonly rejected: number;
}

export interface RunOptions {
  /** Stops reading; the run then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** called at the end */
  onSummary?(summary: Summary): void;
  /** called with what the command would say on stderr */
  onWarning?(text: string): void;
}

/** What is there beside the methods of stages. */
export interface Runnable {
  /**
   * The records that come out, as they come; the source is read no faster than they are taken. Leaving the loop ends the run.
   * Without a source, the pipeline says itself what it reads (`from`, or FILEs of a text). Throws WeirError.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- only the user knows the fields
  run<T = { [field: string]: any }>(source?: Source, options?: RunOptions): AsyncGenerator<T, void, undefined>;
  /** The same as lines of JSON, every literal as the command would print it. */
  lines(source?: Source, options?: RunOptions): AsyncGenerator<string, void, undefined>;
  /** The stages as they would be typed. */
  toString(): string;
}
