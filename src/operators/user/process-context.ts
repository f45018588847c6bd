// in: the calls that user code makes
// out: what it is given as `ctx`

import type { ProcessContext, States, TimeDomain, Timers } from '../../model/user.ts';
import type { Caller } from './caller.ts';
import type { KeyState } from './key-state.ts';
import type { DomainTimers } from './key-states.ts';
import { type Emissions, recordText, type SideOutputs } from './emissions.ts';

/** Its methods may be taken off it: `const { emit, key } = ctx`. */
export class ProcessCall implements ProcessContext {
  time: number | undefined = undefined;
  watermark = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly caller: Caller,
    private readonly main: Emissions,
    private readonly sides: SideOutputs,
    timers: DomainTimers,
    private readonly now: () => number,
    readonly state: States,
    readonly broadcast: States,
  ) {
    const { event, processing } = timers;
    this.timers = { at: event.at, delete: event.delete, atProcessingTime: processing.at, deleteProcessingTime: processing.delete };
  }

  readonly timers: Timers;
  timeDomain: TimeDomain | undefined = undefined;

  /** the key at hand */
  current: KeyState | undefined = undefined;

  get processingTime(): number {
    return this.now();
  }

  get key(): unknown {
    return this.current?.key;
  }

  readonly emit = (record: object): void => {
    this.caller.check('ctx.emit');
    this.main.add(recordText(record, 'ctx.emit was given'));
  };

  readonly side = (name: string, record: object): void => {
    this.caller.check('ctx.side');
    this.sides.add(name, record);
  };
}
