// in: the names of a left and a right record's members
// out: what becomes of the right ones behind those of the left record

import { encodeBytes } from '../../model/token.ts';

/** What becomes of the fields of a right record behind those of a left one. */
export interface FlatPlan {
  /** fields that stand behind, their keys with their colons, and the indexes of their values */
  readonly behind: readonly { readonly name: string; readonly key: string; readonly value: number }[];
  /** fields of the left record that get another value: those that have the name with the prefix already */
  readonly instead: readonly { readonly name: string; readonly value: number }[];
}

/** What becomes of a right record's members, in order, behind those of a left one: its new name; undefined: it is dropped. */
export type MemberNames = readonly (string | undefined)[];

/** @param shared fields that are there already, as keys of the same name */
export function planFlat(left: readonly string[], right: readonly string[], shared: ReadonlySet<string>): FlatPlan {
  const has = new Set(left);
  const behind = new Map<string, number>();
  const instead = new Map<string, number>();
  right.forEach((name, value) => {
    if (shared.has(name) && has.has(name)) return;
    const own = has.has(name) ? `right_${name}` : name;
    (has.has(own) ? instead : behind).set(own, value);
  });
  return {
    behind: [...behind].map(([name, value]) => ({ name, key: `${encodeBytes(JSON.stringify(name))}:`, value })),
    instead: [...instead].map(([name, value]) => ({ name, value })),
  };
}
