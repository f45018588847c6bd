// in: records
// out: the same records, with an event time from here on

import { barePath } from '../expr/ast.ts';
import { compileValue } from '../expr/compile.ts';
import { toTime } from '../expr/iso.ts';
import { parseExpression } from '../expr/parse.ts';
import { type Zone, zoneOf } from '../expr/zone.ts';
import type { Batch } from '../model/batch.ts';
import { MAX_ROWS, type TokenColumn } from '../model/column.ts';
import { parseDuration } from '../model/duration.ts';
import type { JobSettings, Operator, OperatorContext, Point, StageDefinition } from '../model/stage.ts';
import type { StateReader, StateWriter } from '../model/state.ts';
import { parseTimes, TimeStatus } from '../scan/columns.ts';

export const time: StageDefinition = {
  name: 'time',
  summary: 'assigns event time in mid-pipeline',
  description: [
    'Sets the event time of each record from an expression: ms since the epoch (or the unit of --time-unit), or an ISO-8601 text. It also starts a watermark of its own, which replaces the one before.',
    'A record whose expression gives no usable time is an error, which --on-error may turn into a skipped line.',
  ],
  arguments: [{ name: 'EXPR', help: 'event time: a number in the unit of --time-unit, or an ISO-8601 text' }],
  options: [
    { name: 'delay', value: 'DUR', help: 'how far behind the latest time the watermark stays', default: '0' },
    { name: 'idle', value: 'DUR', help: 'after a silence this long (by the clock) the watermark goes to the latest time there was, without the delay' },
  ],
  examples: [
    {
      note: 'Time from a field that only a part of the records has',
      command: `weir filter 'kind == "hit"' then time at then tumble 1m 'n = count()'`,
      input: [
        '{"kind":"start"}',
        '{"kind":"hit","at":"2026-01-01T00:00:01Z"}',
        '{"kind":"hit","at":"2026-01-01T00:00:59Z"}',
      ].join('\n'),
      output: '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:01:00.000Z","n":2}',
    },
  ],
  plan(call, point) {
    const text = call.args[0]!;
    const delay = parseDuration((call.options['delay'] as string | undefined) ?? '0').ms;
    const silence = call.options['idle'] as string | undefined;
    const idle = silence === undefined ? Number.POSITIVE_INFINITY : parseDuration(silence, { positive: true }).ms;
    const times = planTimes(text, point);
    point.timed = true;
    point.delay = delay;
    point.windowed = false;
    return {
      distribution: { kind: 'forward' },
      ordered: true,
      rejects: true,
      state: 'the latest time',
      create: (context) => new TimeAssigner(context, times(), delay, text, idle),
    };
  },
};

/** Times of the selected rows of a batch, ms, by row; NaN where there is none that can be used. */
type Times = (batch: Batch) => Float64Array;

function planTimes(text: string, point: Point): () => Times {
  const expression = parseExpression(text);
  const zone = zoneOf(point.settings.zone);
  const path = barePath(expression);
  const ref = path && path.length > 0 ? point.field(path) : undefined;
  if (ref?.register.kind === 'token' && ref.rest.length === 0) return () => tokenTimes(ref.register.index, point.settings, zone);
  const compiled = compileValue(expression, point);
  return () => {
    const values: unknown[] = new Array(MAX_ROWS);
    const times = new Float64Array(MAX_ROWS);
    return (batch) => {
      compiled.evaluate(batch, values);
      for (let k = 0; k < batch.count; k++) times[batch.sel[k]!] = valueTime(values[batch.sel[k]!], point.settings, zone);
      return times;
    };
  };
}

function tokenTimes(register: number, settings: JobSettings, zone: Zone): Times {
  return (batch) => {
    batch.locate([register]);
    const column = batch.columns[register] as TokenColumn;
    const { values, status } = parseTimes(batch, column, settings.timeUnit);
    if (settings.zone !== 'UTC') {
      for (let k = 0; k < batch.count; k++) {
        const row = batch.sel[k]!;
        if (status[row] === TimeStatus.local) values[row] = toTime(batch.read(column, row), zone);
      }
    }
    return values;
  };
}

const MS_PER = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const;

function valueTime(value: unknown, { timeUnit }: JobSettings, zone: Zone): number {
  if (typeof value !== 'number') return Math.floor(toTime(value, zone));
  // A product may miss a whole ms by its last bit.
  const ms = value * MS_PER[timeUnit];
  return Math.floor(Math.abs(ms - Math.round(ms)) < 1e-6 ? Math.round(ms) : ms);
}

/**
 * Gives records their time, and the stream its watermark: the latest time so far - delay - 1 ms, after each record
 * (Flink: BoundedOutOfOrdernessWatermarks, but punctual).
 */
class TimeAssigner implements Operator {
  private latest = Number.NEGATIVE_INFINITY;
  /** the watermark that silence has led to: it never goes back */
  private floor = Number.NEGATIVE_INFINITY;
  /** when the last record came, on the clock of the wall */
  private seen = 0;

  constructor(
    private readonly context: OperatorContext,
    private readonly times: Times,
    private readonly delay: number,
    private readonly text: string,
    /** ms; Infinity: silence means nothing */
    private readonly idle: number,
  ) {}

  push(batch: Batch): void {
    if (this.idle < Number.POSITIVE_INFINITY) this.listen(batch);
    const watermark = this.assign(batch, batch.count > 0 ? this.times(batch) : batch.time);
    batch.after = batch.after === Number.POSITIVE_INFINITY ? batch.after : watermark;
    this.context.out.push(batch);
  }

  /** After silence nothing is waited for any more: the watermark goes to the latest time. */
  private listen(batch: Batch): void {
    const now = performance.now();
    if (batch.count > 0) this.seen = now;
    else if (now - this.seen >= this.idle) this.floor = this.latest;
  }

  /** Returns the watermark behind the last row. */
  private assign(batch: Batch, times: Float64Array): number {
    const { sel, time, watermark, rows, count } = batch;
    let now = Math.max(this.latest - this.delay - 1, this.floor);
    let kept = 0;
    for (let row = 0, k = 0; row < rows; row++) {
      watermark[row] = now;
      if (k === count || sel[k] !== row) {
        time[row] = Number.NaN;
        continue;
      }
      k++;
      const at = times[row]!;
      if (Number.isNaN(at)) {
        this.reject(batch, row, kept, now);
        continue;
      }
      time[row] = at;
      sel[kept++] = row;
      if (at > this.latest) {
        this.latest = at;
        now = Math.max(now, at - this.delay - 1);
      }
    }
    batch.count = kept;
    return now;
  }

  /** Where a record without a time ends the job, those before it are passed on first. */
  private reject(batch: Batch, row: number, before: number, watermark: number): void {
    if (this.context.rejectsFail) {
      batch.count = before;
      batch.after = watermark;
      this.context.out.push(batch);
    }
    this.context.reject(batch, row, `no usable time in \`${this.text}\``);
  }

  end(): void {
    this.context.out.end();
  }

  save(to: StateWriter): void {
    to.whole('latest', this.latest);
  }

  load(from: StateReader): void {
    this.latest = (from.whole('latest') as number | undefined) ?? this.latest;
  }
}
