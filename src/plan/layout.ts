// in: what stages ask of records
// out: layouts: the registers of the batches between two places where records are made, and how to write whole records from them

import type { Register } from '../model/column.ts';
import type { Layout, RecordWriterSpec } from '../model/stage.ts';

/** Where the content of a register comes from. */
export type RegisterSource =
  /** a top-level field of the record's bytes, found by the scan */
  | { readonly from: 'scan'; readonly name: string }
  /** a member or element of another token */
  | { readonly from: 'member'; readonly parent: number; readonly key: string | number }
  /** what `first` has where it has something, otherwise what `other` has */
  | { readonly from: 'either'; readonly first: Register; readonly other: Register }
  /** what `other` has where `first` has nothing */
  | { readonly from: 'unless'; readonly first: Register; readonly other: Register }
  /** copied, row by row, from the batch that the operator was given */
  | { readonly from: 'copy'; readonly of: Register }
  /** filled by an operator */
  | { readonly from: 'stage' }
  /** no record has it */
  | { readonly from: 'nowhere' }
  /** the whole record, as JsonText */
  | { readonly from: 'record'; readonly writer: WriterSpec };

export interface RegisterSpec extends Register {
  readonly source: RegisterSource;
}

/** What becomes of a member that a record's bytes have. */
export interface MemberAction {
  /** its name from here on; null: it is left out */
  readonly name: string | null;
  /** a stage has set its value */
  readonly isSet: boolean;
}

/** A record as it is at one point: its bytes, if it has any, with some members changed and others behind them. */
export interface WriterSpec extends RecordWriterSpec {
  readonly layout: LayoutSpec;
  /** whether the record's bytes are part of it */
  readonly bytes: boolean;
  /** by the name that the bytes have */
  readonly members: ReadonlyMap<string, MemberAction>;
  /** of members that are left out or called otherwise: the registers that tell whether a record has them */
  readonly touched: readonly Register[];
  /** fields that stages have set, in order; `place`: the name under which the bytes may have one, whose place it takes */
  readonly fields: readonly { readonly name: string; readonly register: Register; readonly place: string | undefined }[];
}

/** The names of a record's fields, in order, where the plan knows them all. */
export function columnsOf({ bytes, fields }: WriterSpec): readonly string[] | undefined {
  return bytes ? undefined : fields.map(({ name }) => name);
}

let layouts = 0;

/** Registers by index; grows while the plan is made. */
export class LayoutSpec implements Layout {
  readonly id = layouts++;
  readonly registers: RegisterSpec[] = [];
  private readonly known = new Map<string, RegisterSpec>();

  /**
   * @param bytes whether records have bytes that fields can be found in
   * @param before where the fields of those bytes are found already: then they are copied from there, not scanned again
   */
  constructor(
    readonly bytes: boolean,
    private readonly before?: LayoutSpec,
  ) {}

  /** whether all members of the bytes are read, so that all of them have to be checked */
  whole = false;

  /** Whole records are read, as values or to be kept. */
  readWhole(): void {
    this.whole = true;
    this.before?.readWhole();
  }

  /** whether somebody writes records with their bytes */
  private areBytesRead = false;

  /** Records are to be written with the bytes that they have. */
  readBytes(): void {
    this.areBytesRead = true;
    this.before?.readBytes();
  }

  /** Whether the bytes of records have to be at hand. */
  get needsBytes(): boolean {
    return this.bytes && (this.whole || this.areBytesRead);
  }

  /** A new register. */
  add(kind: 'token' | 'value', source: RegisterSource): RegisterSpec {
    const register = { index: this.registers.length, kind, source };
    this.registers.push(register);
    return register;
  }

  /** The register of a top-level field. */
  scanned(name: string): RegisterSpec {
    return this.once(`scan ${name}`, () => {
      if (!this.before) return this.add('token', { from: 'scan', name });
      const of = this.before.scanned(name);
      return this.add(of.kind, { from: 'copy', of });
    });
  }

  /** The register of something inside a token. */
  member(parent: Register, key: string | number): RegisterSpec {
    return this.once(`member ${parent.index} ${typeof key} ${key}`, () => {
      const { source } = this.registers[parent.index]!;
      if (source.from !== 'copy' || !this.before) return this.add('token', { from: 'member', parent: parent.index, key });
      // What is inside is found before it is copied, so that the whole need not be.
      return this.add('token', { from: 'copy', of: this.before.member(source.of, key) });
    });
  }

  /** A register that chooses between two in each row, see RegisterSource. */
  choice(from: 'either' | 'unless', first: Register, other: Register): RegisterSpec {
    const areTokens = other.kind === 'token' && (from === 'unless' || first.kind === 'token');
    return this.once(`${from} ${first.index} ${other.index}`, () => this.add(areTokens ? 'token' : 'value', { from, first, other }));
  }

  /** A register for fields that no record has. */
  missing(): RegisterSpec {
    return this.once('missing', () => this.add('value', { from: 'nowhere' }));
  }

  /** A register that holds what `of` held before, in rows of their own. */
  copied(of: Register): RegisterSpec {
    return this.once(`copy ${of.index}`, () => this.add(of.kind, { from: 'copy', of }));
  }

  /** Top-level fields whose text is a time of weir's own, and is to be read as one. */
  readonly times = new Set<string>();

  /** Names of the top-level fields of the bytes whose tokens are times of weir's own. */
  timeNames(): string[] {
    return [...this.times, ...(this.before?.timeNames() ?? [])];
  }

  /** Whether a register of this layout holds times of weir's own. */
  isTime(register: Register): boolean {
    const source = this.registers[register.index]?.source;
    if (source?.from === 'scan') return this.times.has(source.name);
    if (source?.from === 'copy') return source.of.isTime === true || this.before?.isTime(source.of) === true;
    return register.isTime === true;
  }

  /** Names of the top-level fields that the scan has to find. */
  scannedNames(): string[] {
    return [...this.known.keys()].flatMap((id) => (id.startsWith('scan ') ? [id.slice(5)] : []));
  }

  private once(id: string, make: () => RegisterSpec): RegisterSpec {
    let register = this.known.get(id);
    if (!register) this.known.set(id, (register = make()));
    return register;
  }
}
