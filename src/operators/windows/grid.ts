// in: sizes and slides as the person wrote them
// out: the arithmetic of windows: which pane a time falls into, which windows a pane is part of, where they start and end

/**
 * Windows of one stage, all in ms since the epoch. Panes tile the time line; a window is a run of whole panes, so what
 * the records of a pane add up to is kept once however many windows they fall into (Li et al., "No pane, no gain", 2005).
 */
export interface Grid {
  /** start of the pane that the time falls into; NaN: it falls into no window */
  pane(time: number): number;
  /** end of the last window that holds the pane: behind it the pane is of no use */
  lastEnd(pane: number): number;
  /** end of the first window that holds the pane and ends behind `after`; Infinity: there is none */
  nextEnd(pane: number, after: number): number;
  /** starts of the windows that end at `end` (a cumulate window has one; so have tumble and hop) */
  startOf(end: number): number;
}

/** Positions on a line of whole units: ms, or days, weeks or months of a calendar. */
export interface Line {
  /** the unit that holds the time */
  unit(time: number): number;
  /** the time at which the unit starts */
  time(unit: number): number;
}

/** ms since the epoch. */
export const milliseconds: Line = { unit: (time) => time, time: (unit) => unit };

function floorTo(value: number, step: number, origin: number): number {
  return origin + Math.floor((value - origin) / step) * step;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/**
 * Windows of `size` units, one starting every `slide` units (tumble: slide = size), aligned to `origin`.
 * Flink: TimeWindow.getWindowStartWithOffset.
 */
export function hopping(line: Line, size: number, slide: number, origin: number): Grid {
  const width = gcd(size, slide);
  const inGap = (unit: number) => unit - floorTo(unit, slide, origin) >= size;
  return {
    pane(time) {
      const unit = floorTo(line.unit(time), width, origin);
      return inGap(unit) ? Number.NaN : line.time(unit);
    },
    lastEnd: (pane) => line.time(floorTo(line.unit(pane), slide, origin) + size),
    nextEnd(pane, after) {
      const unit = line.unit(pane);
      const last = floorTo(unit, slide, origin) + size;
      if (line.time(last) <= after) return Number.POSITIVE_INFINITY;
      // Ends lie at origin + size + k × slide; the first one behind both the pane's start and `after`.
      const behind = Math.max(unit, after === Number.NEGATIVE_INFINITY ? unit : line.unit(after));
      return line.time(floorTo(behind - size, slide, origin) + slide + size);
    },
    startOf: (end) => line.time(line.unit(end) - size),
  };
}

/** tumbling windows without the general case's divisions */
export function tumbling(line: Line, size: number, origin: number): Grid {
  const grid = hopping(line, size, size, origin);
  if (line !== milliseconds) return grid;
  return { ...grid, pane: (time) => origin + Math.floor((time - origin) / size) * size };
}

/**
 * Windows that grow by `step` from a start every `max` units up to `max` (Flink SQL: CUMULATE).
 * `stepsOf` line may be finer than the line of the whole: hours of a calendar day, of which there may be 23 or 25.
 */
export function cumulating(line: Line, max: number, step: number, origin: number, stepLine: Line = line): Grid {
  const start = (time: number) => line.time(floorTo(line.unit(time), max, origin));
  const end = (time: number) => line.time(floorTo(line.unit(time), max, origin) + max);
  const stepEnd = (time: number, from: number) => {
    const first = stepLine.unit(from);
    return Math.min(stepLine.time(floorTo(stepLine.unit(time), step, first) + step), end(from));
  };
  return {
    pane(time) {
      const from = start(time);
      return stepLine.time(floorTo(stepLine.unit(time), step, stepLine.unit(from)));
    },
    lastEnd: end,
    nextEnd(pane, after) {
      const from = start(pane);
      if (end(pane) <= after) return Number.POSITIVE_INFINITY;
      return stepEnd(Math.max(pane, after), from);
    },
    startOf: (at) => start(at - 1),
  };
}
