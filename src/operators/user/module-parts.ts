// in: nothing
// out: what a module of `process` works with, whoever brings it its records

import type { Clock } from '../../model/stage.ts';
import type { Process } from '../../model/user.ts';
import type { Emissions, SideOutputs } from './emissions.ts';
import type { ModuleName } from './failure.ts';

/** Made by the stage's plan. */
export interface ModuleParts {
  readonly name: ModuleName;
  readonly module: Process;
  /** records have event time */
  readonly isTimed: boolean;
  /** the stage runs as one subtask */
  readonly isAlone: boolean;
  readonly main: Emissions;
  readonly sides: SideOutputs;
  readonly clock: Clock;
  warn(text: string): void;
}
