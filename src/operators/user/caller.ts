// in: a function of the user's
// out: what it returns, with what it emitted on its way; what it throws says where and about which record

import type { GivenToCode } from '../../model/errors.ts';
import { isPromise } from './emissions.ts';
import { moduleError, type ModuleName } from './failure.ts';

/** Stands around each call of user code: `begin`, the call, `done`; `failure` where it threw. */
export class Caller {
  private isRunning = false;

  /** @param settle passes on what came before an error */
  constructor(
    private readonly module: ModuleName,
    private readonly settle: () => void,
  ) {}

  begin(): void {
    this.isRunning = true;
  }

  /** Throws TypeError where the user's function is not done yet. */
  done<T>(called: string, result: T): T {
    if (isPromise(result)) throw refusePromise(result, called);
    this.isRunning = false;
    return result;
  }

  /** The error to throw. `given`: what the function was given. */
  failure(error: unknown, given: GivenToCode): Error {
    this.isRunning = false;
    this.settle();
    return moduleError(error, this.module, given);
  }

  /** All of it, for calls that are rare. Throws ModuleError. */
  run(called: string, work: () => unknown, when: string): void {
    this.begin();
    try {
      this.done(called, work());
    } catch (error) {
      throw this.failure(error, { text: when });
    }
  }

  /** Throws where user code kept something of the context for later. */
  check(called: string): void {
    if (!this.isRunning) throw new Error(`${called} was called when no function of the module was running`);
  }
}

function refusePromise(promise: PromiseLike<unknown>, called: string): TypeError {
  // Nobody waits for it, so its failure must not end the process in our place.
  promise.then(undefined, () => {});
  return new TypeError(`${called} returned a promise: records are taken one at a time, in order, so nothing may be async`);
}

