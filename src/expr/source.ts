// in: nothing
// out: what the code generator asks of the place that fields come from

import type { Path } from '../model/column.ts';

/** What is known of a value before any record is seen. All but `any` are never null and never missing. */
export type Kind = 'number' | 'string' | 'boolean' | 'any';

/** Code of one JavaScript expression that gives a value without its literal. */
export interface Piece {
  readonly code: string;
  readonly kind: Kind;
}

/** Makes the code that reads fields. Codes are safe to put anywhere in an expression. */
export interface Source {
  value(path: Path): Piece;
  /** A number; `convert` is the function that makes one of what is no number. */
  number(path: Path, convert: string): string;
  /** The value with its literal, where it has one. */
  json(path: Path): string;
  /** A number that its double tells exactly; otherwise the value with its literal. */
  exact(path: Path): string;
  /** Whether it is null or missing. */
  isNull(path: Path): string;
  /** Whether it is this string, where that can be told without decoding; otherwise `undefined`. */
  equals(path: Path, constant: string): string | undefined;
  /** The same for whether it is a string that begins so. */
  startsWith(path: Path, constant: string): string | undefined;
  /** `undefined`: there is no record at this point, only results. */
  eventTime(): string | undefined;
  watermark(): string | undefined;
}
