// in: a job that runs
// out: what a person is told about it on stderr while it runs and when it is done; the file of --stats

import { writeFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { Exit, WeirError } from '../model/errors.ts';
import type { Job, JobOptions } from '../plan/job.ts';
import type { Hooks } from '../runtime/job-run.ts';
import type { Summary } from '../runtime/summary.ts';
import type { Signals } from './signals.ts';
import { complain } from './terminal.ts';

const EVERY_MS = 200;
const CLEAR = '\r\x1b[K';

/** Runs the job with someone who watches it. Gives the exit code. */
export async function report(job: Job, signals: Signals, start: (hooks: Hooks) => Promise<Summary>): Promise<number> {
  const began = performance.now();
  const status = new StatusLine(job.options, began);
  let summary: Summary;
  try {
    const warn = (text: string) => status.aside(`weir: warning: ${text}\n`);
    const note = (text: string) => job.options.verbose && status.aside(`weir: ${text}\n`);
    summary = await start({ signal: signals.forJob(), progress: (s) => status.show(s), warn, note, onSavepoint: (take) => signals.onSavepoint(take) });
  } finally {
    status.clear();
  }
  const ms = performance.now() - began;
  if (!job.options.quiet && !summary.isCut) for (const line of findings(summary, job.options.verbose, ms)) complain(`weir: ${line}\n`);
  if (job.options.stats !== undefined) writeStats(job.options.stats, summary, ms);
  return signals.stopped ?? Exit.done;
}

/** What has to be said: nothing, where all went as it should. */
export function findings({ records, bytes, written, late, delay, rejected, stages = [] }: Summary, verbose: boolean, ms: number): string[] {
  const lines: string[] = [];
  if (late > 0) {
    const advice = delay > 0 ? `; --delay ${exactDuration(delay)} would have lost none` : '';
    lines.push(`${plural(late, 'record')} came too late for ${late === 1 ? 'its' : 'their'} windows${advice}`);
  }
  if (rejected > 0) lines.push(`${plural(rejected, 'line')} ${rejected === 1 ? 'was' : 'were'} no usable record${rejected === 1 ? '' : 's'}`);
  if (!verbose) return lines;
  for (const { stage, keys, peak_keys: most, peak_bytes: bytesAtMost } of stages) lines.push(`${stage}: ${plural(keys, 'key')} at the end of input, ${most.toLocaleString('en')} at most (${size(bytesAtMost)})`);
  lines.push(`${plural(records, 'record')} (${size(bytes)}) in, ${plural(written, 'record')} out, ${(ms / 1000).toFixed(2)} s`);
  return lines;
}

function plural(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}

/** A DUR that is exactly so many ms. */
export function exactDuration(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

function writeStats(file: string, summary: Summary, ms: number): void {
  try {
    // Results are on stdout.
    writeFileSync(file === '-' ? process.stderr.fd : file, `${JSON.stringify({ ...summary, elapsed_ms: Math.round(ms) })}\n`);
  } catch (error) {
    throw new WeirError(`--stats: ${file}: ${(error as Error).message}`);
  }
}

/** One line on stderr that is written over again and again. */
class StatusLine {
  private readonly isOn: boolean;
  private last: number;
  private isShown = false;

  constructor(
    options: JobOptions,
    private readonly began: number,
  ) {
    this.isOn = options.progress === 'on' || (options.progress === 'auto' && !options.quiet && isatty(2));
    this.last = began;
  }

  show({ records, bytes, written }: Summary): void {
    const now = performance.now();
    if (!this.isOn || now - this.last < EVERY_MS) return;
    this.last = now;
    this.isShown = true;
    const speed = bytes / ((now - this.began) / 1000);
    complain(`${CLEAR}${plural(records, 'record')} in (${size(speed)}/s), ${plural(written, 'record')} out`);
  }

  /** A line of its own above the status. */
  aside(text: string): void {
    this.clear();
    complain(text);
  }

  clear(): void {
    if (this.isShown) complain(CLEAR);
    this.isShown = false;
  }
}
