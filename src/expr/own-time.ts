// in: fields and values that are times of weir's own, such as window bounds
// out: ms since 1970, however they are printed (DESIGN 4: "Times of weir's own are ms numbers inside expressions")

import type { Path, Scope } from '../model/column.ts';
import { unwrap } from '../model/token.ts';
import { parseIso } from './iso.ts';
import { zoneOf } from './zone.ts';

/** Whether a field is a time of weir's own; no path: it is none. */
export function isOwnTime(path: Path | undefined, scope: Scope): boolean {
  return path?.length === 1 && scope.times?.includes(String(path[0])) === true;
}

/** Such a time in ms, whether it is a number already or the text that it prints as; of an array, each of them; anything else as it is. */
export function ownTime(value: unknown): unknown {
  const known = unwrap(value);
  if (Array.isArray(known)) return known.map(ownTime);
  const ms = typeof known === 'string' ? parseIso(known, zoneOf('UTC')) : Number.NaN;
  return Number.isNaN(ms) ? known : ms;
}
