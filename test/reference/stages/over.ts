// in: records
// out: `over`: each record with aggregates over itself and those before it

import type { CallExpression } from 'acorn';
import { aggregate, aggregateOf } from '../aggregates.ts';
import { evaluate, evaluatePlain, type Scope } from '../evaluate.ts';
import { litOf, type Value } from '../lit.ts';
import type { Rec } from '../record.ts';
import { type Job, type Keys, type Out, Stage } from '../stage.ts';
import type { Item } from '../syntax.ts';

export interface OverOptions {
  readonly items: readonly Item[];
  readonly keys: Keys;
  /** the record and so many before it */
  readonly rows: number | undefined;
  /** the record, those of equal time, and those at most so many ms before it */
  readonly range: number | undefined;
}

interface Waiting {
  readonly rec: Rec;
  readonly scope: Scope;
}

export class Over extends Stage {
  private waiting: Waiting[] = [];
  private readonly histories = new Map<string, Scope[]>();

  constructor(
    job: Job,
    private readonly timed: boolean,
    private readonly options: OverOptions,
  ) {
    super(job);
  }

  record(rec: Rec, out: Out): void {
    const scope = this.scope(rec);
    if (!this.timed) return this.emit([{ rec, scope }], out);
    if (rec.time! < this.now) return this.late(rec, undefined);
    this.waiting.push({ rec, scope });
  }

  override dropped(time: number, out: Out): void {
    if (!this.timed) out.dropped(time);
  }

  /** In order of (time, arrival). */
  override fire(watermark: number, out: Out): void {
    const due = this.waiting.filter(({ rec }) => rec.time! <= watermark);
    this.waiting = this.waiting.filter((w) => !due.includes(w));
    this.emit(due.sort((a, b) => a.rec.time! - b.rec.time!), out);
  }

  /** All that are due join their histories first, so that records of equal time see each other. */
  private emit(due: readonly Waiting[], out: Out): void {
    const placed = due.map((w) => ({ ...w, ...this.join(w.scope) }));
    for (const { rec, scope, history, position } of placed) out.record(this.withFields(rec, scope, history, position));
  }

  private join(scope: Scope): { history: Scope[]; position: number } {
    const { text } = this.options.keys.of(scope);
    const history = this.histories.get(text) ?? [];
    this.histories.set(text, history);
    return { history, position: history.push(scope) - 1 };
  }

  private frame(history: readonly Scope[], position: number): readonly Scope[] {
    const { rows, range } = this.options;
    if (range !== undefined) {
      const time = history[position]!.eventTime()!;
      return history.filter((s) => s.eventTime()! >= time - range && s.eventTime()! <= time);
    }
    return history.slice(rows === undefined ? 0 : Math.max(0, position - rows), position + 1);
  }

  private withFields(rec: Rec, scope: Scope, history: readonly Scope[], position: number): Rec {
    const frame = this.frame(history, position);
    let made = rec;
    for (const { name, node } of this.options.items) {
      const known = made;
      const inner: Scope = { ...scope, field: (n) => known.get(n), record: () => known.whole(), aggregate: (call) => this.call(call, frame, history, position) };
      made = made.set(name, litOf(evaluate(node, inner)));
    }
    return made;
  }

  private call(node: CallExpression, frame: readonly Scope[], history: readonly Scope[], position: number): { value: Value } | undefined {
    const found = aggregateOf(node);
    if (found?.name === 'row_number') return { value: position + 1 };
    return found?.name === 'lag' ? { value: lag(found.args, history, position) } : aggregate(node, frame);
  }
}

/** The value that the expression had n records before (1), or the default (null). */
function lag([what, n, otherwise]: readonly { type: string }[], history: readonly Scope[], position: number): Value {
  const here = history[position]!;
  const distance = n ? (evaluatePlain(n, here) as number) : 1;
  const there = history[position - distance];
  if (there) return evaluate(what!, there) ?? null;
  return otherwise ? evaluate(otherwise, here) : null;
}
