// in: a record and those of the other side that it may be joined with
// out: what the type of the join makes of them

import type { JoinResults } from './results.ts';
import type { Place } from './result-maker.ts';
import type { KeyTable, Row } from './row.ts';
import type { JoinRules } from './types.ts';

/** Joins a record with those that came before it, in whatever way the type of the join wants it. */
export class Meeting {
  constructor(
    private readonly rules: JoinRules,
    private readonly results: JoinResults,
  ) {}

  /**
   * @param others records of the other side that fit, in order of arrival
   * @param pairPlace where the record of a pair stands
   * @param leftPlace where a left record stands that comes out as it is
   * Returns whether the row can still be of use: to those that come, or alone.
   */
  meet(row: Row, others: readonly Row[], table: KeyTable, pairPlace: (left: Row, right: Row) => Place, leftPlace: (left: Row) => Place): boolean {
    const partners = this.results.partners(row, others, (other) => (row.isLeft ? pairPlace(row, other) : pairPlace(other, row)));
    if (this.rules.pairs) {
      for (let i = 0; i < partners.length; i++) this.pair(row, partners[i]!, pairPlace);
      return true;
    }
    if (row.isLeft) {
      if (partners.length > 0 && this.rules.type === 'semi') this.results.leftAlone(row, leftPlace(row));
      return partners.length === 0;
    }
    for (let i = 0; i < partners.length; i++) {
      if (this.rules.type === 'semi') this.results.leftAlone(partners[i]!, leftPlace(partners[i]!));
      table.drop(partners[i]!);
    }
    return true;
  }

  private pair(row: Row, other: Row, place: (left: Row, right: Row) => Place): void {
    row.isMatched = true;
    other.isMatched = true;
    const [left, right] = row.isLeft ? [row, other] : [other, row];
    this.results.pair(left, right, place(left, right));
  }

  /** The row has no partner and will have none. */
  alone(row: Row, place: Place): void {
    if (row.isMatched) return;
    if (row.isLeft && this.rules.leftAlone) this.results.leftAlone(row, place);
    if (!row.isLeft && this.rules.rightAlone) this.results.rightAlone(row, place);
  }

  /** Whether the row comes out where it has no partner. */
  comesAlone(row: Row): boolean {
    return !row.isMatched && (row.isLeft ? this.rules.leftAlone : this.rules.rightAlone);
  }
}
