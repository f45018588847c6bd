// in: the aggregates
// out: one table of them by name, for checks, plans and help

import { CHOICE_AGGREGATES } from './choices.ts';
import { COLLECTION_AGGREGATES } from './collections.ts';
import type { AggregateDefinition } from './definition.ts';
import { DISTINCT_AGGREGATES } from './distinct.ts';
import { NUMBER_AGGREGATES } from './numbers.ts';
import { OVER_AGGREGATES } from './over.ts';
import { QUANTILE_AGGREGATES } from './quantiles.ts';

export const AGGREGATES: ReadonlyMap<string, AggregateDefinition> = new Map(
  [
    ...NUMBER_AGGREGATES,
    ...CHOICE_AGGREGATES,
    ...COLLECTION_AGGREGATES,
    ...QUANTILE_AGGREGATES,
    ...DISTINCT_AGGREGATES,
    ...OVER_AGGREGATES,
  ].map((definition) => [definition.name, definition]),
);
