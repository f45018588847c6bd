// in: records
// out: a row per N records of a key

import { compileAggregates } from '../expr/aggregates/plan.ts';
import { AggregateStates } from '../expr/aggregates/states.ts';
import type { Batch } from '../model/batch.ts';
import type { Operator, OperatorContext, StageDefinition } from '../model/stage.ts';
import type { Evictable, HeldState, StateReader, StateWriter } from '../model/state.ts';
import { type Kept, KeyedState } from '../state/keyed-state.ts';
import { memory } from '../wasm/memory.ts';
import { byKeys, Keys, planKeys } from './groups/keys.ts';
import { keyTexts, type KeyTexts, planRowResults, RowResults } from './groups/row-results.ts';
import { wholeNumber } from './numbers.ts';
import { keysOf } from './windows/plan.ts';
import { by } from './options.ts';
import { tellingSkipped } from './groups/skipped.ts';

export const countWindow: StageDefinition = {
  name: 'count-window',
  summary: 'aggregates every N records of a key',
  description: [
    'Prints a row when a key has had N records; with --every M, each M records over the last N at most. A window that is not full when input ends prints nothing.',
  ],
  arguments: [{ name: 'N', help: 'records of a window' }, { name: 'AGGS', help: 'a comma list of name = aggregate' }],
  options: [{ name: 'every', value: 'M', help: 'a result each M records, over the last N', default: 'N' }, by],
  examples: [
    {
      note: 'Means of two readings',
      command: "weir count-window 2 'mean = avg(t)' --by room",
      input: [
        '{"room":"a","t":20}',
        '{"room":"b","t":18}',
        '{"room":"a","t":21}',
        '{"room":"a","t":25}',
      ].join('\n'),
      output: '{"room":"a","mean":20.5}',
    },
  ],
  plan(call, point) {
    const size = wholeNumber('N', call.args[0]!, 1);
    const every = call.options['every'] === undefined ? size : wholeNumber('--every', call.options['every'] as string, 1);
    const keys = planKeys(keysOf(call, point), point);
    const aggregates = compileAggregates(call.args[1]!, point, { keys });
    const results = planRowResults(point, false, keys, aggregates);
    return {
      distribution: byKeys(keys),
      state: 'open windows per key',
      isEvictable: true,
      create: (context) => tellingSkipped(new CountWindows(context, { size, every }, new Keys(keys), new AggregateStates(aggregates), new RowResults(context, results)), aggregates, context),
    };
  },
};

/** The windows of one key. */
interface Series extends Kept {
  readonly keys: KeyTexts;
  /** records so far */
  count: number;
  /** the record at which the first window ends that is not open yet */
  next: number;
  readonly open: { readonly states: unknown[]; readonly end: number }[];
}

interface SavedSeries {
  readonly count: number;
  readonly next: number;
  readonly open: readonly [end: number, states: unknown[]][];
}

/** A row at each M-th record of a key, over its last N (Flink: countWindow(N, M)). */
class CountWindows implements Operator, Evictable {
  readonly evictable = this;
  private readonly series = new KeyedState<Series>('windows', {
    save: ({ count, next, open }) => ({ count, next, open: open.map(({ states, end }) => [end, this.states.save(states)]) }),
    load: (saved, key) => this.loaded(saved as SavedSeries, key),
  });

  constructor(
    private readonly context: OperatorContext,
    private readonly extent: { readonly size: number; readonly every: number },
    readonly keys: Keys,
    private readonly states: AggregateStates,
    private readonly results: RowResults,
  ) {}

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    if (batch.count > 0) {
      this.keys.encode(batch);
      this.states.evaluate(batch);
    }
    for (let k = 0; k < batch.count; k++) this.take(batch, batch.sel[k]!);
    this.results.flush(batch.after);
    kernels.scratchSet(mark);
  }

  private take(batch: Batch, row: number): void {
    const key = this.keys.text(row);
    const { size, every } = this.extent;
    let series = this.series.get(key);
    if (!series) this.series.set(key, (series = { version: 0, keys: keyTexts(key), count: 0, next: every, open: [] }));
    const at = ++series.count;
    for (; series.next - size < at; series.next += every) series.open.push({ states: this.states.create(), end: series.next });
    for (const { states } of series.open) this.states.add(states, row);
    if (series.open[0]?.end !== at) return;
    const { states } = series.open.shift()!;
    this.context.cause.sequence = batch.sequence[row]!;
    this.results.watermark = batch.watermark[row]!;
    this.results.add(series.keys, (keys) => this.states.finish(states, keys), batch.time[row]!);
  }

  end(): void {
    this.context.out.end();
  }

  held(): HeldState {
    return this.series.held();
  }

  evict(): void {
    this.series.clear();
  }

  save(to: StateWriter): void {
    this.series.save(to);
  }

  load(from: StateReader): void {
    this.series.load(from);
  }

  private loaded({ count, next, open }: SavedSeries, key: string): Series {
    return { version: 0, keys: keyTexts(key), count, next, open: open.map(([end, states]) => ({ states: this.states.load(states), end })) };
  }
}
