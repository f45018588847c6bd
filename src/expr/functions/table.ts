// in: the functions of time, text, numbers and values
// out: one table of them by name, for checks, code and help

import type { FunctionDefinition } from './definition.ts';
import { NUMBER_FUNCTIONS } from './number.ts';
import { TEXT_FUNCTIONS } from './text.ts';
import { TIME_FUNCTIONS } from './time.ts';
import { VALUE_FUNCTIONS } from './value.ts';

export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [...TIME_FUNCTIONS, ...TEXT_FUNCTIONS, ...NUMBER_FUNCTIONS, ...VALUE_FUNCTIONS].map((definition) => [definition.name, definition]),
);
