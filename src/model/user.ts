// in: nothing
// out: what user modules of `process` and `apply` are given and what they look like; the package exports these types

/** A record as user code sees it: JSON.parse of a line; window bounds are ms. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- only the user knows the fields
export type AnyRecord = { [field: string]: any };

export interface StateOptions {
  /**
   * What was written is forgotten this long after its last write: ms, or a DUR such as `1h30m`. Counted in event time where records have
   * one (it is gone once the watermark is at the time of the write + ttl), by the wall clock otherwise. Elements of lists and entries of maps have lives of their own.
   */
  readonly ttl?: string | number;
}

/** One value per key. Values are what the structured clone knows without loss: no functions, no instances of classes. */
export interface ValueState<T> {
  /** undefined: there is none */
  get(): T | undefined;
  /** `undefined` clears it */
  set(value: T | undefined): void;
  clear(): void;
}

/** A list per key. */
export interface ListState<T> extends Iterable<T> {
  /** The elements, in an array of their own. */
  get(): T[];
  add(value: T): void;
  /** Puts these in the place of all elements. */
  set(values: Iterable<T>): void;
  /** The same as `set`. */
  update(values: Iterable<T>): void;
  clear(): void;
  readonly size: number;
}

/** What the entries of a map state are named by. */
export type MapKey = string | number | bigint | boolean;

/** A map per key; entries stay in the order in which they first came. */
export interface MapState<K extends MapKey, T> extends Iterable<[K, T]> {
  get(key: K): T | undefined;
  set(key: K, value: T): void;
  has(key: K): boolean;
  /** Whether there was one. */
  delete(key: K): boolean;
  keys(): IterableIterator<K>;
  values(): IterableIterator<T>;
  entries(): IterableIterator<[K, T]>;
  readonly size: number;
  clear(): void;
}

/** State by name. A handle is good for the whole job and always means the key at hand, so it may be got once, in `open`. */
export interface States {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  value<T = any>(name: string, options?: StateOptions): ValueState<T>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  list<T = any>(name: string, options?: StateOptions): ListState<T>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  map<K extends MapKey = string, T = any>(name: string, options?: StateOptions): MapState<K, T>;
}

/** Timers of the key at hand: in event time one per key and time, and one in processing time. */
export interface Timers {
  /** `onTimer` is called when the watermark next advances to `time` (ms) or beyond; a time that it has passed already counts as reached. */
  at(time: number): void;
  /** Nothing happens where there is no such timer. */
  delete(time: number): void;
  /**
   * `onTimer` is called when the clock reaches `time` (ms since 1970), between two records. Only where input may keep one waiting (a pipe, or files that are
   * followed): over files that are read to their end, none fires. Those that are left when input ends never do.
   */
  atProcessingTime(time: number): void;
  deleteProcessingTime(time: number): void;
}

/** What a timer waits for: the watermark, or the clock. */
export type TimeDomain = 'event' | 'processing';

/** What `apply` gives its module beside the record. */
export interface ApplyContext {
  /** event time in ms: of the record, or of the timer; undefined where records have none */
  readonly time: number | undefined;
  /** ms; -Infinity: none yet; +Infinity: the input has ended. In `onRecord`: the one before the record */
  readonly watermark: number;
  /** Passes a record on, as JSON.stringify writes it. */
  emit(record: object): void;
}

/** What `process` gives its module. */
export interface ProcessContext extends ApplyContext {
  /** the value of --by; an array where it has several; undefined where there is none (`open`, `onBroadcast`, `close`) */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly key: any;
  /** Writes a record to the file of `--side name=FILE`. */
  side(name: string, record: object): void;
  readonly timers: Timers;
  /** what the clock says: ms since 1970 */
  readonly processingTime: number;
  /** in `onTimer`: which kind of timer it is. What one of processing time emits has the latest event time that a record had, as `time` says */
  readonly timeDomain: TimeDomain | undefined;
  /** state of the key at hand */
  readonly state: States;
  /** state that is no key's: `onBroadcast` writes it, the others read it */
  readonly broadcast: States;
}

/** The default export of a module for `process`. Nothing in it may be async: records are taken one at a time, in order. */
export interface Process<R = AnyRecord> {
  /** Called once, before the first record. */
  open?(ctx: ProcessContext): void;
  onRecord(record: R, ctx: ProcessContext): void;
  onTimer?(time: number, ctx: ProcessContext): void;
  /** A record of --broadcast. */
  onBroadcast?(record: AnyRecord, ctx: ProcessContext): void;
  /** Called once, when the input has ended and all timers have fired. */
  close?(ctx: ProcessContext): void;
}

/** What comes of one record: a record, several, or nothing. */
export type ApplyResult = object | Iterable<object> | null | undefined | void;

/** The default export of a module for `apply`. */
export type Apply<R = AnyRecord> =
  | ((record: R, ctx: ApplyContext) => ApplyResult)
  | {
      open?(ctx: ApplyContext): void;
      onRecord(record: R, ctx: ApplyContext): ApplyResult;
      close?(ctx: ApplyContext): void;
    };
