// in: options of a job, files
// out: their records, given one after the other to a chain of stages

import { readLength } from './duration.ts';
import { BadRecord, Failure, usage } from './failure.ts';
import { JsonError, membersOf } from './lit.ts';
import type { Files } from './point.ts';
import { Rec } from './record.ts';
import type { Job, Out, Stage } from './stage.ts';
import type { TimeUnit } from './times.ts';
import type { Options, StageWords } from './words.ts';
import { checkZone } from './zone.ts';

export function jobOf(options: Options, files: Map<string, string[]>): Job {
  const unit = options['time-unit'] ?? 'ms';
  const timestamps = options['timestamps'] ?? 'iso';
  if (!['s', 'ms', 'us', 'ns'].includes(unit)) throw usage(`--time-unit ${unit}`);
  if (timestamps !== 'iso' && timestamps !== 'ms') throw usage(`--timestamps ${timestamps}`);
  readLength(options['delay'] ?? '0');
  return { zone: checkZone(options['tz'] ?? 'UTC'), timestamps, unit: unit as TimeUnit, skipErrors: (options['on-error'] ?? 'fail') !== 'fail', files };
}

/** `--time` is a stage `time` in front of all others. */
export function timeStage(options: Options, source: Options | undefined): StageWords[] {
  const time = source?.['time'] ?? options['time'];
  const delay = source?.['delay'] ?? options['delay'];
  return time === undefined ? [] : [{ name: 'time', args: [time], options: { delay } }];
}

/** The first place of a chain that ends in `sink`. */
export function connect(stages: readonly Stage[], sink: Out): Out {
  return stages.reduceRight<Out>((next, stage) => {
    stage.begin(next);
    return { record: (rec) => stage.record(rec, next), dropped: (time) => stage.dropped(time, next), watermark: (ms) => stage.advance(ms, next) };
  }, sink);
}

/** Gives a line to the chain each time it is asked, and ends it behind the last. */
export function* feed(names: readonly string[], files: Files, job: Job, first: Out): Generator<void, void> {
  for (const name of names.length > 0 ? names : ['-']) {
    const text = files[name];
    if (text === undefined) throw new Failure(`no file ${name}`, 1);
    for (const line of text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined)) {
      if (line.trim() === '' || !isRecord(line, job)) continue;
      first.record(new Rec(line));
      yield;
    }
  }
  first.watermark(Number.POSITIVE_INFINITY);
}

function isRecord(line: string, job: Job): boolean {
  try {
    membersOf(line);
    return true;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (job.skipErrors) return false;
    throw new BadRecord(error.message);
  }
}
