// in: paths of fields and the scope that says where they are
// out: pieces of code that read them at row `r` of a batch

import type { Batch } from '../model/batch.ts';
import type { FieldRef, Path, Scope } from '../model/column.ts';
import { Type } from '../model/token.ts';
import { isOwnTime } from './own-time.ts';
import type { Piece, Source } from './source.ts';
import type { Parameters } from './parameters.ts';

const MAX_UNROLLED = 24;

/** Reads fields from the columns of a batch. Generated code names them c0 t0 n0 s0 e0 (a token column's arrays), f0 (its value, once decoded) and v0 (values). */
export class BatchFields implements Source {
  private readonly refs = new Map<string, FieldRef>();
  /** registers that the code reads, in the order of their slots */
  readonly reads: number[] = [];
  /** those of them whose values are read; of the others only the tokens */
  readonly valued = new Set<number>();
  /** slots whose decoded values are kept while a row is looked at */
  private readonly cached = new Set<number>();
  private valuedReads: number[] | undefined;
  private locatedReads: number[] | undefined;
  private readonly kinds: ('token' | 'value')[] = [];

  constructor(
    private readonly scope: Scope,
    private readonly parameters: Parameters,
  ) {}

  /** Code that names the arrays of the columns; stands before the loop, behind `prepare`. */
  prologue(): string {
    return this.reads
      .map((register, i) =>
        this.kinds[i] === 'token'
          ? `const c${i} = columns[${register}], t${i} = c${i}.type, n${i} = c${i}.num, s${i} = c${i}.start, e${i} = c${i}.end;`
          : `const v${i} = columns[${register}].values;`,
      )
      .join('\n');
  }

  /** Code that stands before what is done with each row. */
  rowPrologue(): string {
    return [...this.cached].map((slot) => `let f${slot} = UNREAD;`).join(' ');
  }

  /** Makes what the code reads ready. */
  prepare(batch: Batch): void {
    this.valuedReads ??= this.reads.filter((register) => this.valued.has(register));
    this.locatedReads ??= this.reads.filter((register) => !this.valued.has(register));
    batch.locate(this.locatedReads);
    batch.prepare(this.valuedReads);
  }

  value(path: Path): Piece {
    const whole = this.read(path);
    return { code: this.partOf(path, whole) ?? whole, kind: 'any' };
  }

  number(path: Path, convert: string): string {
    const slot = this.token(path);
    const other = `${convert}(${this.value(path).code})`;
    return slot === undefined ? other : `(t${slot}[r] === ${Type.number} ? n${slot}[r] : ${other})`;
  }

  json(path: Path): string {
    return this.kept(path, 'literal');
  }

  exact(path: Path): string {
    return this.kept(path, 'exact');
  }

  isNull(path: Path): string {
    const slot = this.token(path);
    if (slot === undefined || this.partOf(path, '') !== undefined) return `(${this.value(path).code} == null)`;
    return `(t${slot}[r] === ${Type.missing} || t${slot}[r] === ${Type.null})`;
  }

  equals(path: Path, constant: string): string | undefined {
    return this.bytesTest(path, constant, (slot, length) => `e${slot}[r] - s${slot}[r] === ${length + 2}`, (slot) => `s${slot}[r] + 1`, '===');
  }

  startsWith(path: Path, constant: string): string | undefined {
    return this.bytesTest(path, constant, (slot, length) => `e${slot}[r] - s${slot}[r] >= ${length + 2}`, (slot) => `s${slot}[r] + 1`, 'startsWith');
  }

  /** Compares bytes of a string without escapes with those of a constant; an escaped one is decoded. */
  private bytesTest(
    path: Path,
    constant: string,
    fits: (slot: number, length: number) => string,
    start: (slot: number) => string,
    decoded: '===' | 'startsWith',
  ): string | undefined {
    const slot = this.token(path);
    if (slot === undefined || this.partOf(path, '') !== undefined) return undefined;
    const bytes = Buffer.from(constant, 'utf8');
    // A lone surrogate has no bytes that could be compared.
    if (bytes.toString('utf8') !== constant) return undefined;
    const equal = [fits(slot, bytes.length), ...this.sameBytes(start(slot), bytes)].join(' && ');
    const text = JSON.stringify(constant);
    const other = decoded === '===' ? `${this.decoded(slot)} === ${text}` : `${this.decoded(slot)}.startsWith(${text})`;
    return `(t${slot}[r] === ${Type.string} ? ${equal} : t${slot}[r] === ${Type.escaped} && ${other})`;
  }

  /** Short constants are compared in place, the others by a loop. */
  private sameBytes(start: string, bytes: Buffer): string[] {
    if (bytes.length > MAX_UNROLLED) return [`${this.parameters.helper('same')}(memory, ${start}, ${this.parameters.constant(bytes)})`];
    return [...bytes].map((byte, i) => `memory[${start} + ${i}] === ${byte}`);
  }

  eventTime(): string {
    return 'batch.time[r]';
  }

  watermark(): string {
    return 'batch.watermark[r]';
  }

  private kept(path: Path, helper: 'literal' | 'exact'): string {
    const ref = this.ref(path);
    const isNumber = helper === 'exact' && ref.register.kind === 'value' && isOwnTime(path, this.scope);
    if (ref.rest.length > 0 || isNumber) return this.value(path).code;
    const slot = helper === 'exact' ? this.valuedSlot(ref) : this.slot(ref);
    const whole = ref.register.kind === 'value' ? `v${slot}[r]` : this.keptToken(slot, helper);
    return this.partOf(path, whole) ?? whole;
  }

  private keptToken(slot: number, helper: 'literal' | 'exact'): string {
    const code = `${this.parameters.helper(helper)}(batch, c${slot}, r)`;
    if (helper === 'literal') return code;
    const isExact = `${this.parameters.helper('isExact')}(n${slot}[r], e${slot}[r] - s${slot}[r])`;
    return `(t${slot}[r] === ${Type.number} && ${isExact} ? n${slot}[r] : ${code})`;
  }

  private ref(path: Path): FieldRef {
    const id = JSON.stringify(path);
    const known = this.refs.get(id) ?? (path.length === 0 ? this.scope.record() : this.scope.field(path));
    this.refs.set(id, known);
    return known;
  }

  private slot(ref: FieldRef): number {
    const { index, kind } = ref.register;
    const known = this.reads.indexOf(index);
    if (known >= 0) return known;
    this.kinds.push(kind);
    // what a value column holds has to be made
    if (kind === 'value') this.valued.add(index);
    return this.reads.push(index) - 1;
  }

  /** The slot of a register whose values are read. */
  private valuedSlot(ref: FieldRef): number {
    this.valued.add(ref.register.index);
    return this.slot(ref);
  }

  /** The slot of a path that is a token as a whole. */
  private token(path: Path): number | undefined {
    const ref = this.ref(path);
    return ref.register.kind === 'token' && ref.rest.length === 0 ? this.slot(ref) : undefined;
  }

  private read(path: Path): string {
    const ref = this.ref(path);
    const slot = this.valuedSlot(ref);
    const whole =
      ref.register.kind === 'token'
        ? `(t${slot}[r] === ${Type.number} ? n${slot}[r] : ${this.decoded(slot)})`
        : `${this.parameters.helper(isOwnTime(path, this.scope) ? 'ownTime' : 'plain')}(v${slot}[r])`;
    return ref.rest.reduce<string>((code, key) => `${this.parameters.helper('get')}(${code}, ${JSON.stringify(key)})`, whole);
  }

  /** The value of a token, decoded at most once a row. */
  private decoded(slot: number): string {
    this.cached.add(slot);
    return `(f${slot} === UNREAD ? (f${slot} = batch.read(c${slot}, r)) : f${slot})`;
  }

  /**
   * `name.length` and `name[0]` look like members of a record to the scan, but may be asked of a string or an array:
   * where there is no such member, the value above is read, and `whole` where there is one. `undefined`: the path is not of that kind.
   */
  private partOf(path: Path, whole: string): string | undefined {
    const last = path.at(-1);
    if (path.length < 2 || (last !== 'length' && typeof last !== 'number')) return undefined;
    const child = this.token(path);
    const parent = this.token(path.slice(0, -1));
    if (child === undefined || parent === undefined) return undefined;
    this.valued.add(this.reads[parent]!);
    const types = last === 'length' ? [Type.string, Type.escaped, Type.array] : [Type.string, Type.escaped];
    const holds = types.map((type) => `t${parent}[r] === ${type}`).join(' || ');
    const part = `${this.parameters.helper('get')}(${this.decoded(parent)}, ${JSON.stringify(last)})`;
    return `(t${child}[r] !== ${Type.missing} ? ${whole} : ${holds} ? ${part} : undefined)`;
  }
}
