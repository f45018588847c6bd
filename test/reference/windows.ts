// in: sizes of windows as they are typed
// out: the windows that a time falls into

import { readDuration } from './duration.ts';
import { usage } from './failure.ts';
import type { Span } from './record.ts';
import { fromLocal, startOfUnit, toLocal, unitOf } from './zone.ts';

/** The windows of a time, in order of (end, start). */
export type Assign = (time: number) => Span[];

function readSize(text: string): ReturnType<typeof readDuration> {
  const size = readDuration(text);
  if (size.ms <= 0) throw usage(`not above 0: ${text}`);
  return size;
}

function readOffset(text: string | undefined, size: number): number {
  const { ms } = readDuration(text ?? '0');
  if (Math.abs(ms) >= size) throw usage('the offset is not below the size');
  return ms;
}

/** The one window that holds the time: calendar units are as long as the calendar of the zone says. */
function tumbling(text: string, offsetText: string | undefined, zone: string): (time: number) => Span {
  const { ms: size, unit, count } = readSize(text);
  const offset = readOffset(offsetText, size);
  if (!unit) {
    return (time) => {
      const start = Math.floor((time - offset) / size) * size + offset;
      return { start, end: start + size };
    };
  }
  return (time) => {
    const first = Math.floor(unitOf(toLocal(time, zone) - offset, unit) / count!) * count!;
    const at = (n: number) => fromLocal(startOfUnit(n, unit) + offset, zone);
    return { start: at(first), end: at(first + count!) };
  };
}

export function assignTumble(size: string, offset: string | undefined, zone: string): Assign {
  const window = tumbling(size, offset, zone);
  return (time) => [window(time)];
}

/** A window of `size` starts every `slide`. */
export function assignHop(sizeText: string, slideText: string | undefined, offsetText: string | undefined): Assign {
  if (slideText === undefined) throw usage('hop: --every is missing');
  const size = readSize(sizeText).ms;
  const slide = readSize(slideText).ms;
  const offset = readOffset(offsetText, Math.min(size, slide));
  return (time) => {
    const found: Span[] = [];
    for (let start = Math.floor((time - offset) / slide) * slide + offset; start > time - size; start -= slide) found.unshift({ start, end: start + size });
    return found;
  };
}

/** Windows with one start that end every `step` behind it, up to `max`; those that end behind the time hold it. */
export function assignCumulate(maxText: string, stepText: string | undefined, offsetText: string | undefined, zone: string): Assign {
  if (stepText === undefined) throw usage('cumulate: --step is missing');
  const step = readSize(stepText).ms;
  if (readSize(maxText).ms % step !== 0) throw usage('MAX is not a multiple of STEP');
  const whole = tumbling(maxText, offsetText, zone);
  return (time) => {
    const { start, end } = whole(time);
    const found: Span[] = [];
    for (let at = start + step; at < end + step; at += step) if (Math.min(at, end) > time) found.push({ start, end: Math.min(at, end) });
    return found;
  };
}

/** KIND of the stage `window` that is no session: `tumble:5s`, `hop:10s/2s`, `cumulate:1h/10m`. */
export function assignKind(kind: string, offset: string | undefined, zone: string): Assign {
  const [, name, size, other] = /^(tumble|hop|cumulate):([^/]+)(?:\/(.+))?$/.exec(kind) ?? [];
  if (name === undefined || (name === 'tumble' && other !== undefined)) throw usage(`unknown KIND ${kind}`);
  if (name === 'tumble') return assignTumble(size!, offset, zone);
  return name === 'hop' ? assignHop(size!, other, offset) : assignCumulate(size!, other, offset, zone);
}
