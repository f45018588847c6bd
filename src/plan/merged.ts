// in: a field that another one's new name falls on (`rename`)
// out: what the name means from there on, in records that have the one, the other or both

import type { Register } from '../model/column.ts';
import type { LayoutSpec, MemberAction, WriterSpec } from './layout.ts';

/** A place of a field in records that lack the one that was renamed to it. */
export interface Spare {
  /** missing where the other one is there */
  register(): Register;
  /** the name under which the record's bytes may have it */
  readonly place: string | undefined;
}

/** A field that got its name by `rename`: a record that lacks it under the old name keeps what has the new one. */
export interface Merged {
  /** whichever the record has */
  register(): Register;
  readonly spares: readonly Spare[];
}

/** @param here the field that is renamed @param there what has the name so far @param places where that is */
export function merge(layout: LayoutSpec, here: () => Register, there: () => Register, places: readonly Spare[]): Merged {
  const spares = places.map(({ register, place }) => ({ register: () => layout.choice('unless', here(), register()), place }));
  return { register: () => layout.choice('either', here(), there()), spares };
}

/** The same in a layout that copies. */
export function copied(layout: LayoutSpec, { register, spares }: Merged): Merged {
  const behind = (of: () => Register) => () => layout.copied(of());
  return { register: behind(register), spares: spares.map((spare) => ({ register: behind(spare.register), place: spare.place })) };
}

/** What is to be written for spares: their fields, and the places among them whose name is theirs already, so that nothing need be done there. */
export function writeSpares(layout: LayoutSpec, merged: ReadonlyMap<string, Merged>, members: Map<string, MemberAction>): { fields: WriterSpec['fields']; asTheyAre: ReadonlySet<string> } {
  const asTheyAre = new Set<string>();
  const fields = [...merged].flatMap(([name, { spares }]) =>
    spares.map(({ register, place }) => {
      if (place !== undefined) {
        layout.scanned(place);
        members.set(place, { name, isSet: true });
      }
      if (place === name) asTheyAre.add(place);
      return { name, register: register(), place };
    }),
  );
  return { fields, asTheyAre };
}
