// in: nothing
// out: what everything that records flow from can do

/** A flow of records that is pulled on, and pushes what comes of it to the chain of operators behind it. */
export interface Stream {
  /** Reads on, a block or so. False: the end, and the chain behind it has been told (`after` = +∞, `end`), unless the job was stopped from outside. */
  pull(): Promise<boolean>;
  /** How far it has been read, as plain data that JSON can hold. Called between two batches, also while a pull waits for input. */
  save(): unknown;
  /** Goes on where another run has stopped; called before the first pull. Throws WeirError (exit 3) where the input is not what it was. */
  load(saved: unknown): Promise<void>;
}
