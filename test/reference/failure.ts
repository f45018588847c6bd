// in: what went wrong
// out: errors with the exit code of the command

/** Ends the run; `exit` is the exit code. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exit: number,
  ) {
    super(message);
  }
}

/** The command line says nothing that can be run: exit 2. */
export function usage(message: string): Failure {
  return new Failure(message, 2);
}

/** Data that cannot be used: exit 1, or a line that --on-error leaves out. */
export class BadRecord extends Failure {
  constructor(message: string) {
    super(message, 1);
  }
}
