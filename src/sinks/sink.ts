// in: nothing
// out: what everything that takes a job's output can do

import { Exit, WeirError } from '../model/errors.ts';

/** Takes NDJSON lines, many at a time: what it is given has been handed on when the call returns. */
export interface LineSink {
  /** Whole lines. The bytes are the caller's again when it returns. Throws ClosedPipe, WeirError. */
  write(lines: Buffer): void;
  /** Nothing follows. */
  close(): void;
}

/** An output that can be cut back to where it was, and gone on with. */
export interface Sink extends LineSink {
  /** How far it was written, and what it must know to go on from there. */
  save(): SinkState;
  /** Brings what was written to disk, where there is one. Throws WeirError. */
  sync(): Promise<void>;
  /** Takes off what stands behind the place where writing begins; called once, before the first write. Throws WeirError. */
  begin(): void;
}

/** How far an output was written, as plain data that JSON can hold. */
export interface SinkState {
  /** files can be cut; all else, such as pipes, cannot */
  readonly kind: 'file' | 'stream';
  /** absolute path, or `stdout` */
  readonly name: string;
  readonly device: string;
  readonly inode: string;
  /** length of the file */
  readonly bytes: number;
  /** the last bytes that were written, base64 */
  readonly tail: string;
  /** what a format keeps, such as the columns of CSV */
  readonly format?: unknown;
}

/** Nobody reads any more what we write (`| head`): the way for a job to end early and quietly. */
export class ClosedPipe extends WeirError {
  constructor() {
    super('the pipe that took the output is closed', Exit.done);
  }
}
