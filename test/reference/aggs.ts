// in: AGGS of a stage, and the records of a group
// out: the fields that they make

import { aggregate } from './aggregates.ts';
import { check } from './check.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { usage } from './failure.ts';
import { type Lit, litOf } from './lit.ts';
import { type Item, parseItems } from './syntax.ts';

/** A comma list of `name = aggregate`; each item sees the keys and the items before it. */
export class Aggs {
  readonly items: readonly Item[];

  constructor(text: string, keys: readonly string[]) {
    this.items = parseItems(text);
    const names = [...keys];
    for (const { node, name } of this.items) {
      check(node, { aggregates: true, names });
      if (names.includes(name)) throw usage(`two fields of a row are called ${name}`);
      names.push(name);
    }
  }

  fields(records: readonly Scope[], keys: readonly (readonly [string, Lit])[], zone: string): [string, Lit | undefined][] {
    const known = new Map<string, Lit | undefined>(keys);
    const scope = groupScope(records, known, zone);
    return this.items.map(({ name, node }) => {
      const value = litOf(evaluate(node, scope));
      known.set(name, value);
      return [name, value];
    });
  }
}

function groupScope(records: readonly Scope[], known: ReadonlyMap<string, Lit | undefined>, zone: string): Scope {
  return {
    zone,
    field: (name) => known.get(name),
    record: () => undefined,
    eventTime: () => undefined,
    watermark: () => Number.NaN,
    aggregate: (node) => aggregate(node, records),
  };
}
