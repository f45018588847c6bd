// in: nothing
// out: what a stage is, and what it is given: settings, files, late records

import { type Item, parseItems } from './syntax.ts';
import { check } from './check.ts';
import type { Scope } from './evaluate.ts';
import { evaluate } from './evaluate.ts';
import { Lit, litOf, type Value } from './lit.ts';
import { keyOf } from './order.ts';
import type { Rec } from './record.ts';
import type { TimeUnit } from './times.ts';

/** What the job's options say, and the files that it writes. */
export interface Job {
  readonly zone: string;
  readonly timestamps: 'iso' | 'ms';
  readonly unit: TimeUnit;
  readonly skipErrors: boolean;
  /** lines by name of file */
  readonly files: Map<string, string[]>;
}

/** Where records and watermarks go. */
export interface Out {
  record(rec: Rec): void;
  /** A record of this event time was dropped on the way: it is none any more, but a join takes it in its turn, for what it does to the watermark. */
  dropped(time: number): void;
  watermark(ms: number): void;
}

/** A stage takes one record at a time, and the watermark after each. */
export abstract class Stage {
  /** the watermark that stands: the last one it was told */
  now = Number.NEGATIVE_INFINITY;

  constructor(readonly job: Job) {}

  /** Before the first record. */
  begin(_out: Out): void {}

  abstract record(rec: Rec, out: Out): void;

  /** A record was dropped before; a stage that makes records of its own knows nothing of it. */
  dropped(_time: number, _out: Out): void {}

  /** Prints what the watermark makes due. */
  fire(_watermark: number, _out: Out): void {}

  /** First it fires, then the watermark goes on. */
  advance(watermark: number, out: Out): void {
    this.now = watermark;
    this.fire(watermark, out);
    out.watermark(watermark);
  }

  protected scope(rec: Rec): Scope {
    return recordScope(rec, this.now, this.job.zone);
  }

  /** A record that came too late. */
  protected late(rec: Rec, file: string | undefined): void {
    if (file !== undefined) writeLine(this.job, file, rec.text);
  }
}

/** A stage behind which each record stands in the place of one before it. */
export abstract class PassStage extends Stage {
  override dropped(time: number, out: Out): void {
    out.dropped(time);
  }

  protected drop(rec: Rec, out: Out): void {
    if (rec.time !== undefined) out.dropped(rec.time);
  }
}

/** A stage that prints only when input ends, and holds the watermark back until then. */
export abstract class EndStage extends Stage {
  abstract finish(out: Out): void;

  override advance(watermark: number, out: Out): void {
    this.now = watermark;
    if (watermark !== Number.POSITIVE_INFINITY) return;
    this.finish(out);
    out.watermark(watermark);
  }
}

export function writeLine(job: Job, file: string, line: string): void {
  const lines = job.files.get(file) ?? [];
  lines.push(`${line}\n`);
  job.files.set(file, lines);
}

/** Names are fields of the record. */
export function recordScope(rec: Rec, watermark: number, zone: string): Scope {
  return { zone, field: (name) => rec.get(name), record: () => rec.whole(), eventTime: () => rec.time, watermark: () => watermark };
}

/** The key of a group: one text for all equal keys, and what is printed of it. */
export interface Key {
  readonly text: string;
  readonly parts: readonly string[];
  readonly values: readonly Lit[];
}

/** KEYS of a stage. */
export class Keys {
  readonly items: readonly Item[];

  constructor(text: string | undefined) {
    this.items = text === undefined ? [] : parseItems(text);
    for (const { node } of this.items) check(node, {});
  }

  get names(): string[] {
    return this.items.map((i) => i.name);
  }

  of(scope: Scope): Key {
    const values = this.items.map(({ node }) => keyLit(evaluate(node, scope)));
    const parts = values.map(keyOf);
    return { values, parts, text: JSON.stringify(parts) };
  }

  /** Fields of a row for its key. */
  fields(key: Key): [string, Lit][] {
    return this.items.map(({ name }, i) => [name, key.values[i]!]);
  }
}

/** Keys print in one way, however they were written. */
function keyLit(value: Value): Lit {
  const lit = litOf(value);
  return lit?.ms === undefined ? new Lit(keyOf(value)) : lit;
}
