// in: records
// out: the stages that look at one record only

import type { Expression } from 'acorn';
import { evaluate, evaluatePlain, type Scope } from '../evaluate.ts';
import { elementsOf, Lit, litOf, membersOf, type Value } from '../lit.ts';
import { type Rec, recordOf } from '../record.ts';
import { type Job, type Out, PassStage, Stage, writeLine } from '../stage.ts';
import type { Item } from '../syntax.ts';

export class Filter extends PassStage {
  constructor(
    job: Job,
    private readonly condition: Expression,
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    if (evaluatePlain(this.condition, this.scope(rec))) out.record(rec);
    else this.drop(rec, out);
  }
}

/** Stages that only say where records go. */
export class Pass extends PassStage {
  record(rec: Rec, out: Out): void {
    out.record(rec);
  }
}

/** What an item of ASSIGNS sets: one field, or one for each member of an object. */
function assigned(item: Item, scope: Scope): [string, Lit | undefined][] {
  const value = evaluate(item.node, scope);
  return item.spread ? membersOfValue(value) : [[item.name, litOf(value)]];
}

function membersOfValue(value: Value): [string, Lit][] {
  const lit = litOf(value);
  if (lit === undefined || !lit.text.startsWith('{')) return [];
  return membersOf(lit.text).map((m) => [m.name, new Lit(lit.text.slice(m.start, m.end))]);
}

export class MapFields extends PassStage {
  constructor(
    job: Job,
    private readonly items: readonly Item[],
  ) {
    super(job);
  }

  /** Each item sees what those before it have set; the record itself changes once, so that what is set twice keeps its place. */
  record(rec: Rec, out: Out): void {
    let seen = rec;
    const values = new Map<string, Lit | undefined>();
    for (const item of this.items) {
      for (const [name, value] of assigned(item, this.scope(seen))) {
        seen = seen.set(name, value);
        values.set(name, value);
      }
    }
    out.record([...values].reduce((made, [name, value]) => made.set(name, value), rec));
  }
}

export class Select extends PassStage {
  constructor(
    job: Job,
    private readonly items: readonly Item[],
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    const fields: [string, Lit | undefined][] = [];
    const known = new Map<string, Lit | undefined>();
    const scope: Scope = { ...this.scope(rec), field: (name) => (known.has(name) ? known.get(name) : rec.get(name)) };
    for (const item of this.items) {
      for (const [name, value] of assigned(item, scope)) {
        known.set(name, value);
        fields.push([name, value]);
      }
    }
    out.record(recordOf(fields, rec.beside));
  }
}

export class Drop extends PassStage {
  constructor(
    job: Job,
    private readonly names: readonly string[],
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    out.record(rec.without(this.names));
  }
}

export class Rename extends PassStage {
  constructor(
    job: Job,
    private readonly pairs: ReadonlyMap<string, string>,
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    out.record(rec.renamed(this.pairs));
  }
}

export class Unnest extends Stage {
  constructor(
    job: Job,
    private readonly name: string,
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    const list = rec.get(this.name);
    if (!list?.text.startsWith('[')) return;
    for (const element of elementsOf(list.text)) out.record(rec.set(this.name, new Lit(element)));
  }
}

/** Behind its last record the stream has ended. */
export class Head extends PassStage {
  private seen = 0;

  constructor(
    job: Job,
    private readonly count: number,
  ) {
    super(job);
  }

  override begin(out: Out): void {
    if (this.count === 0) out.watermark(Number.POSITIVE_INFINITY);
  }

  private get hasEnded(): boolean {
    return this.seen >= this.count;
  }

  record(rec: Rec, out: Out): void {
    if (this.hasEnded) return;
    this.seen++;
    out.record(rec);
    if (this.hasEnded) out.watermark(Number.POSITIVE_INFINITY);
  }

  override dropped(time: number, out: Out): void {
    if (!this.hasEnded) out.dropped(time);
  }

  override advance(watermark: number, out: Out): void {
    if (!this.hasEnded) super.advance(watermark, out);
  }
}

/** `tee`, and `to`, which passes nothing on. */
export class ToFile extends PassStage {
  constructor(
    job: Job,
    private readonly file: string,
    private readonly pass: boolean,
  ) {
    super(job);
    job.files.set(file, []);
  }

  record(rec: Rec, out: Out): void {
    writeLine(this.job, this.file, rec.text);
    if (this.pass) out.record(rec);
  }
}
