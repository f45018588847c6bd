// in: a promise
// out: what it gives, unless the job is stopped before, or it takes too long

/** What a wait gives that was given up. */
export const GIVEN_UP = Symbol('given up');

/** What a timer can take. */
const LONGEST_MS = 2 ** 31 - 1;

/** Waits, but never longer than until the job is to stop. One wait at a time; nothing is left behind by those that are over, however many there were. */
export class Patience {
  private giveUp: (() => void) | undefined;

  constructor(private readonly signal: AbortSignal | undefined) {
    signal?.addEventListener('abort', () => this.giveUp?.(), { once: true });
  }

  get isStopped(): boolean {
    return this.signal?.aborted === true;
  }

  /** GIVEN_UP: the job is to stop, or `ms` are over. */
  wait<T>(promise: Promise<T>, ms?: number): Promise<T | typeof GIVEN_UP> {
    if (this.isStopped) return Promise.resolve(GIVEN_UP);
    return new Promise((resolve, reject) => {
      this.giveUp = () => resolve(GIVEN_UP);
      // A timer may be early by a part of a ms.
      const timer = ms === undefined ? undefined : setTimeout(this.giveUp, Math.min(Math.ceil(ms) + 1, LONGEST_MS));
      promise.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}
