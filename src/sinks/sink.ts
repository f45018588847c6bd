// in: nothing
// out: what everything that takes a job's output can do

import { Exit, WeirError } from '../model/errors.ts';

/** Takes NDJSON lines, many at a time: what it is given has been handed on when the call returns. */
export interface Sink {
  /** Whole lines. The bytes are the caller's again when it returns. Throws ClosedPipe, WeirError. */
  write(lines: Buffer): void;
  /** Nothing follows. */
  close(): void;
}

/** Nobody reads any more what we write (`| head`): the way for a job to end early and quietly. */
export class ClosedPipe extends WeirError {
  constructor() {
    super('the pipe that took the output is closed', Exit.done);
  }
}
