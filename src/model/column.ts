// in: addresses in kernel memory, or JavaScript values
// out: the two kinds of column that a batch is made of

/** Rows of a batch at most. Small enough that its columns stay in the processor's cache. */
export const MAX_ROWS = 2048;

/** A field's tokens, by row: where its bytes are in kernel memory, and what they are. */
export interface TokenColumn {
  readonly kind: 'token';
  /** address of the token's first byte; strings include their quotes */
  readonly start: Uint32Array;
  /** address behind the token's last byte */
  readonly end: Uint32Array;
  /** a code of `Type` */
  readonly type: Uint8Array;
  /** value of number and time tokens, once `parsed` */
  readonly num: Float64Array;
  /** whether `num` holds this batch's numbers (of the rows selected when it was parsed) */
  parsed: boolean;
  /** addresses of the arrays above, for kernels */
  readonly at: { readonly start: number; readonly end: number; readonly type: number; readonly num: number };
}

/** A field's values as expressions make them, by row; may hold `JsonText`. `undefined`: the record has no such field. */
export interface ValueColumn {
  readonly kind: 'value';
  readonly values: unknown[];
}

export type Column = TokenColumn | ValueColumn;

/** Where a field's column stands in a batch. */
export interface Register {
  readonly index: number;
  readonly kind: 'token' | 'value';
  /** its tokens are times of weir's own */
  readonly isTime?: boolean;
}

/** A path into a record: names of members and indexes of elements. */
export type Path = readonly (string | number)[];

/** A field as an expression reads it: a register, and what is left of the path inside its value. */
export interface FieldRef {
  readonly register: Register;
  readonly rest: Path;
}

/** What names mean at one point of a pipeline. Asking for a field makes the scan find it (projection pushdown). */
export interface Scope {
  /** The register of a field; a field that nobody has ever heard of is one that is missing from every record. */
  field(path: Path): FieldRef;
  /** The whole record (`$`), a value register that holds `JsonText`, filled by `batch.prepare`. */
  record(): FieldRef;
  /** Names of fields known here, for `did you mean`. */
  names(): string[];
  /** Names of top-level fields that are times of weir's own: ms in expressions, however they are printed. */
  readonly times?: readonly string[];
}
