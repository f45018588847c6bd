// in: what stages say of the records behind them
// out: what names mean at each point of a pipeline

import type { FieldRef, Path, Register } from '../model/column.ts';
import type { JobSettings, Point, RightInput, RightRules } from '../model/stage.ts';
import { LayoutSpec, type MemberAction, type WriterSpec } from './layout.ts';
import { copied as copiedField, merge, type Merged, writeSpares } from './merged.ts';

interface Assigned {
  register: Register;
  /** the name under which the record's bytes have had it: it stays in that place */
  place?: string;
}

/** Plans RIGHT of a stage that stands at a point. Throws UsageError. */
export type PlanRight = (text: string, point: PlanPoint, rules: RightRules) => RightInput;

/** The point that the plan stands at; each stage in turn changes it. */
export class PlanPoint implements Point {
  timed = false;
  delay = 0;
  windowed = false;
  keyBy: string | undefined;
  layout: LayoutSpec;
  private bytes: boolean;
  private assigned = new Map<string, Assigned>();
  /** names of the bytes' members that are gone or called otherwise; null: gone */
  private renamed = new Map<string, string | null>();
  private merged = new Map<string, Merged>();
  private recordRegister: Register | undefined;
  private source: LayoutSpec;

  constructor(
    readonly settings: JobSettings,
    private readonly planRight: PlanRight,
  ) {
    this.bytes = true;
    this.source = this.layout = new LayoutSpec(true);
  }

  /** The same point, for a branch: names that change there do not change here. `layout`: its own one, for a trial. */
  branch(layout = this.layout): PlanPoint {
    const branch = new PlanPoint(this.settings, this.planRight);
    const { timed, delay, windowed, keyBy, bytes } = this;
    Object.assign(branch, { timed, delay, windowed, keyBy, bytes, layout, assigned: new Map(this.assigned), renamed: new Map(this.renamed), merged: new Map(this.merged), source: this.source });
    return branch;
  }

  /** The point behind which a branch is given its records one by one. */
  feed(): PlanPoint {
    const branch = this.branch();
    branch.source = branch.reissue();
    return branch;
  }

  /** Records come here in the batches of the source. */
  get isSource(): boolean {
    return this.layout === this.source;
  }

  right(text: string, rules: RightRules = {}): RightInput {
    return this.planRight(text, this, rules);
  }

  field(path: Path): FieldRef {
    const [name, ...rest] = path;
    const found = this.reader(String(name))?.();
    if (!found) return { register: this.layout.missing(), rest: [] };
    if (found.kind === 'value') return { register: found, rest };
    // Texts and arrays have a length, which is no token.
    const at = rest.includes('length') ? rest.indexOf('length') : rest.length;
    return { register: this.inside(found, rest.slice(0, at)), rest: rest.slice(at) };
  }

  private inside(register: Register, rest: Path): Register {
    let inner = register;
    for (const key of rest) inner = this.layout.member(inner, key);
    return inner;
  }

  /** The name that the bytes have for what is called `name` here; undefined: nothing there is called so. */
  private original(name: string): string | undefined {
    for (const [from, to] of this.renamed) if (to === name) return from;
    return this.renamed.has(name) ? undefined : name;
  }

  /** Gives the register of a top-level field; that makes the scan find it. undefined: there is no such field. */
  private reader(name: string): (() => Register) | undefined {
    const merged = this.merged.get(name);
    return merged ? () => merged.register() : this.first(name);
  }

  /** The same, of records that have it under the name that it had first. */
  private first(name: string): (() => Register) | undefined {
    const { layout } = this;
    const assigned = this.assigned.get(name);
    if (assigned) return () => assigned.register;
    const original = this.bytes ? this.original(name) : undefined;
    return original === undefined ? undefined : () => layout.scanned(original);
  }

  /** The name under which the records' bytes may have the field. */
  private place(name: string): string | undefined {
    const assigned = this.assigned.get(name);
    if (assigned) return assigned.place;
    return this.bytes ? this.original(name) : undefined;
  }

  record(): FieldRef {
    this.layout.readWhole();
    this.recordRegister ??= this.layout.add('value', { from: 'record', writer: this.writer() });
    return { register: this.recordRegister, rest: [] };
  }

  names(): string[] {
    return [...this.assigned.keys(), ...this.renamedNames(), ...(this.bytes ? this.layout.scannedNames().filter((n) => !this.renamed.has(n)) : [])];
  }

  private renamedNames(): string[] {
    return [...this.renamed.values()].filter((n) => n !== null);
  }

  assign(name: string, kind: 'token' | 'value', isTime = false): Register {
    const register = { ...this.layout.add(kind, { from: 'stage' }), isTime };
    this.alias(name, register);
    return register;
  }

  alias(name: string, register: Register): void {
    const place = this.place(name);
    this.merged.delete(name);
    this.assigned.set(name, { register, place });
    this.recordRegister = undefined;
  }

  drop(names: readonly string[]): void {
    for (const name of names) {
      const place = this.place(name);
      this.assigned.delete(name);
      this.merged.delete(name);
      if (place !== undefined) this.renamed.set(place, null);
    }
    this.recordRegister = undefined;
  }

  rename(all: ReadonlyMap<string, string>): void {
    const pairs = new Map([...all].filter(([from]) => this.reader(from) !== undefined));
    const places = [...pairs].map(([from, to]) => ({ to, place: this.place(from) }));
    const merged = [...pairs].flatMap(([from, to]) => this.merge(from, to, pairs.has(to)));
    this.drop([...pairs.values()].filter((to) => !pairs.has(to)));
    this.assigned = new Map([...this.assigned].map(([name, a]) => [pairs.get(name) ?? name, a]));
    for (const { to, place } of places) if (place !== undefined) this.renamed.set(place, to);
    this.merged = new Map([...[...this.merged].filter(([name]) => !pairs.has(name)), ...merged]);
    this.recordRegister = undefined;
  }

  /** What `to` is when `from` gets its name. Times of weir's own are in every record, or in none. */
  private merge(from: string, to: string, isFree: boolean): [string, Merged][] {
    const { layout } = this;
    const [here, there, before] = [this.reader(from)!, this.reader(to), this.merged.get(from)];
    if (isFree || !there || this.times.includes(from) || this.times.includes(to)) return before ? [[to, before]] : [];
    const places = [{ register: this.first(to)!, place: this.place(to) }, ...(this.merged.get(to)?.spares ?? [])];
    const { register, spares } = merge(layout, here, there, places);
    return [[to, { register, spares: [...(before?.spares ?? []), ...spares] }]];
  }

  only(names: readonly string[]): void {
    this.assigned = new Map(names.map((name) => [name, { register: this.field([name]).register }]));
    this.bytes = false;
    this.renamed = new Map();
    this.merged = new Map();
    this.recordRegister = undefined;
  }

  renew(bytes: boolean): LayoutSpec {
    this.layout = new LayoutSpec(bytes);
    this.bytes = bytes;
    this.assigned = new Map();
    this.renamed = new Map();
    this.merged = new Map();
    this.recordRegister = undefined;
    return this.layout;
  }

  derive(): LayoutSpec {
    const layout = new LayoutSpec(this.bytes, this.layout);
    // What nobody asks for is not copied.
    const copied = (a: Assigned): Assigned => ({
      get register() {
        return layout.copied(a.register);
      },
      place: a.place,
    });
    this.assigned = new Map([...this.assigned].map(([name, a]) => [name, copied(a)]));
    this.merged = new Map([...this.merged].map(([name, m]) => [name, copiedField(layout, m)]));
    this.layout = layout;
    this.recordRegister = undefined;
    return layout;
  }

  get times(): string[] {
    const kept = this.bytes ? this.layout.timeNames().map((name) => (this.renamed.has(name) ? this.renamed.get(name)! : name)) : [];
    const set = [...this.assigned].filter(([, { register }]) => this.layout.isTime(register)).map(([name]) => name);
    return [...kept.filter((name) => name !== null && !this.assigned.has(name)), ...set];
  }

  reissue(times = this.times): LayoutSpec {
    this.layout.readWhole();
    const layout = this.renew(true);
    for (const name of times) layout.times.add(name);
    return layout;
  }

  writer(): WriterSpec {
    const members = new Map<string, MemberAction>([...this.renamed].map(([from, name]) => [from, { name, isSet: false }]));
    const fields = [...this.assigned].map(([name, { register, place }]) => {
      if (place !== undefined) {
        this.layout.scanned(place);
        members.set(place, { name, isSet: true });
      }
      return { name, register, place };
    });
    const { fields: spares, asTheyAre } = writeSpares(this.layout, this.merged, members);
    const touched = [...this.renamed.keys()].filter((name) => !asTheyAre.has(name)).map((name) => this.layout.scanned(name));
    return { layout: this.layout, bytes: this.bytes, members, touched, fields: [...fields, ...spares] };
  }
}
