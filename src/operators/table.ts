// in: the file of each stage
// out: the list of all stages, in the order that help shows them

import type { StageDefinition } from '../model/stage.ts';
import { agg } from './agg.ts';
import { apply } from './apply.ts';
import { broadcast, rebalance } from './by-hand.ts';
import { countWindow } from './count-window.ts';
import { cumulate } from './cumulate.ts';
import { dedup } from './dedup.ts';
import { drop } from './drop.ts';
import { filter } from './filter.ts';
import { from } from './from.ts';
import { head } from './head.ts';
import { hop } from './hop.ts';
import { join } from './join.ts';
import { keyBy } from './key-by.ts';
import { map } from './map.ts';
import { over } from './over.ts';
import { perWindow } from './per-window.ts';
import { process } from './process.ts';
import { rename } from './rename.ts';
import { select } from './select.ts';
import { session } from './session.ts';
import { tee } from './tee.ts';
import { time } from './time.ts';
import { to } from './to.ts';
import { top } from './top.ts';
import { tumble } from './tumble.ts';
import { union } from './union.ts';
import { unnest } from './unnest.ts';
import { window } from './window.ts';

export const stages: readonly StageDefinition[] = [
  from,
  time,
  filter,
  map,
  select,
  drop,
  rename,
  unnest,
  window,
  tumble,
  hop,
  cumulate,
  session,
  countWindow,
  agg,
  perWindow,
  top,
  over,
  dedup,
  join,
  union,
  keyBy,
  rebalance,
  broadcast,
  process,
  apply,
  head,
  to,
  tee,
];
