// in: the calls that user code makes
// out: what it is given as `ctx`

import type { ProcessContext, States, Timers } from '../../model/user.ts';
import type { Caller } from './caller.ts';
import type { KeyState } from './key-state.ts';
import { type Emissions, recordText, type SideOutputs } from './emissions.ts';

/** Its methods may be taken off it: `const { emit, key } = ctx`. */
export class ProcessCall implements ProcessContext {
  time: number | undefined = undefined;
  watermark = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly caller: Caller,
    private readonly main: Emissions,
    private readonly sides: SideOutputs,
    readonly timers: Timers,
    readonly state: States,
    readonly broadcast: States,
  ) {}

  /** the key at hand */
  current: KeyState | undefined = undefined;

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
