// in: blocks of the input; rows of its own keys from all subtasks
// out: rows for other subtasks; what comes of each block, for the coordinator
//
// The way of a record: a block that the coordinator dealt → scan → stages of the task `blocks` → by key, to the subtask of the key →
// stages of the task `keyed`, block by block in the order of input → lines with labels → the coordinator, which puts them in order.

import type { Area } from '../../wasm/area.ts';
import type { Operator, Receiver } from '../../model/stage.ts';
import { KEY_GROUPS } from '../../model/state.ts';
import { keyedSubtasks, type TaskPlan } from '../../plan/tasks.ts';
import type { Block } from '../blocks.ts';
import type { StatesRead } from '../../snapshot/states.ts';
import { makeChain, type Shared } from '../context.ts';
import { type CapturedStates, loadStates } from '../operator-states.ts';
import { SinkSet } from '../sink-set.ts';
import { StateCollector } from '../../state/collected.ts';
import { sizes } from '../sizes.ts';
import { RecordSource } from '../source.ts';
import { isMetered, peakMemory, StateMeter } from '../state-meter.ts';
import { emptySummary } from '../summary.ts';
import { CombiningOutlet } from './combining.ts';
import { FrameFeed } from './frame-feed.ts';
import { bytesTravel, FrameOutlet, frameSpec, LineOutlet, type Outlet, subtaskOf } from './outlets.ts';
import { BlockLines, type Failure, failureOf, type Made, type PlacedWholes, type SubtaskHeld, type Taken } from './parts.ts';

/** Where what a subtask makes goes to. Areas are the receiver's. */
export interface SubtaskOutput {
  rows(target: number, block: number, area: Area): void;
  taken(block: number, taken: Taken): void;
  output(block: number, area: Area, made: Made): void;
}

export interface SubtaskRules {
  readonly index: number;
  readonly parallelism: number;
  readonly inputs: readonly string[];
  /** whether the first line that is no record ends the job */
  readonly isFatal: boolean;
  /** whether records behind the exchange need their bytes */
  readonly needsBytes: boolean;
  /** of a front (plan/fronts.ts): the way to its pipeline; what its operators keep is told with each block */
  readonly front?: string;
}

/** One subtask of the tasks `blocks` and `keyed`. */
export class Subtask {
  private readonly summary = emptySummary();
  private readonly meter = new StateMeter();
  private readonly index: number;
  private readonly isFront: boolean;
  /** subtasks that have keys */
  private readonly targets: number;
  private readonly bad: BlockLines;
  private warnings: string[] = [];
  private readonly skips = new Map<string, number>();
  private readonly source: RecordSource;
  private readonly first: Outlet;
  private readonly lines: LineOutlet | undefined;
  /** of a subtask that has keys of its own */
  private readonly keyed: FrameFeed | undefined;
  /** of the block at hand */
  private at = nothing();
  /** by their place in the pipeline: those that blocks go through, and those that rows of its own keys do */
  private readonly operators = { blocks: new Map<string, Operator>(), keyed: new Map<string, Operator>() };

  constructor(
    tasks: TaskPlan,
    rules: SubtaskRules,
    private readonly output: SubtaskOutput,
  ) {
    this.isFront = rules.front !== undefined;
    this.bad = new BlockLines(rules.isFatal);
    const shared: Shared = {
      summary: this.summary,
      dead: this.bad,
      files: new Map(),
      warned: new Set(),
      skips: this.skips,
      sinks: new SinkSet(rules.inputs, undefined),
      isStopped: false,
      isOrdered: true,
      warn: (text) => this.warnings.push(text),
      meter: isMetered(tasks.plan.job.options) ? this.meter : undefined,
    };
    this.index = rules.index;
    let chain: Receiver | undefined;
    const targets = (this.targets = keyedSubtasks(tasks, rules.parallelism));
    if (rules.index < targets) {
      this.lines = new LineOutlet(tasks.gather?.writer ?? tasks.plan.output, tasks.gather ? 'numbers' : 'order');
      chain = makeChain(tasks.keyed, shared, this.lines, this.operators.keyed);
    }
    // Which is known when the chains behind the exchange have been made.
    const needsBytes = rules.needsBytes || bytesTravel(tasks);
    this.keyed = chain && new FrameFeed(tasks.exchange!, frameSpec(tasks, needsBytes), chain);
    this.first = tasks.exchange ? new (tasks.receiving?.plan.combine ? CombiningOutlet : FrameOutlet)(tasks, Math.max(1, targets), needsBytes) : (this.lines = new LineOutlet(tasks.plan.output));
    this.source = new RecordSource(tasks.plan.source.layout, makeChain(tasks.blocks, shared, this.first, this.operators.blocks, rules.front), (bad) => this.bad.take(bad), () => false, sizes.batchRows);
  }

  /** Works on a piece of the block at hand, the pieces being in order. @param before bytes of input before it */
  take(piece: Block, source: string, before: number): void {
    const { records } = this.source;
    if (this.at.failure) return;
    this.source.open(source, this.at.lines + 1);
    this.source.jump(before);
    try {
      this.source.take(piece);
    } catch (error) {
      this.fail(failureOf(error));
    }
    this.at.lines = this.source.nextLine - 1;
    this.at.records += this.source.records - records;
    this.at.bytes += piece.end - piece.start;
  }

  /** The block at hand ends here. */
  fail(failure: Failure): void {
    this.at.failure ??= failure;
  }

  /** The block at hand is over: what came of it goes to the subtasks of its keys. */
  finish(number: number): void {
    this.output.taken(number, { ...this.at, bad: this.bad.takeAll() });
    this.at = nothing();
    if (this.targets > 0) this.first.takeBlock().forEach((area, target) => this.output.rows(target, number, area));
    else this.output.output(number, this.first.takeBlock()[0]!, this.made());
  }

  /** Works on a block's rows of its own keys; all blocks before have been. Frees them. */
  takeRows(number: number, rows: Area): void {
    let failure;
    try {
      this.keyed!.take(rows);
    } catch (error) {
      failure = failureOf(error);
    }
    rows.free();
    this.output.output(number, this.lines!.takeBlock()[0]!, { ...this.made(), ...(failure && { failure }) });
  }

  /** All blocks have been: what is open comes out as though by a last block. @param bytes of all input */
  drain(number: number, bytes: number): void {
    let failure;
    this.meter.look();
    try {
      this.keyed?.drain(bytes);
    } catch (error) {
      failure = failureOf(error);
    }
    if (this.keyed) this.output.output(number, this.lines!.takeBlock()[0]!, { ...this.made(), ...(failure && { failure }) });
  }

  /** Whether some keys are its own. */
  get hasKeys(): boolean {
    return this.keyed !== undefined;
  }

  /** Takes back what a snapshot holds of its operators. */
  load(states: StatesRead): void {
    const groups = new Set(Array.from({ length: KEY_GROUPS }, (_, group) => group).filter((group) => subtaskOf(group, this.targets) === this.index));
    loadStates(this.operators.blocks, states);
    loadStates(this.operators.keyed, states, groups);
  }

  /** Those that blocks go through, by their place. */
  get blockOperators(): ReadonlyMap<string, Operator> {
    return this.operators.blocks;
  }

  /** What the operators that blocks go through keep, by their place: no key's. */
  get wholes(): PlacedWholes {
    return [...this.operators.blocks].map(([place, operator]) => {
      const collector = new StateCollector();
      operator.save?.(collector);
      return [place, collector.wholes] as const;
    });
  }

  /** Adds what its operators keep at this moment. */
  capture(which: 'blocks' | 'keyed', states: CapturedStates): void {
    states.add(this.operators[which]);
  }

  private held(): SubtaskHeld | undefined {
    this.meter.lookIfDue();
    return this.meter.isEmpty ? undefined : { subtask: this.index, stages: this.meter.figures, memory: peakMemory() };
  }

  /** Figures since the last time. */
  private made(): Made {
    const { late, delay } = this.summary;
    const { warnings } = this;
    const made = { bad: this.bad.takeAll(), records: this.lines?.records ?? 0, after: this.lines?.after ?? Number.NEGATIVE_INFINITY, late, delay, warnings, skips: [...this.skips], held: this.held(), ...(this.isFront && { wholes: this.wholes }) };
    this.skips.clear();
    if (this.lines) this.lines.records = 0;
    [this.summary.late, this.summary.delay, this.warnings] = [0, 0, []];
    return made;
  }
}

function nothing(): { -readonly [name in keyof Omit<Taken, 'bad'>]: Taken[name] } {
  return { lines: 0, records: 0, bytes: 0 };
}
