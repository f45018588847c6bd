// in: records of one window and key
// out: what is known of the window, and the row that it prints

import type { Aggs } from '../aggs.ts';
import type { Scope } from '../evaluate.ts';
import { compareLists } from '../order.ts';
import { recordOf, type Rec, type Span } from '../record.ts';
import type { Job, Key, Keys } from '../stage.ts';
import { ownTime } from '../times.ts';

export interface OpenWindow {
  span: Span;
  readonly key: Key;
  /** in order of arrival */
  records: Scope[];
  /** it has printed because the watermark reached its end */
  fired: boolean;
  /** the next time at which it prints before its end; Infinity: none */
  early: number;
}

/** Windows come out in order of (end, start, key). */
export function compareWindows(a: OpenWindow, b: OpenWindow): number {
  return a.span.end - b.span.end || a.span.start - b.span.start || compareLists(a.key.parts, b.key.parts);
}

export function windowRow(job: Job, window: OpenWindow, keys: Keys, aggs: Aggs): Rec {
  const { span, key, records } = window;
  const keyFields = keys.fields(key);
  const bounds = [['window_start', ownTime(span.start, job.timestamps)] as const, ['window_end', ownTime(span.end, job.timestamps)] as const];
  const fields = [...bounds, ...keyFields, ...aggs.fields(records, [...bounds, ...keyFields], job.zone)];
  return recordOf(fields, { time: span.end - 1, window: span });
}

/** When a window whose first record has this time prints for the first time, if it prints every `every` ms. */
export function firstEarly(time: number, every: number | undefined): number {
  return every === undefined ? Number.POSITIVE_INFINITY : Math.floor(time / every) * every + every;
}

/** The time of the next print of a window; Infinity: there is none. */
function nextPrint({ early, span, fired }: OpenWindow): number {
  if (early < span.end - 1) return early;
  return fired ? Number.POSITIVE_INFINITY : span.end - 1;
}

/** Prints all that the watermark makes due, one after the other in order of time; windows with the same time in their own order. */
export function printDue(windows: readonly OpenWindow[], watermark: number, every: number | undefined, print: (window: OpenWindow) => void): void {
  for (;;) {
    const due = windows.filter((w) => nextPrint(w) <= watermark && nextPrint(w) < Number.POSITIVE_INFINITY);
    const next = due.sort((a, b) => nextPrint(a) - nextPrint(b) || compareWindows(a, b))[0];
    if (!next) return;
    if (next.early < next.span.end - 1) next.early += every!;
    else next.fired = true;
    print(next);
  }
}
