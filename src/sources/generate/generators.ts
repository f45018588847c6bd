// in: the name of a sample stream
// out: what makes it

import { access } from './access.ts';
import { nexmark } from './nexmark.ts';
import type { Generator, GeneratorRules } from './rules.ts';
import { fares, rides } from './taxi.ts';

export const generators: Readonly<Record<string, (rules: GeneratorRules) => Generator>> = { access, rides, fares, nexmark };
