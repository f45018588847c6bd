// in: calls of methods, one per stage
// out: a pipeline, and its runs in this process

import { UsageError } from '../model/errors.ts';
import type { StageCall, StageDefinition } from '../model/stage.ts';
import { stages as table } from '../operators/table.ts';
import { type Job, type JobOptions, typeOptions } from '../plan/job.ts';
import { jobOptions } from '../plan/options.ts';
import { spellCall } from '../plan/usage.ts';
import { parsePipelineText } from '../plan/words.ts';
import { runJob } from '../runtime/run.ts';
import type { Chunks } from '../sources/iterable.ts';
import { camel, optionsOf, stageCall } from './call.ts';
import { LineQueue } from './results.ts';
import type { PipelineOptions, Runnable, RunOptions, Source } from './types.ts';

/** Options of the job that mean something where a program takes the output. */
const OPTIONS = ['time', 'time-unit', 'delay', 'idle', 'tz', 'format', 'follow', 'on-error', 'timestamps'];
const specs = jobOptions.filter(({ name }) => OPTIONS.includes(name));

/** A pipeline never changes: each stage gives a longer one. */
class StagePipeline implements Runnable {
  constructor(
    private readonly options: JobOptions,
    private readonly calls: readonly StageCall[],
    private readonly files: readonly string[],
  ) {}

  with(definition: StageDefinition, given: readonly unknown[]): StagePipeline {
    return new StagePipeline(this.options, [...this.calls, stageCall(definition, given)], this.files);
  }

  async *run<T>(source?: Source, options?: RunOptions): AsyncGenerator<T, void, undefined> {
    for await (const line of this.lines(source, options)) yield JSON.parse(line) as T;
  }

  async *lines(source?: Source, { signal, onSummary, onWarning }: RunOptions = {}): AsyncGenerator<string, void, undefined> {
    const queue = new LineQueue();
    const stop = new AbortController();
    const abort = () => stop.abort();
    signal?.throwIfAborted();
    signal?.addEventListener('abort', abort, { once: true });
    const hooks = { sink: queue, chunks: chunksOf(source), signal: stop.signal, ready: () => queue.drained(), warn: onWarning };
    const done = runJob(this.job(source), table, hooks).finally(() => queue.end());
    // Whoever awaits it sees the error, behind the lines that came before.
    done.catch(() => {});
    try {
      yield* queue.lines();
      const { isCut: _, ...summary } = await done;
      signal?.throwIfAborted();
      onSummary?.(summary);
    } finally {
      signal?.removeEventListener('abort', abort);
      stop.abort();
      queue.end();
      await done.catch(() => {});
    }
  }

  /** Throws UsageError where there is nothing to read, or two things. */
  private job(source: Source | undefined): Job {
    const { options, calls: stages } = this;
    if (stages.length === 0) throw new UsageError('no stage given', "a pipeline has at least one: pipeline().filter('x > 0')");
    const files = typeof source === 'string' ? [source] : isFileList(source) ? source : source === undefined ? this.files : [];
    const startsWithFrom = stages[0]!.name === 'from';
    if (source === undefined && files.length === 0 && !startsWithFrom) throw new UsageError('nothing to read', 'give `run` the names of files, or an iterable of records');
    if (source !== undefined && startsWithFrom) throw new UsageError('the pipeline starts with `from`, so `run` takes no source', 'leave one of them out');
    return { options, stages, files };
  }

  toString(): string {
    return [...this.calls.map(spellCall)].join(' then ');
  }
}

function chunksOf(source: Source | undefined): Chunks | undefined {
  return source === undefined || typeof source === 'string' || isFileList(source) ? undefined : (source as Chunks);
}

function isFileList(source: Source | undefined): source is readonly string[] {
  return Array.isArray(source) && source.length > 0 && source.every((name) => typeof name === 'string');
}

for (const definition of table) {
  Object.defineProperty(StagePipeline.prototype, camel(definition.name), {
    value(this: StagePipeline, ...given: unknown[]) {
      return this.with(definition, given);
    },
  });
}

/** An empty pipeline. Throws UsageError for options that it does not know. */
export function pipeline(options: PipelineOptions = {}): StagePipeline {
  const raw = optionsOf(specs, options, 'pipeline');
  return new StagePipeline(hereOnly(typeOptions(raw as Record<string, string | true>)), [], []);
}

/** The pipeline of a text, as in a .weir file or on the command line. Throws UsageError. */
export function parse(text: string): StagePipeline {
  const { options, stages, files } = parsePipelineText(text, table);
  const other = [...options.given].find((name) => !OPTIONS.includes(name));
  if (other !== undefined) throw new UsageError(`--${other} means nothing where a program takes the output`, `it can have ${OPTIONS.map((name) => `--${name}`).join(', ')}`);
  return new StagePipeline(hereOnly(options), stages, files);
}

/** A program's objects cannot be in several processes. */
function hereOnly(options: JobOptions): JobOptions {
  return { ...options, parallelism: 1, quiet: true };
}
