// in: whole lines of NDJSON, or objects within them
// out: each line's bytes and the tokens of the scanner's fields, by row; the first line that is no JSON object

import { Byte, lineEnd, Reason, refusal, skipSpace, Type } from './json-bytes';
import { clearFields, Scanner } from './scan-fields';
import { followAny, parseSlowly } from './scan-layouts';

let position: usize = 0;
let error: i32 = Reason.none;
let error_end: usize = 0;

/** Where scanLines stopped: behind the last line it went over, or at the line that it refused. */
export function scanPosition(): usize {
  return position;
}

/** Why scanLines stopped early: a code of `Reason`, 0 if it did not. */
export function scanError(): i32 {
  return error;
}

/** The address of the newline that ends the refused line. */
export function scanErrorEnd(): usize {
  return error_end;
}

/** Notes that the line at p is refused. */
function refuseLine(p: usize): void {
  error = refusal();
  error_end = lineEnd(p);
}

/**
 * Goes over lines from p on until `end`, `maxRows` records or a line that is no JSON object, and writes the bytes of each record's line
 * (without its newline) and the tokens of its fields. Lines of white space are no records. Returns the number of records.
 * [p, end) are whole lines; where the last one has no newline, there is one at `end`. 64 bytes behind `end` are readable.
 */
export function scanLines(at: usize, p: usize, end: usize, recordStart: usize, recordEnd: usize, maxRows: u32): u32 {
  const scanner = changetype<Scanner>(at);
  let row: u32 = 0;
  error = Reason.none;
  while (p < end && row < maxRows) {
    let next = followAny(scanner, p, row);
    if (!next) {
      const first = skipSpace(p);
      if (load<u8>(first) == Byte.newline) {
        p = first + 1;
        continue;
      }
      next = parseSlowly(scanner, p, row, true);
      if (!next) {
        refuseLine(p);
        break;
      }
    }
    store<u32>(recordStart + (row << 2), <u32>p);
    store<u32>(recordEnd + (row << 2), <u32>next - 1);
    p = next;
    row++;
  }
  position = p;
  return row;
}

/** Finds the fields within the objects that are the tokens of the selected rows. In a row whose token is no object, none is there. */
export function scanSpans(at: usize, sel: usize, count: u32, start: usize, type: usize): void {
  const scanner = changetype<Scanner>(at);
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(sel + (k << 2));
    if (load<u8>(type + row) != Type.object) {
      clearFields(scanner, row);
      continue;
    }
    const p: usize = load<u32>(start + (row << 2));
    if (!followAny(scanner, p, row) && !parseSlowly(scanner, p, row, false)) clearFields(scanner, row);
  }
}
