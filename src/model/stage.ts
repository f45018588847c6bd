// in: nothing
// out: the contract between a stage's file, the plan that checks it, the command line that describes it and the runtime that runs it

import type { Batch } from './batch.ts';
import type { Register, Scope } from './column.ts';
import type { Evicted, Piece, Stateful } from './state.ts';

/** An option as the command line, help, man page and completion show it. */
export interface OptionSpec {
  /** long name without dashes, such as `allowed-lateness` */
  readonly name: string;
  /** one letter, such as `p` */
  readonly short?: string;
  /** the word for its value in help, such as `DUR`; none: a switch */
  readonly value?: string;
  /** words it can be, for help and completion */
  readonly choices?: readonly string[];
  /** may be given several times */
  readonly repeat?: boolean;
  /** one sentence, no full stop */
  readonly help: string;
  /** the default as help shows it */
  readonly default?: string;
}

/** A positional word of a stage. */
export interface ArgumentSpec {
  readonly name: string;
  readonly help: string;
  readonly optional?: boolean;
  /** takes all words that are left */
  readonly variadic?: boolean;
}

/** A command that can be run as it stands, with what it reads and prints; help and man show it, tests run it. */
export interface Example {
  readonly note: string;
  /** a shell command */
  readonly command: string;
  /** given on stdin */
  readonly input?: string;
  readonly output: string;
}

/** The words of one stage, taken apart. */
export interface StageCall {
  readonly name: string;
  /** of stages that take a MODULE: its default export, where a program gives it instead of a file's name */
  readonly module?: unknown;
  readonly args: readonly string[];
  /** by option name; `true` for a switch; an array for one that repeats */
  readonly options: Readonly<Record<string, string | true | readonly string[] | undefined>>;
}

/** Settings of the job that stages may depend on. */
export interface JobSettings {
  /** IANA zone of calendar windows and zone-less times */
  readonly zone: string;
  readonly timestamps: 'iso' | 'ms';
  readonly timeUnit: 's' | 'ms' | 'us' | 'ns';
}

/** A point of a pipeline while it is planned: what records look like there. Stages change it; what they change holds behind them. */
export interface Point extends Scope {
  readonly settings: JobSettings;
  /** records have an event time */
  timed: boolean;
  /** ms that the watermark stays behind it */
  delay: number;
  /** records belong to windows */
  windowed: boolean;
  /** KEYS of a `key-by` before, for keyed stages without `--by` */
  keyBy: string | undefined;
  /** Sets a field in place or at the end; the register is the operator's to fill at each batch. */
  assign(name: string, kind: 'token' | 'value', isTime?: boolean): Register;
  /** Gives a field a register that is filled already (a bare path: its literal is kept). */
  alias(name: string, register: Register): void;
  /** Takes fields out. */
  drop(names: readonly string[]): void;
  /** Fields keep their place and get another name. */
  rename(pairs: ReadonlyMap<string, string>): void;
  /** From here on a record has only these fields, in this order. */
  only(names: readonly string[]): void;
  /**
   * From here on records are new ones, in batches of their own.
   * `bytes`: they have bytes of their own (their fields are found by scanning them); otherwise only fields that are assigned next.
   */
  renew(bytes: boolean): Layout;
  /** From here on records come in batches of their own, copied row by row (`context.copier`): one row may become several. */
  derive(): Layout;
  /**
   * From here on records are ones that were kept as JsonText, and come out again later (`context.records`).
   * `times`: names of their top-level fields that are times of weir's own; not given: those that are so here.
   */
  reissue(times?: readonly string[]): Layout;
  /** Names of the top-level fields here that are times of weir's own. */
  readonly times: readonly string[];
  /** The other input of a stage that has two, planned up to its end. Throws UsageError. */
  right(text: string, rules?: RightRules): RightInput;
  /** The layout of the batches at this point. */
  readonly layout: Layout;
  /** A way to write whole records as they are at this point. */
  writer(): RecordWriterSpec;
}

/** What a stage with two inputs knows of the other one. */
export interface RightRules {
  /** event time does not matter there, so records need none unless a stage of the input asks for it */
  readonly isTimeless?: boolean;
}

/** The other input of a stage with two: RIGHT, as it was planned. */
export interface RightInput {
  /** what its records look like at its end */
  readonly point: Point;
  /** it is made of the records of the stream at the stage, not read from files of its own */
  readonly isBranch: boolean;
  /** a branch that has to be given the records one by one: what they are there; otherwise its rows are the very rows of the stream, some of them filtered out */
  readonly feed: Layout | undefined;
  /** a branch of a stream whose watermark behind a batch is just the one before its next row, however the input is cut into blocks */
  readonly isExact: boolean;
}

/** The registers of batches between two places where records are made; the runtime builds batches from it. */
export interface Layout {
  readonly id: number;
}

/** What the runtime needs to write records as they were at one point of the plan. */
export interface RecordWriterSpec {
  readonly layout: Layout;
}

/** How the records of a stage are dealt out to its subtasks. */
export interface Distribution {
  readonly kind: 'forward' | 'hash' | 'single' | 'rebalance' | 'broadcast';
  readonly keys?: readonly string[];
  /** of `hash`: makes what tells records apart; without it one subtask takes them all */
  readonly partitioner?: () => Partitioner;
  /** The steps of the watermark that matter to the stage beside those at its own records: the ones where this number changes. Not given: all. */
  readonly steps?: (watermark: number) => number;
}

/** Tells to which subtask a record belongs. */
export interface Partitioner {
  /** Hashes of the keys of the selected rows, by row; valid until the next call. */
  hashes(batch: Batch): Uint32Array;
}

/**
 * What the rows that an operator passes on come of. With it, the results of subtasks that know nothing of one another
 * are put in the order that one subtask would have given them.
 */
export interface Cause {
  /** sequence number of the row, or STEP before that of the row before which the watermark stepped */
  sequence: number;
  /** of rows that one step of the watermark lets out: texts (one char a byte) whose order is theirs */
  order: string;
  /** whether anybody asks for `order` */
  readonly isOrdered: boolean;
}

/** What some rows add up to: groups as a snapshot would hold them. */
export interface PartialGroups {
  /** what the groups belong to, such as the start of a pane */
  readonly of: number;
  /** how many rows */
  readonly rows: number;
  /** before the last of them */
  readonly watermark: number;
  readonly piece: Piece;
  /** by aggregate call: how many values it left out because they are no numbers */
  readonly skipped: readonly number[];
}

/** Adds rows up for an operator that is elsewhere, where that gives it exactly what the rows would (MapReduce's combiner, Flink's local aggregation). */
export interface Combiner {
  /** rows that were added and have not been taken, and the groups that they became */
  readonly rows: number;
  readonly groups: number;
  /** The batch whose rows are to be added; what it puts on the scratch stack is the caller's to give back. */
  prepare(batch: Batch): void;
  /** Adds the rows sel[from … to-1]. */
  add(batch: Batch, from: number, to: number): void;
  /** Hands over what has been added for the subtask `target`, and forgets it. What it gives is valid during the call. */
  take(target: number, use: (part: PartialGroups) => void): void;
}

/** What a stage became when it was planned. */
export interface StagePlan {
  /** what must be done before the first operator is made, such as loading a module; awaited once per process */
  prepare?(): Promise<void>;
  /** makes the operator that does it; called once per subtask */
  create(context: OperatorContext): Operator;
  /** how the records must be distributed for it: by key, to one subtask, or as they are */
  readonly distribution: Distribution;
  /**
   * Adds rows up before they are dealt out: as long as `distribution.steps` stays what it is, nothing but the sums of rows matters to its operators, which then `absorb` them.
   * @param targets subtasks that have keys @param targetOf the one that a key belongs to, by its hash
   */
  readonly combine?: ((targets: number, targetOf: (hash: number) => number) => Combiner) | undefined;
  /** its records must pass in the order of input, wherever they are, though they may come as they are: it assigns event time */
  readonly ordered?: boolean;
  /** it says how records are to be distributed, and leaves them as they are: wherever it runs, they may stay */
  readonly isHint?: boolean;
  /** it looks at the clock, and so has to run where input is waited for */
  readonly isClocked?: boolean;
  /** it may find a record unusable, and says on which line that stands */
  readonly rejects?: boolean;
  /** state that it keeps, in words for `weir explain`; none: stateless */
  readonly state?: string;
  /** its operator's keyed state can be put out of memory (`--state level`) */
  readonly isEvictable?: boolean;
  /** the other input, as `point.right` gave it: then `create` makes a TwoInputOperator */
  readonly right?: RightInput;
}

/** A stage: its help and behaviour together. `operators/table.ts` lists them all. */
export interface StageDefinition {
  readonly name: string;
  /** one line for the list of stages */
  readonly summary: string;
  /** paragraphs for `weir help STAGE` and the man page */
  readonly description: readonly string[];
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
  /** Checks the words, compiles expressions, and changes `point` to what records look like behind the stage. Throws UsageError. */
  plan(call: StageCall, point: Point): StagePlan;
}

/** Takes batches in order. */
export interface Receiver {
  /** A batch; it is the receiver's until the call returns. */
  push(batch: Batch): void;
  /** No batch will follow. The last one had `after` = +Infinity if open windows are to fire (drain). */
  end(): void;
}

/** What does a stage's work: takes batches, gives what comes of them to `context.out`, hands over and takes back its state. */
export interface Operator extends Receiver, Stateful {
  /** Of stages that `combine`: takes what rows add up to in their place. False: they were late. The watermark before them has been told. */
  absorb?(part: PartialGroups): boolean;
}

export type Side = 'left' | 'right';

/** Which of two inputs are idle. */
export type IdleSides = Readonly<Record<Side, boolean>>;

/**
 * An operator with two inputs. It is itself the receiver of the left one. What it is given it only keeps; `advance` and `takeRecord` go on with it,
 * in an order that does not depend on how the inputs are cut into batches.
 */
export interface TwoInputOperator extends Operator {
  readonly right: Receiver;
  /**
   * Two inputs with sources of their own: goes on as far as it can, and tells which of them it needs next. Undefined: both have ended, and what follows has been told.
   * @param idle inputs that have been silent for so long (--idle) that they are not waited for where time decides (Flink: withIdleness)
   */
  advance(idle?: IdleSides): Side | undefined;
  /** A branch: records of the stream that can be taken: all that stand before the last one, or, once the watermark behind it is known, this one, too. */
  readonly pending: number;
  /** The left input has ended. */
  readonly hasLeftEnded: boolean;
  /** A branch: takes the next record of the stream, and so many rows that the branch made of it (Infinity: all that are there). */
  takeRecord(rows: number): void;
  /** A branch: takes what it made of the watermark behind the record. */
  takeBranch(): void;
  /** A branch: what gives it the records of the stream one by one. */
  feeder(context: OperatorContext): Feeder;
  /** Rows that were given but not taken yet, as plain data; and back. */
  savePending(): unknown;
  loadPending(saved: unknown): void;
}

/** Gives a branch the records of its stream. */
export interface Feeder {
  /** The next pending record goes to `context.out`, as a batch of its own; the watermark stays where it was. */
  feed(): void;
  /** The watermark behind it follows. */
  step(): void;
  /** The stream has ended. */
  end(): void;
}

/** Bytes in kernel memory, filled from the front. */
export interface ByteArea {
  /** the first byte's address; changes when it grows */
  readonly at: number;
  used: number;
  /** address behind the last byte in use */
  readonly next: number;
  /** address behind the last byte that there is room for */
  readonly limit: number;
  /** Makes more room. What is there may move. */
  grow(): void;
}

/** Writes records as lines of text, one char a byte. */
export interface TextWriter {
  /** To be called while all rows that may be asked for are selected. */
  locate(batch: Batch): void;
  /** Sets lines[row], without its newline, for the selected rows. */
  lines(batch: Batch, lines: string[]): void;
  /** Appends the selected rows as lines, each with its newline. */
  append(batch: Batch, to: ByteArea): void;
}

/** Copies rows into a batch of a layout that `derive` gave. */
export interface RowCopier {
  /** the batch that rows are copied to */
  readonly batch: Batch;
  /** Copies a row with its fields, bytes, time, watermark and window to the next row, whose number is returned. */
  copy(from: Batch, row: number): number;
  /** Passes on the rows that were copied; the watermark behind them is `after`. Copying goes on in an empty batch. */
  flush(after: number): void;
  /** Whether no further row can be copied before a flush. */
  readonly isFull: boolean;
}

/** Makes batches of records that are given as JSON text. */
export interface RecordMaker {
  /** the batch that records are put into; columns that the stage assigns are filled by row */
  readonly batch: Batch;
  /** Adds a record; its row is returned. Passes on what is there first, where the batch is full: `watermark` is then the one behind it. */
  add(text: string, time: number, watermark: number): number;
  /** The address where a record of so many bytes at most can be written, for `added`. Passes on what is there first, where the batch is full. */
  room(bytes: number, watermark: number): number;
  /** Adds the record that stands from the address that `room` gave to `end`; its row is returned. */
  added(end: number, time: number, watermark: number): number;
  /** Passes on what is there; the watermark behind it is `after`. */
  flush(after: number): void;
}

/** Writes the selected rows of batches to a file beside the main output: late records, `tee`. */
export interface RecordOutput {
  write(batch: Batch): void;
}

/** Writes texts of records, one char a byte, as lines to a file beside the main output. */
export interface LineOutput {
  writeLine(text: string): void;
}

/** Processing time: what the clock on the wall says. */
export interface Clock {
  /** ms since 1970 */
  now(): number;
  /** When the clock reaches `time`, `work` is called between two batches, in the place of whatever this operator has asked for before. Infinity: nothing is. It need not be: see `Alarms`. */
  alarm(time: number, work: () => void): void;
}

/** What an operator is given. It never learns of processes, sockets, files' names or snapshots. */
export interface OperatorContext {
  readonly out: Receiver;
  /** to be kept up to date by operators that make rows, before they do */
  readonly cause: Cause;
  /** A batch for the layout that the stage's plan got from `renew`. */
  batch(layout: Layout): Batch;
  copier(layout: Layout): RowCopier;
  records(layout: Layout): RecordMaker;
  /** Records, as they are at the point that `writer` was got from, to a file of that name. */
  output(file: string, writer: RecordWriterSpec): RecordOutput;
  /** Records that are kept as text, to a file of that name. */
  lines(file: string): LineOutput;
  /** Writes records, as they are at the point that `writer` was got from. */
  texts(writer: RecordWriterSpec): TextWriter;
  /** Records, one if nothing is said, came too late; `delay` (ms) would have kept them. */
  late(delay: number, records?: number): void;
  /** A record cannot be used: ends the job, or sets the record aside, as --on-error says. Rows before it have been passed on. */
  reject(batch: Batch, row: number, reason: string): void;
  /** Whether `reject` ends the job. */
  readonly rejectsFail: boolean;
  /** Something worth a line on stderr, once per text. */
  warn(text: string): void;
  /** One of the operator's own. */
  readonly clock: Clock;
  /** An aggregate has left out so many values because they are no numbers; to be told at the end, since that is a line on stderr. */
  skipped(call: string, values: number): void;
  /** No more input is needed, as `head` knows. */
  stop(): void;
  /** keyed state of the operator that is not in memory */
  readonly evicted: Evicted;
}
