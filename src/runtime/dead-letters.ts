// in: lines that are no record, or have no usable time
// out: an error, silence, or a line in a file, as --on-error says

import { RecordError } from '../model/errors.ts';
import type { OnError } from '../plan/job.ts';
import type { Sink } from '../sinks/sink.ts';
import type { SinkSet } from './sink-set.ts';

const EXCERPT = 80;

/** A line that cannot be used. */
export interface BadLine {
  readonly reason: string;
  /** file name, or `stdin` */
  readonly source: string;
  /** counted from 1 */
  readonly line: number;
  /** the whole line, one char a byte */
  readonly text: string;
}

export function recordError({ reason, source, line, text }: BadLine): RecordError {
  const shown = Buffer.from(text, 'latin1').toString('utf8');
  return new RecordError(reason, source, line, shown.length > EXCERPT ? `${shown.slice(0, EXCERPT)}…` : shown);
}

/** What becomes of bad lines. */
export interface BadLines {
  /** whether the first bad line ends the job */
  readonly isFatal: boolean;
  /** Throws RecordError where it does. */
  take(bad: BadLine): void;
}

/** Takes bad lines in the order of input. */
export class DeadLetters implements BadLines {
  private readonly sink: Sink | undefined;
  count = 0;

  constructor(
    private readonly rule: OnError,
    sinks: SinkSet,
  ) {
    if (rule.kind === 'file') this.sink = sinks.open('dead letters', rule.file, 'json');
  }

  /** whether the first bad line ends the job */
  get isFatal(): boolean {
    return this.rule.kind === 'fail';
  }

  /** Throws RecordError where the rule is to fail. */
  take(bad: BadLine): void {
    if (this.rule.kind === 'fail') throw recordError(bad);
    this.count++;
    const { reason, source, line } = bad;
    const record = Buffer.from(bad.text, 'latin1').toString('utf8');
    this.sink?.write(Buffer.from(`${JSON.stringify({ source, line, reason, record })}\n`));
  }

  close(): void {
    this.sink?.close();
  }
}
