// in: lines of JSON
// out: records: their text, with fields read, set, taken out and renamed in it, and their event time and window beside it

import { Lit, type Member, memberOf, membersOf } from './lit.ts';

/** [start, end) in ms. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What goes with a record beside its fields. */
export interface Beside {
  readonly time?: number | undefined;
  readonly window?: Span | undefined;
}

/** A record is its text. Nothing of it ever changes: whatever does something to it makes another one. */
export class Rec {
  constructor(
    readonly text: string,
    readonly beside: Beside = {},
    /** fields that hold times of weir's own, in ms */
    readonly times: ReadonlyMap<string, number> = new Map(),
  ) {}

  get time(): number | undefined {
    return this.beside.time;
  }

  get window(): Span | undefined {
    return this.beside.window;
  }

  /** The record with another event time or window. */
  with(beside: Beside): Rec {
    return new Rec(this.text, { ...this.beside, ...beside }, this.times);
  }

  private readonly fields = new Map<string, Lit | undefined>();

  get(name: string): Lit | undefined {
    if (!this.fields.has(name)) this.fields.set(name, this.read(name));
    return this.fields.get(name);
  }

  private read(name: string): Lit | undefined {
    const found = memberOf(this.text, name);
    return found && new Lit(found.text, this.times.get(name));
  }

  /** The whole record, without the white space around it. */
  whole(): Lit {
    return new Lit(this.text.trim());
  }

  /** Sets a field where it stands (of duplicates the last), or behind the last one. */
  set(name: string, value: Lit | undefined): Rec {
    if (value === undefined) return this.without([name]);
    const old = membersOf(this.text).findLast((m) => m.name === name);
    const text = old ? this.text.slice(0, old.start) + value.text + this.text.slice(old.end) : this.append(name, value);
    const times = new Map(this.times);
    times.delete(name);
    if (value.ms !== undefined) times.set(name, value.ms);
    return new Rec(text, this.beside, times);
  }

  private append(name: string, value: Lit): string {
    const brace = this.text.lastIndexOf('}');
    const comma = membersOf(this.text).length > 0 ? ',' : '';
    return `${this.text.slice(0, brace)}${comma}${JSON.stringify(name)}:${value.text}${this.text.slice(brace)}`;
  }

  /** Takes fields out. A record that has none of them stays byte for byte; one that loses some is written without white space between its members. */
  without(names: readonly string[]): Rec {
    return this.rewrite(names, (m) => (names.includes(m.name) ? null : m.name));
  }

  /** Gives fields other names, where they stand; a field that has had the new name goes. */
  renamed(pairs: ReadonlyMap<string, string>): Rec {
    const present = membersOf(this.text).filter((m) => pairs.has(m.name));
    const taken = present.map((m) => pairs.get(m.name));
    const times = new Map([...this.times].flatMap(([name, ms]) => (taken.includes(name) ? [] : [[pairs.get(name) ?? name, ms] as const])));
    for (const [from, to] of pairs) if (this.times.has(from)) times.set(to, this.times.get(from)!);
    const made = this.rewrite([...pairs.keys()], (m) => pairs.get(m.name) ?? (taken.includes(m.name) ? null : m.name));
    return new Rec(made.text, this.beside, times);
  }

  /** `name` tells what a member is called from here on; null: it goes. */
  private rewrite(touched: readonly string[], name: (member: Member) => string | null): Rec {
    const members = membersOf(this.text);
    if (!members.some((m) => touched.includes(m.name))) return this;
    const parts = members.flatMap((m) => {
      const to = name(m);
      const key = to === m.name ? this.text.slice(m.keyStart, m.keyEnd) : JSON.stringify(to);
      return to === null ? [] : [`${key}:${this.text.slice(m.start, m.end)}`];
    });
    const times = new Map([...this.times].filter(([n]) => !touched.includes(n)));
    return new Rec(`{${parts.join(',')}}`, this.beside, times);
  }
}

/** A new record of these fields, in this order; the last of equal names counts, in the place of the first. Undefined ones are left out. */
export function recordOf(fields: readonly (readonly [string, Lit | undefined])[], beside: Beside): Rec {
  return [...new Map(fields)].reduce((made, [name, value]) => made.set(name, value), new Rec('{}', beside));
}
