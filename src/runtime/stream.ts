// in: nothing
// out: what everything that records flow from can do

/** A flow of records that is pulled on, and pushes what comes of it to the chain of operators behind it. */
export interface Stream {
  /** Reads on, a block or so. False: the end, and the chain behind it has been told (`after` = +∞, `end`), unless the job was stopped from outside. */
  pull(): Promise<boolean>;
  /** Of a stream that is given its records from elsewhere: goes on as far as it can with those. */
  settle?(): Promise<void>;
  /** How far it has come, and what it has read but not passed on yet, as plain data; called between two pulls, or while one waits, unless it `isBusy`. */
  save(): unknown;
  /** It waits in the middle of a record, which only a pull that has ended is sure not to do. */
  readonly isBusy?: boolean;
  /** Takes that back; called before the first pull. Throws WeirError (exit 3) where the input is not what it was. */
  load(saved: unknown): void | Promise<void>;
  /** Nothing has come for as long as --idle says (the shortest there is in this stream): of two inputs, this one does not hold the watermark back until its next record. A pull that waits returns when it becomes so. */
  readonly isIdle?: boolean;
}
