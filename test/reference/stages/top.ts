// in: records
// out: `top`: the best N per key, or per window and key

import type { Expression } from 'acorn';
import { evaluate } from '../evaluate.ts';
import { Lit } from '../lit.ts';
import { compareKeys, compareLists, keyOf } from '../order.ts';
import type { Rec, Span } from '../record.ts';
import { EndStage, type Job, type Key, type Keys, type Out, Stage } from '../stage.ts';

/** An expression to rank by; `down`: the highest is best. */
export interface By {
  readonly node: Expression;
  readonly down: boolean;
}

interface Candidate {
  readonly rec: Rec;
  /** keys of the values to rank by */
  readonly values: readonly string[];
}

interface Ranking {
  readonly key: Key;
  readonly span: Span | undefined;
  readonly candidates: Candidate[];
}

export interface TopOptions {
  readonly count: number;
  readonly by: readonly By[];
  readonly keys: Keys;
  readonly ties: boolean;
}

/** Candidates by window and key, and their order. */
class Rankings {
  private all: Ranking[] = [];

  constructor(private readonly options: TopOptions) {}

  add(rec: Rec, scope: Parameters<Keys['of']>[0], span: Span | undefined): void {
    const values = this.options.by.map(({ node }) => keyOf(evaluate(node, scope)));
    if (values.includes('null')) return;
    const key = this.options.keys.of(scope);
    let ranking = this.all.find((r) => r.key.text === key.text && r.span?.start === span?.start && r.span?.end === span?.end);
    if (!ranking) this.all.push((ranking = { key, span, candidates: [] }));
    ranking.candidates.push({ rec, values });
  }

  /** Takes out the rankings of the windows that are over, in order of (end, start, key). */
  take(isOver: (span: Span | undefined) => boolean): Ranking[] {
    const over = this.all.filter((r) => isOver(r.span));
    this.all = this.all.filter((r) => !over.includes(r));
    return over.sort((a, b) => (a.span && b.span ? a.span.end - b.span.end || a.span.start - b.span.start : 0) || compareLists(a.key.parts, b.key.parts));
  }

  private compare(a: Candidate, b: Candidate): number {
    for (const [i, { down }] of this.options.by.entries()) {
      const order = compareKeys(a.values[i]!, b.values[i]!) * (down ? -1 : 1);
      if (order !== 0) return order;
    }
    return 0;
  }

  /** Best first; of equal ones the first to come. With ties equal ones share the rank of the first, and ranks are left out behind them: 1, 1, 3. */
  best(ranking: Ranking): Rec[] {
    const { count, ties } = this.options;
    const sorted = [...ranking.candidates].sort((a, b) => this.compare(a, b));
    return sorted.flatMap((c, i) => {
      const rank = 1 + (ties ? sorted.findIndex((other) => this.compare(other, c) === 0) : i);
      return rank <= count ? [c.rec.set('rank', new Lit(String(rank)))] : [];
    });
  }
}

export class TopAtEnd extends EndStage {
  private readonly rankings: Rankings;

  constructor(job: Job, options: TopOptions) {
    super(job);
    this.rankings = new Rankings(options);
  }

  record(rec: Rec): void {
    this.rankings.add(rec, this.scope(rec), undefined);
  }

  finish(out: Out): void {
    for (const ranking of this.rankings.take(() => true)) for (const rec of this.rankings.best(ranking)) out.record(rec);
  }
}

/** `top --per-window`: when the watermark reaches the end of the window, at whose end the rows have their time. */
export class TopPerWindow extends Stage {
  private readonly rankings: Rankings;

  constructor(job: Job, options: TopOptions) {
    super(job);
    this.rankings = new Rankings(options);
  }

  record(rec: Rec): void {
    if (rec.window!.end - 1 <= this.now) return this.late(rec, undefined);
    this.rankings.add(rec, this.scope(rec), rec.window);
  }

  override fire(watermark: number, out: Out): void {
    for (const ranking of this.rankings.take((span) => span!.end - 1 <= watermark)) {
      for (const rec of this.rankings.best(ranking)) out.record(rec.with({ time: ranking.span!.end - 1 }));
    }
  }
}
