// in: SIGINT, SIGTERM and SIGUSR1
// out: the wish that a job stops, or takes a savepoint; a second signal, or one while no job runs, ends the process at once

import { Exit } from '../model/errors.ts';

const EXITS = { SIGINT: Exit.interrupted, SIGTERM: Exit.terminated } as const;

export class Signals {
  private readonly controller = new AbortController();
  private exit: number | undefined;
  private jobRuns = false;
  private isIgnored = false;

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => this.arrived(EXITS[name]));
  }

  /** For a job that runs from now on: aborted by the first signal. */
  forJob(): AbortSignal {
    this.jobRuns = true;
    return this.controller.signal;
  }

  /** SIGUSR1 asks for a savepoint from now on; without a listener Node would take it as a wish for its debugger. */
  onSavepoint(take: () => void): void {
    process.on('SIGUSR1', take);
  }

  /** The exit code where a signal has stopped the job. */
  get stopped(): number | undefined {
    return this.exit;
  }

  /** Somebody else sees to them. */
  ignore(): void {
    this.isIgnored = true;
  }

  private arrived(exit: number): void {
    if (this.isIgnored) return;
    if (!this.jobRuns || this.exit !== undefined) process.exit(exit);
    this.exit = exit;
    this.controller.abort();
  }
}
