// in: the words of a job's options
// out: the options checked and typed, with defaults

import { parseDuration } from '../model/duration.ts';
import { TextError, UsageError } from '../model/errors.ts';
import { type InputFormat, type OutputFormat, parseFormat } from '../model/format.ts';
import type { JobSettings, StageCall } from '../model/stage.ts';
import { suggest } from '../model/suggest.ts';

/** What a line that is no record leads to. */
export type OnError = { readonly kind: 'fail' | 'skip' } | { readonly kind: 'file'; readonly file: string };

export interface JobOptions extends JobSettings {
  /** the expression as typed */
  readonly time: string | undefined;
  /** ms */
  readonly delay: number;
  /** ms */
  readonly idle: number | undefined;
  readonly parallelism: number | 'auto';
  readonly follow: boolean;
  readonly format: InputFormat;
  readonly outputFormat: OutputFormat;
  /** undefined: stdout */
  readonly output: string | undefined;
  readonly snapshots: string | undefined;
  /** ms */
  readonly every: number;
  readonly keep: number;
  readonly fresh: boolean;
  readonly eof: 'drain' | 'keep';
  readonly state: 'heap' | 'level';
  readonly restarts: number;
  readonly onError: OnError;
  readonly stats: string | undefined;
  readonly progress: 'auto' | 'on' | 'off';
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: 'auto' | 'always' | 'never';
  /** names of the options that were typed */
  readonly given: ReadonlySet<string>;
}

/** A job as it was typed: what to run, on what, and how. */
export interface Job {
  readonly options: JobOptions;
  readonly stages: readonly StageCall[];
  /** none: stdin, unless the first stage is `from` */
  readonly files: readonly string[];
}

/** Options by name as they were typed; their choices have been checked. */
export type RawOptions = Readonly<Record<string, string | true | undefined>>;

/** Throws UsageError or TextError; a TextError's `stage` is the option's name. */
export function typeOptions(raw: RawOptions): JobOptions {
  const text = (name: string) => raw[name] as string | undefined;
  const word = <T extends string>(name: string, normal: T) => (raw[name] ?? normal) as T;
  return {
    time: text('time'),
    timeUnit: word('time-unit', 'ms'),
    delay: duration(raw, 'delay') ?? 0,
    idle: raw['idle'] === 'off' ? undefined : duration(raw, 'idle'),
    zone: zone(text('tz') ?? 'UTC'),
    parallelism: raw['parallelism'] === 'auto' ? 'auto' : count(raw, 'parallelism', 1, 'auto'),
    follow: raw['follow'] === true,
    format: parseFormat(text('format') ?? 'json'),
    outputFormat: word('output-format', 'json'),
    output: text('output'),
    snapshots: text('snapshots'),
    every: duration(raw, 'every') ?? 10_000,
    keep: count(raw, 'keep', 1, 2),
    fresh: raw['fresh'] === true,
    eof: word('eof', 'drain'),
    state: word('state', 'heap'),
    restarts: count(raw, 'restarts', 0, 3),
    onError: onError(text('on-error') ?? 'fail'),
    timestamps: word('timestamps', 'iso'),
    stats: text('stats'),
    progress: word('progress', 'auto'),
    quiet: raw['quiet'] === true,
    verbose: raw['verbose'] === true,
    color: raw['color'] === true ? 'always' : word('color', 'auto'),
    given: new Set(Object.keys(raw)),
  };
}

function duration(raw: RawOptions, name: string): number | undefined {
  const text = raw[name];
  if (typeof text !== 'string') return undefined;
  try {
    return parseDuration(text, { positive: name !== 'delay' }).ms;
  } catch (error) {
    if (error instanceof TextError) error.stage = `--${name}`;
    throw error;
  }
}

function count<T>(raw: RawOptions, name: string, least: number, normal: T): number | T {
  const text = raw[name];
  if (text === undefined) return normal;
  if (/^\d{1,9}$/.test(String(text)) && Number(text) >= least) return Number(text);
  throw new UsageError(`--${name} takes a whole number from ${least} on${normal === 'auto' ? ', or auto' : ''}, not '${text}'`);
}

function onError(text: string): OnError {
  return text === 'fail' || text === 'skip' ? { kind: text } : { kind: 'file', file: text };
}

/** The zone if it is one; loading the zones costs time, so UTC is let through unseen. */
function zone(name: string): string {
  if (name === 'UTC') return name;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    const near = suggest(name, Intl.supportedValuesOf('timeZone'));
    throw new UsageError(`--tz: unknown time zone '${name}'`, near ? `did you mean '${near}'?` : 'name an IANA zone, such as Europe/Berlin');
  }
}
