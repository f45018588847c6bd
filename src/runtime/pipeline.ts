// in: the stages of a plan, with the other inputs of those that have two
// out: their operators, one behind the other, and the stream that what they work on is pulled from

import type { Feeder, Operator, Receiver, TwoInputOperator } from '../model/stage.ts';
import type { PlannedStage, RightPlan, SourcePlan } from '../plan/plan.ts';
import type { OnBadLine } from '../sources/formats/reader.ts';
import { type Input, type InputRules, openInputs } from '../sources/input.ts';
import { IterableInput } from '../sources/iterable-input.ts';
import type { Chunks } from '../sources/iterable.ts';
import { BranchInStep, BranchStream, FedStream, inStepState } from './branch.ts';
import { ChainContext, isStopped, type Shared } from './context.ts';
import type { BadLine, BadLines } from './dead-letters.ts';
import { InputStream, type StreamRules } from './input-stream.ts';
import type { Stream } from './stream.ts';
import type { FrontPool } from './parallel/front-pool.ts';
import type { FrontStream } from './parallel/front-stream.ts';
import { TwoInputStream } from './two-input-stream.ts';

/** Makes the stream whose records go to a chain; `shared` tells when the chain wants no more. */
type MakeStream = (chain: Receiver, shared: Shared) => Stream;

/** Puts the streams and operators of a job together. */
export class PipelineBuilder {
  /**
   * By place: index of the stage, and `right` with the index there for the stages of its other input, such as `2.right.0`.
   */
  readonly operators = new Map<string, Operator>();
  private readonly streams: InputStream[] = [];

  constructor(
    private readonly inputs: ReadonlyMap<SourcePlan, readonly Input[]>,
    private readonly rules: Pick<StreamRules, 'signal' | 'isSaved' | 'onEnd'> & { readonly keeps: boolean },
    /** of a job with fronts: makes the streams of sources */
    private readonly fronts?: FrontPool,
  ) {}

  /** Stages in front of `out`, down to the source. @param first index of the first stage that is not in a front */
  build(stages: readonly PlannedStage[], out: Receiver, shared: Shared, source: MakeStream, path = '', first = 0): Stream {
    let chain = out;
    for (let i = stages.length - 1; i >= first; i--) {
      const context = new ChainContext(shared, chain);
      const { plan } = stages[i]!;
      const made = plan.create(context);
      const stateful = (plan.isEvictable && shared.disk?.behind(made, context)) || made;
      // A stage that only passes on is what stands behind it.
      if (made !== chain) {
        this.operators.set(`${path}${i}`, stateful);
        shared.meter?.add(`${path}${i}`, stages[i]!.call, stateful);
      }
      const right = plan.right as RightPlan | undefined;
      const place = `${path}${i}.right.`;
      if (!right) chain = stateful;
      else if (right.isBranch && !right.feed) {
        chain = this.inStep(made as TwoInputOperator, right, shared, place);
        this.operators.set(`${path}${i}`, inStepState(made as TwoInputOperator, stateful));
      }
      else {
        const left = (to: Receiver, of: Shared) => this.build(stages.slice(0, i), to, of, source, path, first);
        return this.join(made as TwoInputOperator, left, right, shared, place);
      }
    }
    return source(chain, shared);
  }

  /** The stream of a source's files. */
  source(plan: SourcePlan): MakeStream {
    return (chain, shared) => {
      const { summary, dead } = shared;
      const rules = { ...this.rules, summary, alarms: shared.alarms, onBadLine: (bad: BadLine) => dead.take(bad), isStopped: () => isStopped(shared), idle: plan.idle };
      if (this.fronts) return this.front(this.fronts.stream(plan, this.inputs.get(plan)!, chain, shared, rules));
      const stream = new InputStream(plan.layout, this.inputs.get(plan)!, chain, rules);
      this.streams.push(stream);
      return stream;
    };
  }

  private front(stream: FrontStream): FrontStream {
    for (const [place, operator] of stream.operators()) this.operators.set(place, operator);
    return stream;
  }

  /** Closes what is still open of all inputs: the job is over, or has failed. */
  async close(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.close()));
  }

  private inStep(operator: TwoInputOperator, right: RightPlan, shared: Shared, path: string): Receiver {
    let head: Receiver | undefined;
    this.build(right.stages, operator.right, sideOf(shared), (chain) => new FedStream((head = chain)), path);
    return new BranchInStep(operator, head!);
  }

  private join(operator: TwoInputOperator, makeLeft: MakeStream, right: RightPlan, shared: Shared, path: string): Stream {
    const rightShared = sideOf(shared);
    if (right.source) {
      const left = makeLeft(operator, sideOf(shared));
      return new TwoInputStream(operator, left, this.build(right.stages, operator.right, rightShared, this.source(right.source), path, right.front?.before), this.rules.signal, this.rules.keeps);
    }
    let feeder: Feeder | undefined;
    const fed: MakeStream = (chain) => {
      const stream = new FedStream(chain);
      feeder = operator.feeder(new ChainContext(rightShared, stream));
      return stream;
    };
    const branch = this.build(right.stages, operator.right, rightShared, fed, path);
    return new BranchStream(operator, makeLeft(operator, shared), branch, feeder!, this.rules.signal);
  }
}

/** One input of a stage with two may stop reading while the other goes on; both stop when what is behind the stage wants no more. */
function sideOf(shared: Shared): Shared {
  return Object.create(shared) as Shared;
}

/** Opens all files that are read. `chunks`: what is read in the place of stdin. Throws WeirError for one that cannot be there. */
export function openSources(sources: readonly SourcePlan[], dead: BadLines, { inOrder, note, warn, chunks }: Pick<InputRules, 'inOrder' | 'note' | 'warn'> & { readonly chunks?: Chunks | undefined }): Map<SourcePlan, readonly Input[]> {
  const onBadLine: OnBadLine = (error, line) => dead.take({ reason: error.reason, source: error.source, line: error.line, text: line.toString('latin1') });
  return new Map(
    sources.map((source) => {
      const rules = { format: source.format, follow: source.follow, inOrder: inOrder && !chunks, note, warn, onBadLine };
      return [source, chunks && source.files.length === 0 ? [new IterableInput(chunks, rules)] : openInputs(source.files, rules)];
    }),
  );
}

/** The sources of all other inputs, and of those in them. */
export function sourcesOf(stages: readonly PlannedStage[]): SourcePlan[] {
  return rightsOf(stages).flatMap(({ source, stages: inner }) => [...(source ? [source] : []), ...sourcesOf(inner)]);
}

/** The other inputs of the stages. */
export function rightsOf(stages: readonly PlannedStage[]): RightPlan[] {
  return stages.flatMap(({ plan }) => (plan.right ? [plan.right as RightPlan] : []));
}
