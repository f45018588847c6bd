// in: nothing
// out: what everything that records flow from can do

/** A flow of records that is pulled on, and pushes what comes of it to the chain of operators behind it. */
export interface Stream {
  /** Reads on, a block or so. False: the end, and the chain behind it has been told (`after` = +∞, `end`), unless the job was stopped from outside. */
  pull(): Promise<boolean>;
  /** Nothing has come for as long as --idle says (the shortest there is in this stream): of two inputs, this one does not hold the watermark back until its next record. A pull that waits returns when it becomes so. */
  readonly isIdle?: boolean;
}
